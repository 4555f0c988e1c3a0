/**
 * Which pods wait for their stage to be played, and where they live (pkg/kwok/controllers/pod_controller.go): the
 * delay queue with its mapping, and the pools of addresses.
 */
import { Tree } from '../../runtime/tree.ts'
import { emptyFifo, type Fifo, put, take } from '../controllers/kit/fifo.ts'
import type { PodStage, StageDue } from '../protocol/kwok.ts'
import { keyOf, type Pod } from '../protocol/objects.ts'
import { drawn, givenBack, type IpPool, ipPool, taken } from './ip-pool.ts'
import { completeStatus, podStage, readyStatus } from './stages.ts'

/** A pod and the stage that it was at when it was seen. */
export interface Job {
  readonly pod: Pod
  readonly stage: PodStage
  readonly retries: number
}
/** A node whose pods are ours to play. */
export interface Home {
  readonly hostIP: string
  readonly podCIDR: string | undefined
}
export interface Jobs {
  /** `--cidr` */
  readonly cidr: string
  readonly homes: Tree<Home>
  readonly pools: Tree<IpPool>
  /** In the order in which they came; what has no job any more is passed over. */
  readonly order: Fifo<string>
  readonly jobs: Tree<Job>
  /** What is being played, for the time when it has to be played again. */
  readonly playing: Tree<Job>
}

export const noJobs = (cidr: string): Jobs => ({
  cidr,
  homes: Tree.of(),
  pools: Tree.of(),
  order: emptyFifo(),
  jobs: Tree.of(),
  playing: Tree.of(),
})

/** A pod as it is now: its stage takes the place of the one that waits. Pods of nodes that are not ours are left alone. */
export function seen(state: Jobs, pod: Pod): Jobs {
  if (!state.homes.has(pod.spec.nodeName ?? '')) return state
  const stage = podStage(pod)
  const waits = state.jobs.get(keyOf(pod))
  if (stage === undefined || waits?.pod.metadata.resourceVersion === pod.metadata.resourceVersion) return state
  return queued(state, { pod, stage, retries: 0 })
}

/** It is gone: nothing is left to play, and its address is free. */
export function gone(state: Jobs, pod: Pod): Jobs {
  const home = state.homes.get(pod.spec.nodeName ?? '')
  if (home === undefined) return state
  const left = { ...state, jobs: state.jobs.delete(keyOf(pod)) }
  const ip = pod.status?.podIP ?? ''
  if (ip === '' || pod.spec.hostNetwork === true) return left
  return withPool(left, home, (pool) => givenBack(pool, ip))
}

/** It is to be played again, unless something newer waits. */
export const again = (state: Jobs, key: string, job: Job): Jobs => (state.jobs.has(key) ? state : queued(state, job))

function queued(state: Jobs, job: Job): Jobs {
  const key = keyOf(job.pod)
  const order = state.jobs.has(key) ? state.order : put(state.order, key)
  return { ...state, order, jobs: state.jobs.set(key, job) }
}

/** The job that waited longest, with what is to be written. @returns undefined when nothing waits */
export function begun(state: Jobs, at: number): readonly [due: StageDue, state: Jobs] | undefined {
  let rest = state
  for (let next = take(rest.order); next !== undefined; next = take(rest.order)) {
    const [key, order] = next
    const job = rest.jobs.get(key)
    rest = { ...rest, order, jobs: rest.jobs.delete(key) }
    const home = job === undefined ? undefined : rest.homes.get(job.pod.spec.nodeName ?? '')
    if (job === undefined || home === undefined) continue
    const [status, moved] = rendered(rest, home, job, at)
    const { pod, stage } = job
    return [
      { type: 'stage.due', key, pod, stage, status },
      { ...moved, playing: moved.playing.set(key, job) },
    ]
  }
  return undefined
}

function rendered(state: Jobs, home: Home, { pod, stage }: Job, at: number): readonly [object | undefined, Jobs] {
  if (stage === 'pod-delete') return [undefined, state]
  if (stage === 'pod-complete') return [completeStatus(pod, at), marked(state, home, pod)]
  const { hostIP } = home
  if (pod.spec.hostNetwork === true) return [readyStatus(pod, hostIP, hostIP, at), state]
  const [ip, pool] = drawn(poolOf(state, home))
  return [readyStatus(pod, hostIP, ip, at), { ...state, pools: state.pools.set(pool.cidr, pool) }]
}

/** markPodIP: what it has from before. */
const marked = (state: Jobs, home: Home, { status }: Pod): Jobs =>
  status?.podIP === undefined ? state : withPool(state, home, (pool) => taken(pool, status.podIP ?? ''))

const poolOf = ({ pools, cidr }: Jobs, { podCIDR = cidr }: Home): IpPool => pools.get(podCIDR) ?? ipPool(podCIDR)

function withPool(state: Jobs, home: Home, change: (pool: IpPool) => IpPool): Jobs {
  const pool = change(poolOf(state, home))
  return { ...state, pools: state.pools.set(pool.cidr, pool) }
}
