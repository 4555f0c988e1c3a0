/** What the scheduling loop knows, and its steps around an attempt: beginning it, choosing a host, what follows. */
import { type Address, draw, type Effect, hostOf, spawn, stop } from '../../runtime/contract.ts'
import { Tree } from '../../runtime/tree.ts'
import type { User } from '../protocol/api.ts'
import type { ResourceName } from '../protocol/objects.ts'
import { best, type Filtered, type PreFiltered, type Rejection, scored } from './attempt.ts'
import type { BindingCycleInput, BindingFinished } from './binding-cycle.ts'
import { type Cache, EMPTY_CACHE, forget, type Snapshot } from './cache.ts'
import { admitted, type ClientLimit, unlimited } from './client-limit.ts'
import { moved } from './intake.ts'
import { type PodInfo, podInfoOf } from './pod-info.ts'
import { DEFAULT_PROFILE, type Profile } from './profile.ts'
import { EMPTY_QUEUE, type Queue, type QueuedPod, rejected, removed } from './queue.ts'
import type { Failure } from './report.ts'

export interface SchedulerInput {
  readonly apiserver: Address
  readonly user: User
  readonly recorder: Address
  readonly profile?: Partial<Profile>
  /** The client's rate limit; 50 a second and 100 at once unless told. */
  readonly client?: { readonly qps: number; readonly burst: number }
}
/** What the attempt under way found so far. */
export interface Attempt {
  readonly key: string
  readonly uid: string | undefined
  readonly ordinal: number
  readonly pod: PodInfo
  readonly snapshot: Snapshot
  readonly preFiltered: PreFiltered
  readonly filtered: Filtered
  readonly node: string | undefined
  readonly failure: Failure | undefined
  /** The plugins whose events may bring the pod back; none after an error. */
  readonly rejectedBy: readonly string[]
}
export interface SchedulerContext {
  readonly apiserver: Address
  readonly user: User
  readonly recorder: Address
  readonly profile: Profile
  readonly startedAt: number
  readonly filled: readonly ResourceName[]
  readonly cache: Cache
  readonly queue: Queue
  readonly client: ClientLimit
  readonly attempt: Attempt | undefined
  /** By key: the pods whose binding cycle runs. */
  readonly binding: Tree<true>
  /** Where the next attempt begins to look for nodes. */
  readonly nextNode: number
}
/** What it has to know before it decides anything. Pods come last: what waits is tried with everything else known. */
export const WATCHED: readonly ResourceName[] = ['nodes', 'namespaces', 'services', 'replicasets.apps', 'pods']

export const atBirth = (input: SchedulerInput, at: number): SchedulerContext => ({
  apiserver: input.apiserver,
  user: input.user,
  recorder: input.recorder,
  profile: { ...DEFAULT_PROFILE, ...input.profile },
  startedAt: at,
  filled: [],
  cache: EMPTY_CACHE,
  queue: EMPTY_QUEUE,
  client: unlimited(input.client?.qps, input.client?.burst),
  attempt: undefined,
  binding: Tree.of(),
  nextNode: 0,
})

/** The pod in hand, if it is still that pod and still in flight. */
export function waiting(queue: Queue, attempt: Attempt | undefined): QueuedPod | undefined {
  const queued = attempt === undefined ? undefined : queue.pods.get(attempt.key)
  return queued?.lane === 'inFlight' && queued.pod.metadata.uid === attempt?.uid ? queued : undefined
}

export const begun = ({ key, pod, attempts }: QueuedPod): Attempt => ({
  key,
  uid: pod.metadata.uid,
  ordinal: attempts,
  pod: podInfoOf(pod),
  snapshot: EMPTY_CACHE,
  preFiltered: { states: {}, active: [], narrowed: undefined, rejection: undefined },
  filtered: { feasible: [], rejected: {}, next: 0 },
  node: undefined,
  failure: undefined,
  rejectedBy: [],
})

/** selectHost: any of the best. */
export function chosen(attempt: Attempt, dice: number): Attempt {
  const { pod, snapshot, uid, ordinal, filtered: found } = attempt
  const { totals, error } = scored(pod, snapshot, found.feasible)
  const failure = errorOf(error)
  if (failure !== undefined) return { ...attempt, failure }
  const nodes = best(found.feasible, totals)
  return { ...attempt, node: nodes[draw(dice, 'tie', uid ?? attempt.key, ordinal) % nodes.length]?.name }
}

/** Of the default plugins only NodeAffinity's PreScore can fail. */
const errorOf = (rejection: Rejection | undefined): Failure | undefined =>
  rejection && {
    reason: 'SchedulerError',
    message: `running PreScore plugin "${rejection.plugin}": ${rejection.reasons.join(', ')}`,
  }

/** A cycle that still runs for an earlier pod of the same name has nothing to bind any more. */
export function bindingStarted(
  { apiserver, user, recorder, attempt, client, binding }: SchedulerContext,
  self: Address,
  at: number,
): readonly [Partial<SchedulerContext>, readonly Effect[]] {
  const { key, pod, node } = attempt as Attempt
  const [waitMs, left] = admitted(client, at)
  const address = `binding-cycle/${hostOf(self)}/${key}`
  const input: BindingCycleInput = {
    pod: pod.pod,
    key,
    node: node as string,
    scheduler: self,
    apiserver,
    user,
    recorder,
    waitMs,
  }
  const running = binding.has(key)
  return [
    { client: left, binding: binding.set(key, true) },
    [...(running ? [stop(address)] : []), spawn(address, 'binding-cycle', input)],
  ]
}

/** Bound: the queue is done with the pod. Not bound: it gives its place up, which may help others, and backs off. */
export function settled(
  context: SchedulerContext,
  { key, uid, bound }: BindingFinished,
  at: number,
): Partial<SchedulerContext> {
  const binding = context.binding.delete(key)
  const queued = context.queue.pods.get(key)
  const own = queued?.lane === 'inFlight' && queued.pod.metadata.uid === uid
  if (bound) return { binding, queue: own ? removed(context.queue, key) : context.queue }
  const place = context.cache.placed.get(key)
  if (place?.info.pod.metadata.uid !== uid || !place?.assumed) return { binding }
  const cache = forget(context.cache, key)
  const freed = moved({ cache, queue: context.queue }, [{ event: 'AssignedPodDelete', was: place.info.pod }], at)
  return { binding, cache, queue: own ? rejected(freed.queue, key, [], at) : freed.queue }
}
