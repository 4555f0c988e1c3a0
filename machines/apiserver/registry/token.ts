/**
 * POST …/serviceaccounts/<name>/token: a token for a while, bound to a pod, a node or a Secret if so asked.
 * pkg/registry/core/serviceaccount/storage/token.go.
 */
import { uidOf } from '../../lib/names.ts'
import { type Claims, ISSUER, signed, subjectOf } from '../../lib/service-account-token.ts'
import { rfc3339 } from '../../lib/time.ts'
import type { ApiObject, Pod } from '../../protocol/objects.ts'
import { badRequest, conflict, notFound } from '../statuses.ts'
import { cacheOf } from '../watch-cache.ts'
import { type Attempt, type Draft, draft, type LookUp, type Outcome, type Refusal, refuse } from './attempt.ts'
import { invalid } from './validation.ts'

export interface TokenRequest extends ApiObject {
  readonly spec: {
    readonly audiences: readonly string[]
    readonly expirationSeconds: number
    readonly boundObjectRef: BoundObject | null
  }
}
export interface BoundObject {
  readonly apiVersion?: string
  readonly kind?: string
  readonly name?: string
  readonly uid?: string
}

const DEFAULT_SECONDS = 3_600
const LEAST_SECONDS = 600
const MOST_SECONDS = 2 ** 32
/** What kubelets ask for; such a token goes on working for a year, so that old clients can be found before it is too late. */
const PROJECTED_SECONDS = 3_607
const EXTENDED_SECONDS = 365 * 24 * 3_600
/** What a token may be bound to, and where that is kept. */
const BINDABLE: Readonly<Record<string, string>> = { Pod: 'pods', Node: 'nodes', Secret: 'secrets' }

/** The request as it will be answered, without the token. */
export function tokenProposed({ request, at }: Attempt, { metadata }: ApiObject): Draft {
  const { spec } = (request.body ?? {}) as { readonly spec?: Partial<TokenRequest['spec']> }
  const { audiences = [], expirationSeconds = DEFAULT_SECONDS, boundObjectRef = null } = spec ?? {}
  const asked: TokenRequest = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    metadata: {
      name: metadata.name,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      creationTimestamp: rfc3339(at),
    },
    spec: { audiences: audiences.length === 0 ? [ISSUER] : audiences, expirationSeconds, boundObjectRef },
  }
  return draft(asked)
}

/** What must be known before a token is given: what it is bound to, and the node of a pod. */
export function tokenAdmitted(attempt: Attempt, asked: TokenRequest): ApiObject | LookUp | Refusal {
  const why = durationRefused(asked)
  if (why !== undefined) return why
  const reference = asked.spec.boundObjectRef
  if (reference === null) return asked
  const resource = (reference.apiVersion ?? 'v1') === 'v1' ? BINDABLE[reference.kind ?? ''] : undefined
  if (resource === undefined) {
    const kind = `${reference.apiVersion ?? 'v1'}, Kind=${reference.kind ?? ''}`
    return refuse(badRequest(`cannot bind token to object of type ${kind}`))
  }
  const namespace = resource === 'nodes' ? undefined : attempt.request.namespace
  const key = namespace === undefined ? (reference.name ?? '') : `${namespace}/${reference.name ?? ''}`
  const bound = known(attempt, 'bound', resource, key)
  if (bound === undefined) return { does: 'lookUp', what: 'bound', resource, key }
  const node = nodeOf(bound)
  if (node === undefined || known(attempt, 'boundNode', 'nodes', node) !== undefined) return asked
  return { does: 'lookUp', what: 'boundNode', resource: 'nodes', key: node }
}

function durationRefused({ spec: { expirationSeconds } }: TokenRequest): Refusal | undefined {
  const refused = (limit: string): Refusal => {
    const message = `Invalid value: ${expirationSeconds}: may not specify a duration ${limit}`
    const cause = { reason: 'FieldValueInvalid', message, field: 'spec.expirationSeconds' }
    return refuse(invalid('TokenRequest', 'authentication.k8s.io', '', [cause]))
  }
  if (expirationSeconds < LEAST_SECONDS) return refused('less than 10 minutes')
  return expirationSeconds > MOST_SECONDS ? refused('larger than 2^32 seconds') : undefined
}

