import { describe, expect, test } from 'vitest'
import type { Attempt } from '../../../../../machines/apiserver/registry/attempt.ts'
import {
  type TokenRequest,
  tokenAdmitted,
  tokenProposed,
  tokenSettled,
} from '../../../../../machines/apiserver/registry/token.ts'
import type { ApiObject } from '../../../../../machines/protocol/objects.ts'
import { attempt, cacheWith, object } from '../attempts.ts'

const account = object('ServiceAccount', {}, { name: 'bot', uid: 'u-bot' })
const pod = object(
  'Pod',
  { spec: { containers: [], serviceAccountName: 'bot', nodeName: 'n' } },
  { name: 'p', uid: 'u-p' },
)
const node = object('Node', {}, { name: 'n', uid: 'u-n', namespace: undefined })
const cache = cacheWith({ 'pods/default/p': pod, 'minions/n': node })
const asking = (spec: object, more: Partial<Attempt> = {}) =>
  attempt({ verb: 'create', resource: 'serviceaccounts', subresource: 'token', name: 'bot', body: { spec } }, more)
const proposed = (spec: object): TokenRequest => tokenProposed(asking(spec), account).object as TokenRequest
const toPod = { boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: 'p' } }
const given = (spec: object, more: Partial<Attempt> = { cache }) =>
  tokenSettled(asking(spec, more), proposed(spec), account)
const claimsOf = (outcome: ReturnType<typeof given>) => {
  const { status } = (outcome as unknown as { object: ApiObject & { status: { token: string } } }).object
  return JSON.parse(Buffer.from(status.token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>
}
const messageOf = (result: object): string | undefined => (result as { status?: { message: string } }).status?.message

describe('a token', () => {
  test('is for the API server and an hour unless asked otherwise', () => {
    const outcome = given({})
    expect(outcome).toMatchObject({
      does: 'keep',
      object: {
        kind: 'TokenRequest',
        spec: {
          audiences: ['https://kubernetes.default.svc.cluster.local'],
          expirationSeconds: 3600,
          boundObjectRef: null,
        },
        status: { expirationTimestamp: '2026-01-01T01:00:00Z' },
      },
    })
    expect(claimsOf(outcome)).toMatchObject({
      sub: 'system:serviceaccount:default:bot',
      'kubernetes.io': { namespace: 'default', serviceaccount: { name: 'bot', uid: 'u-bot' } },
    })
  })
  test('that is bound to a pod names it and its node', () => {
    expect(claimsOf(given(toPod))['kubernetes.io']).toMatchObject({
      node: { name: 'n', uid: 'u-n' },
      pod: { name: 'p', uid: 'u-p' },
    })
    const nowhere = { found: { bound: { ...pod, spec: { serviceAccountName: 'bot' } } as ApiObject } }
    expect(claimsOf(given(toPod, nowhere))['kubernetes.io']).not.toHaveProperty('node')
    expect(claimsOf(given(toPod, { found: { bound: pod, boundNode: null } }))['kubernetes.io']).toMatchObject({
      node: { name: 'n' },
    })
  })
  test('as kubelets ask for it works for a year, and warns before', () => {
    const {
      exp,
      iat,
      'kubernetes.io': told,
    } = claimsOf(given({ ...toPod, expirationSeconds: 3607 })) as {
      exp: number
      iat: number
      'kubernetes.io': { warnafter: number }
    }
    expect([exp - iat, told.warnafter - iat]).toEqual([31_536_000, 3_607])
    expect(
      claimsOf(given({ ...toPod, expirationSeconds: 3607, audiences: ['vault'] }))['kubernetes.io'],
    ).not.toHaveProperty('warnafter')
  })
  test('may be bound to a node or a Secret', () => {
    const toNode = { boundObjectRef: { kind: 'Node', name: 'n' } }
    expect(claimsOf(given(toNode))['kubernetes.io']).toMatchObject({ node: { name: 'n', uid: 'u-n' } })
    expect(tokenAdmitted(asking(toNode), proposed(toNode))).toMatchObject({
      what: 'bound',
      resource: 'nodes',
      key: 'n',
    })
  })
})

describe('what is asked for', () => {
  test('lasts no less than ten minutes and no more than there are seconds', () => {
    const refusal = (expirationSeconds: number) => messageOf(tokenAdmitted(asking({}), proposed({ expirationSeconds })))
    expect(refusal(60)).toBe(
      'TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 60: may not specify a duration less than 10 minutes',
    )
    expect(refusal(2 ** 33)).toMatch(/larger than 2\^32 seconds/)
    expect(refusal(600)).toBe(undefined)
  })
  test('is looked up: the pod, then its node', () => {
    expect(tokenAdmitted(asking(toPod), proposed(toPod))).toMatchObject({
      does: 'lookUp',
      what: 'bound',
      resource: 'pods',
      key: 'default/p',
    })
    const half = asking(toPod, { found: { bound: pod } })
    expect(tokenAdmitted(half, proposed(toPod))).toMatchObject({ what: 'boundNode', resource: 'nodes', key: 'n' })
    expect(tokenAdmitted(asking(toPod, { cache }), proposed(toPod))).toMatchObject({ kind: 'TokenRequest' })
    expect(tokenAdmitted(asking(toPod, { found: { bound: null } }), proposed(toPod))).toMatchObject({
      kind: 'TokenRequest',
    })
  })
  test('is refused when it is bound to what cannot be', () => {
    const toMap = { boundObjectRef: { kind: 'ConfigMap', name: 'p' } }
    expect(messageOf(tokenAdmitted(asking(toMap), proposed(toMap)))).toBe(
      'cannot bind token to object of type v1, Kind=ConfigMap',
    )
    expect(messageOf(given(toPod, { found: { bound: null } }))).toBe('pods "p" not found')
    const others = { ...pod, spec: { serviceAccountName: 'other' } } as ApiObject
    expect(messageOf(given(toPod, { found: { bound: others } }))).toMatch(/running with different serviceaccount name/)
    expect(messageOf(given({ boundObjectRef: { ...toPod.boundObjectRef, uid: 'old' } }))).toMatch(
      /the UID in the bound object reference \(old\)/,
    )
    expect(given({ boundObjectRef: { ...toPod.boundObjectRef, uid: 'u-p' } }).does).toBe('keep')
  })
})
