/** What the scheduling loop knows, and its steps around an attempt: beginning it, choosing a host, what follows. */
import { type Address, draw, type Effect, hostOf, spawn, stop } from '../../runtime/contract.ts'
import { Tree } from '../../runtime/tree.ts'
import type { User } from '../protocol/api.ts'
import type { Pod, ResourceName } from '../protocol/objects.ts'
import { type Filtered, filtered, type PreFiltered, preFiltered, search } from './attempt.ts'
import type { BindingCycleInput, BindingFinished } from './binding-cycle.ts'
import { assume, type Cache, EMPTY_CACHE, forget, type Snapshot } from './cache.ts'
import { admitted, type ClientLimit, unlimited } from './client-limit.ts'
import type { Happened } from './cluster-events.ts'
import { fitError, rejectingPlugins } from './diagnosis.ts'
import { binderOf, type Extender } from './extender.ts'
import type { Rejection } from './filtering.ts'
import { mayHelp } from './hints.ts'
import { type Known, moved } from './intake.ts'
import type { KnownNode } from './node-info.ts'
import { nominated } from './nominations.ts'
import type { Permit } from './permits.ts'
import { type PodInfo, podInfoOf } from './pod-info.ts'
import { type PostFiltered, postFiltered } from './post-filter.ts'
import { DEFAULT_PROFILE, type Profile } from './profile.ts'
import { type BackOff, EMPTY_QUEUE, hopeful, type Queue, type QueuedPod, rejected, removed } from './queue.ts'
import type { Failure } from './report.ts'
import { best, scored } from './scoring.ts'
import { STORAGE_RESOURCES } from './storage.ts'
import { assumedWrites, NO_WRITES, revertedWrites, type VolumeWrites, writesFor } from './volume-binding-progress.ts'

export interface SchedulerInput {
  readonly apiserver: Address
  readonly user: User
  readonly recorder: Address
  /** Changes the default profile. */
  readonly profile?: Partial<Profile>
  /** All profiles; the default one alone unless told. */
  readonly profiles?: readonly Profile[]
  /** The client's rate limit; 50 a second and 100 at once unless told. */
  readonly client?: { readonly qps: number; readonly burst: number }
  /** From 1 s to 10 s unless told. */
  readonly backOff?: BackOff
  /** Those whose failure can be ignored come last. */
  readonly extenders?: readonly Extender[]
}
/** What the attempt under way found so far. */
export interface Attempt {
  readonly key: string
  readonly uid: string | undefined
  readonly ordinal: number
  readonly pod: PodInfo
  readonly profile: Profile
  readonly snapshot: Snapshot
  readonly filtered: Filtered | undefined
  readonly postFiltered: PostFiltered | undefined
  /** The node that it is nominated to was refused outside: now all others are looked at. */
  readonly elsewhere: boolean
  /** What extenders add to the scores, by node. */
  readonly outsideScores: Readonly<Record<string, number>>
  readonly node: string | undefined
  /** How many Permit plugins were asked, and whose permit the pod waits for. */
  readonly permitted: number
  readonly permits: readonly Permit[]
  /** What binds its volumes there. */
  readonly writes: VolumeWrites
  readonly failure: Failure | undefined
  /** The plugins whose events may bring the pod back; none after an error. */
  readonly rejectedBy: readonly string[]
  /** The node that the pod is nominated to from now on, '' for none; undefined leaves it as it is. */
  readonly nominate: string | undefined
  /** Victims that are still there, by key. */
  readonly evicting: readonly string[]
  /** Why a victim could not be evicted. */
  readonly evictionError: string | undefined
  /** Pods whose nomination is void. */
  readonly displaced: readonly Pod[]
  /** What happened since it was decided: none of it was seen. */
  readonly since: readonly Happened[]
}
const NO_SCORES: Attempt['outsideScores'] = {}