/** Found in the cache or by asking etcd; null when etcd has none either. */
const known = ({ found, cache }: Attempt, what: 'bound' | 'boundNode', resource: string, key: string) =>
  found[what] ?? cacheOf(cache, resource).objects.get(key) ?? found[what]
const nodeOf = (bound: ApiObject | null): string | undefined =>
  bound?.kind === 'Pod' ? (bound as Pod).spec.nodeName || undefined : undefined

/** The token, or why what it is to be bound to forbids it. Nothing is stored. */
export function tokenSettled(attempt: Attempt, asked: TokenRequest, account: ApiObject): Outcome {
  const reference = asked.spec.boundObjectRef
  const resource = BINDABLE[reference?.kind ?? ''] ?? ''
  const name = reference?.name ?? ''
  const key = resource === 'nodes' ? name : `${attempt.request.namespace}/${name}`
  const bound = reference === null ? undefined : known(attempt, 'bound', resource, key)
  if (bound === null) return refuse(notFound(resource, name))
  const why = bound === undefined ? undefined : unbindable(account, bound, reference as BoundObject)
  if (why !== undefined) return why
  const token = signed(claimsOf(attempt, asked, account, bound))
  const expirationTimestamp = rfc3339(attempt.at + asked.spec.expirationSeconds * 1_000)
  return { does: 'keep', object: { ...asked, status: { token, expirationTimestamp } } as ApiObject }
}

function unbindable({ metadata }: ApiObject, bound: ApiObject, { kind = '', name = '', uid }: BoundObject) {
  if (bound.kind === 'Pod' && (bound as Pod).spec.serviceAccountName !== metadata.name) {
    const said = `cannot bind token for serviceaccount "${metadata.name}" to pod running with different serviceaccount name.`
    return refuse(badRequest(said))
  }
  if (uid === undefined || uid === '' || uid === bound.metadata.uid) return undefined
  const said = `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`
  return refuse(conflict(kind, name, said))
}

/** Claims of pkg/serviceaccount, in the order of their names as JSON of a map has them. */
function claimsOf(attempt: Attempt, { spec }: TokenRequest, account: ApiObject, bound: ApiObject | undefined): Claims {
  const { at, dice, request } = attempt
  const namespace = account.metadata.namespace ?? ''
  const now = Math.floor(at / 1_000)
  const isExtended =
    bound?.kind === 'Pod' &&
    spec.expirationSeconds === PROJECTED_SECONDS &&
    spec.audiences.every((audience) => audience === ISSUER)
  return {
    aud: spec.audiences,
    exp: now + (isExtended ? EXTENDED_SECONDS : spec.expirationSeconds),
    iat: now,
    iss: ISSUER,
    jti: uidOf(dice, 'token', namespace, account.metadata.name, JSON.stringify(request.body), at),
    'kubernetes.io': {
      namespace,
      ...boundClaims(attempt, bound),
      serviceaccount: identityOf(account),
      ...(isExtended ? { warnafter: now + spec.expirationSeconds } : {}),
    },
    nbf: now,
    sub: subjectOf(namespace, account.metadata.name),
  }
}

function boundClaims(attempt: Attempt, bound: ApiObject | undefined): Claims {
  if (bound === undefined) return {}
  if (bound.kind !== 'Pod') return { [bound.kind.toLowerCase()]: identityOf(bound) }
  const name = nodeOf(bound)
  if (name === undefined) return { pod: identityOf(bound) }
  const node = known(attempt, 'boundNode', 'nodes', name) ?? undefined
  return { node: node === undefined ? { name } : identityOf(node), pod: identityOf(bound) }
}
const identityOf = ({ metadata: { name, uid } }: ApiObject) => ({ name, ...(uid === undefined ? {} : { uid }) })
