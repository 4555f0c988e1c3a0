/** What the actors are told that a server hands its requests to, and how it names them. */
import { type Address, type Call, call, hostOf, type Spawn, spawn } from '../../runtime/contract.ts'
import type { Tree } from '../../runtime/tree.ts'
import type { ApiRequest } from '../protocol/api.ts'
import type { CollectionInput } from './collection-deletion.ts'
import { canonical } from './dispatch.ts'
import type { DisruptionClaimed, DisruptionClaimInput } from './disruption-claim.ts'
import type { HealthCheckInput } from './health-check.ts'
import type { LogReaderInput } from './log-reader.ts'
import { claimsQuota } from './quota-claims.ts'
import type { QuotaEvaluatorInput } from './quota-evaluator.ts'
import type { ReadInput } from './read.ts'
import type { RequestInput } from './request-context.ts'
import type { OwnKinds } from './served.ts'
import type { WatchCache } from './watch-cache.ts'

/** The part of the server's context that its requests need. */
export interface Server {
  readonly etcd: readonly Address[]
  readonly member: number
  readonly ownKinds: OwnKinds
  readonly cache: WatchCache
  /** How many objects were named after each prefix: what the next suffix is drawn by. */
  readonly named: Tree<number>
  readonly eventLease: EventLease | undefined
  /** The namespaces whose quotas somebody watches over. */
  readonly evaluators: Tree<true>
}
/** Events expire by a lease of etcd that those of a minute share: storage/etcd3/lease_manager.go. */
export interface EventLease {
  readonly id: number
  readonly until: number
  readonly left: number
}
export const LEASE_REUSE_MS = 60_000
export const LEASE_OBJECTS = 1_000

/** Who asked, under which number, and who is asked. */
interface Asked {
  readonly from: Address
  readonly self: Address
  readonly call: number
}

const addressOf = ({ self, call }: Asked): Address => `request/${hostOf(self)}/${call}`
/** The members of etcd, first the one that the server speaks to. */
const membersOf = ({ etcd, member }: Server): readonly Address[] =>
  member === 0 ? etcd : [...etcd.slice(member), ...etcd.slice(0, member)]

export function reader(server: Server, request: ApiRequest, asked: Asked): Spawn {
  const input: ReadInput = {
    request,
    client: asked.from,
    call: asked.call,
    server: asked.self,
    etcd: membersOf(server),
    ownKinds: server.ownKinds,
    revision: server.cache.revision,
  }
  return spawn(addressOf(asked), 'api-read', input)
}

export const healthCheck = (member: Address, { self, from: client, call }: Asked): Spawn =>
  spawn(`health-check/${hostOf(self)}/${call}`, 'api-health-check', { client, call, member } satisfies HealthCheckInput)

export function logReader(server: Server, request: ApiRequest, asked: Asked): Spawn {
  const { ownKinds, cache } = server
  const input: LogReaderInput = {
    request,
    client: asked.from,
    call: asked.call,
    etcd: membersOf(server),
    ownKinds,
    cache,
  }
  return spawn(addressOf(asked), 'api-log-reader', input)
}

export function deleter({ ownKinds, cache }: Server, request: ApiRequest, asked: Asked): Spawn {
  const input: CollectionInput = { request, client: asked.from, call: asked.call, server: asked.self, ownKinds, cache }
  return spawn(addressOf(asked), 'api-collection-deletion', input)
}

/** @returns also what the server counts: names drawn, Events under the lease, evaluators of quotas. */
export function writer(
  server: Server,
  given: ApiRequest,
  asked: Asked,
  dice: number,
  at: number,
): readonly [Partial<Server>, readonly Spawn[]] {
  const { ownKinds, cache, named, eventLease, evaluators } = server
  const request = canonical(given)
  const prefix = generatedPrefix(request)
  const ordinal = prefix === undefined ? 0 : (named.get(prefix) ?? 0)
  const lease = request.resource === 'events' && isUsable(eventLease, at) ? eventLease : undefined
  const namespace = claimsQuota(cache, request) ? (request.namespace ?? '') : undefined
  const isAlone = namespace !== undefined && !evaluators.has(namespace)
  const input: RequestInput = {
    request,
    client: asked.from,
    call: asked.call,
    server: asked.self,
    etcd: membersOf(server),
    ownKinds,
    cache,
    dice,
    ordinal,
    lease: lease?.id,
  }
  return [
    {
      ...(prefix === undefined ? {} : { named: named.set(prefix, ordinal + 1) }),
      ...(lease === undefined ? {} : { eventLease: { ...lease, left: lease.left - 1 } }),
      ...(isAlone ? { evaluators: evaluators.set(namespace, true) } : {}),
    },
    [...(isAlone ? [evaluator(asked.self, namespace)] : []), spawn(addressOf(asked), 'api-request', input)],
  ]
}

function evaluator(server: Address, namespace: string): Spawn {
  const input: QuotaEvaluatorInput = { server, namespace }
  return spawn(evaluatorOf(server, namespace), 'quota-evaluator', input)
}
/** Who judges claims on the quotas of a namespace. */
export const evaluatorOf = (server: Address, namespace: string): Address =>
  `quota-evaluator/${hostOf(server)}/${namespace}`

/** An eviction has the budgets asked by an actor of its own, and waits for what it says. */
export function claimed(request: Address, server: Address, claim: DisruptionClaimed): readonly [Spawn, Call] {
  const claimant = request.replace(/^request\//, 'disruption-claim/')
  const input: DisruptionClaimInput = { server }
  return [spawn(claimant, 'disruption-claim', input), call(claimant, claim, 'budget')]
}

const isUsable = (lease: EventLease | undefined, at: number): boolean =>
  lease !== undefined && lease.left > 0 && at < lease.until

/** What the names of its kind are generated from: `pods default web-`. */
function generatedPrefix({ verb, resource, namespace, body }: ApiRequest): string | undefined {
  if (verb !== 'create') return undefined
  const { metadata } = (body ?? {}) as Body
  return metadata?.generateName === undefined || (metadata.name ?? '') !== ''
    ? undefined
    : `${resource} ${namespace ?? ''} ${metadata.generateName}`
}
interface Body {
  readonly metadata?: { readonly name?: string; readonly generateName?: string }
}