export interface SchedulerContext {
  readonly apiserver: Address
  readonly user: User
  readonly recorder: Address
  readonly profiles: readonly Profile[]
  readonly extenders: readonly Extender[]
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
export const WATCHED: readonly ResourceName[] = [
  'nodes',
  'namespaces',
  'services',
  'replicationcontrollers',
  'replicasets.apps',
  'statefulsets.apps',
  'poddisruptionbudgets.policy',
  ...STORAGE_RESOURCES,
  'pods',
]

export const atBirth = (input: SchedulerInput, at: number): SchedulerContext => ({
  apiserver: input.apiserver,
  user: input.user,
  recorder: input.recorder,
  profiles: input.profiles ?? [{ ...DEFAULT_PROFILE, ...input.profile }],
  extenders: input.extenders ?? [],
  startedAt: at,
  filled: [],
  cache: EMPTY_CACHE,
  queue: input.backOff === undefined ? EMPTY_QUEUE : { ...EMPTY_QUEUE, backOff: input.backOff },
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

/** frameworkForPod. Pods of other schedulers are not even queued. */
const profileFor = (profiles: readonly Profile[], { spec }: Pod): Profile =>
  profiles.find(({ schedulerName }) => schedulerName === (spec.schedulerName ?? 'default-scheduler')) ?? DEFAULT_PROFILE

export const begun = ({ key, pod, attempts }: QueuedPod, profiles: readonly Profile[]): Attempt => ({
  key,
  uid: pod.metadata.uid,
  ordinal: attempts,
  pod: podInfoOf(pod),
  profile: profileFor(profiles, pod),
  snapshot: EMPTY_CACHE,
  filtered: undefined,
  postFiltered: undefined,
  elsewhere: false,
  outsideScores: NO_SCORES,
  node: undefined,
  permitted: 0,
  permits: [],
  writes: NO_WRITES,
  failure: undefined,
  rejectedBy: [],
  nominate: undefined,
  evicting: [],
  evictionError: undefined,
  displaced: [],
  since: [],
})

/** What the PreFilter plugins noted: it is no part of the context, and worked out once per attempt. */
export const preFilteredOf = ({ pod, snapshot, profile }: Attempt): PreFiltered => preFiltered(pod, snapshot, profile)

export function preFilteredFirst(attempt: Attempt): Attempt {
  const { rejection } = preFilteredOf(attempt)
  return rejection?.code === 'Error'
    ? failing(attempt, `running PreFilter plugin "${rejection.plugin}"`, rejection)
    : attempt
}

export function filteredFrom(attempt: Attempt, start: number): Attempt & { readonly filtered: Filtered } {
  const { pod, snapshot, profile, elsewhere } = attempt
  const find = elsewhere ? search : filtered
  const found = find(pod, snapshot, preFilteredOf(attempt), start, profile)
  const failed = found.error && failing(attempt, `running "${found.error.plugin}" filter plugin`, found.error)
  return { ...(failed ?? attempt), filtered: found }
}

/** Nothing is known to help against a failure, so the pod is tried again after its back-off, wherever it fits then. */
const failing = (attempt: Attempt, what: string, { reasons }: Rejection): Attempt => ({
  ...attempt,
  failure: { reason: 'SchedulerError', message: `${what}: ${reasons.join(', ')}` },
  nominate: '',
})

/** selectHost: any of the best. */
export function chosen(attempt: Attempt, dice: number): Attempt {
  const { pod, snapshot, uid, ordinal, profile } = attempt
  const feasible = attempt.filtered?.feasible ?? []
  const { totals, error } = scored(pod, snapshot, feasible, profile)
  if (error !== undefined) return failing(attempt, `running PreScore plugin "${error.plugin}"`, error)
  const nodes = best(feasible, withOutsideScores(totals, feasible, attempt))
  return { ...attempt, node: nodes[draw(dice, 'tie', uid ?? attempt.key, ordinal) % nodes.length]?.name }
}

const withOutsideScores = (totals: readonly number[], feasible: readonly KnownNode[], { outsideScores }: Attempt) =>
  outsideScores === NO_SCORES
    ? totals
    : totals.map((total, i) => total + (outsideScores[feasible[i]?.name as string] ?? 0))

/** RunPostFilterPlugins: the dry run, with the message that the attempt ends with unless an eviction fails. */
export function afterDryRun(attempt: Attempt, dice: number): Attempt {
  const tried = { ...attempt, preFiltered: preFilteredOf(attempt) }
  const offset = (nodes: number): number => draw(dice, 'offset', attempt.uid ?? attempt.key, attempt.ordinal) % nodes
  const found = postFiltered(tried, offset)
  return {
    ...attempt,
    postFiltered: found,
    nominate: found.nominate,
    rejectedBy: rejectingPlugins(tried.preFiltered, attempt.filtered),
    failure: unschedulable(attempt, found.message),
    displaced: found.hopeless ? [attempt.pod.pod] : [],
  }
}

/** @param after what preemption has to say */
export function unschedulable(attempt: Attempt, after: string): Failure {
  const nodes = attempt.snapshot.order.places.size
  return { reason: 'Unschedulable', message: fitError(nodes, preFilteredOf(attempt), attempt.filtered, after) }
}

/** Reserve: from now on the pod counts on its node, and its volumes as bound. */
export function reserved({ cache, attempt }: SchedulerContext): Partial<SchedulerContext> {
  const { pod, node, snapshot } = attempt as Attempt
  const writes = writesFor(pod.pod, snapshot.nodes.get(node as string) as KnownNode, snapshot.storage)
  const assumed = assume(cache, pod, node as string)
  return {
    cache: { ...assumed, storage: assumedWrites(assumed.storage, writes) },
    attempt: { ...(attempt as Attempt), writes },
  }
}

/** A cycle that still runs for an earlier pod of the same name has nothing to bind any more. */
export function bindingStarted(
  { apiserver, user, recorder, attempt, client, binding, extenders }: SchedulerContext,
  self: Address,
  at: number,
): readonly [Partial<SchedulerContext>, readonly Effect[]] {
  const { key, pod, node, writes, profile, permits } = attempt as Attempt
  const binder = binderOf(extenders, pod.pod)
  const [waitMs, left] = binder === undefined ? admitted(client, at) : [0, client]
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
    ...(permits.length === 0 ? {} : { permits }),
    ...(binder === undefined ? {} : { binder }),
    ...(writes.volumes.length + writes.claims.length === 0
      ? {}
      : { writes, bindTimeoutMs: profile.args.VolumeBinding.bindTimeoutSeconds * 1_000 }),
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
  { key, uid, bound, refusedBy = [] }: BindingFinished,
  at: number,
): Partial<SchedulerContext> {
  const binding = context.binding.delete(key)
  const queued = context.queue.pods.get(key)
  const own = queued?.lane === 'inFlight' && queued.pod.metadata.uid === uid
  if (bound) return { binding, queue: own ? removed(context.queue, key) : context.queue }
  const place = context.cache.placed.get(key)
  if (place?.info.pod.metadata.uid !== uid || !place?.assumed) return { binding }
  const without = forget(context.cache, key)
  const cache = { ...without, storage: revertedWrites(without.storage, place.info.pod) }
  const freed = moved({ cache, queue: context.queue }, [{ event: 'AssignedPodDelete', was: place.info.pod }], at)
  return { binding, cache, queue: own ? rejected(freed.queue, key, refusedBy, at) : freed.queue }
}

/** What came in while victims were evicted is held against the pod once it waits again: one may be gone by now. */
export const newsOf = ({ cache, queue, attempt }: SchedulerContext): Known => ({
  cache,
  queue,
  ...(attempt?.postFiltered === undefined ? {} : { noted: attempt.since }),
})

export const afterNews = (
  { attempt }: SchedulerContext,
  { cache, queue, noted }: Known,
): Partial<SchedulerContext> => ({
  cache,
  queue,
  ...(attempt === undefined || noted === undefined ? {} : { attempt: { ...attempt, since: noted } }),
})

/** handleSchedulingFailure: back into the queue, unless the pod is gone; and its nomination counts at once. */
export function queuedAgain({ cache, queue, attempt }: SchedulerContext, at: number): Partial<SchedulerContext> {
  const queued = waiting(queue, attempt)
  if (queued === undefined || attempt === undefined) return {}
  const nominations = nominated(cache.nominations, queued.pod, attempt.nominate)
  const again = rejected(queue, attempt.key, attempt.rejectedBy, at)
  const unseen = attempt.since.some((happened) => mayHelp(again.pods.get(attempt.key) as QueuedPod, happened, cache))
  return { cache: { ...cache, nominations }, queue: unseen ? hopeful(again, attempt.key, at) : again }
}
