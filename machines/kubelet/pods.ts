/**
 * The pods of one kubelet: who works on which, and what they use (kubelet.go, HandlePodAdditions and HandlePodCleanups).
 */
import { type Effect, send, spawn } from '../../runtime/contract.ts'
import { Tree } from '../../runtime/tree.ts'
import type { Delta } from '../protocol/cache.ts'
import type { ContainerStatus, PodSandboxMetadata, PodSandboxStatus } from '../protocol/cri.ts'
import type { KubeletParts, PodWorkerInput, Running, RuntimeListed } from '../protocol/kubelet.ts'
import type { Node, Pod } from '../protocol/objects.ts'
import { NO_USAGE, rejectionOf, type Usage, usageOf, withoutUsage, withUsage } from './node/admission.ts'
import { merged, NOTHING_RUNS } from './pod/restart.ts'
import { same } from './same.ts'
import { isOurs } from './status/conditions.ts'
import { isTerminal } from './status/phase.ts'

interface Work {
  readonly uid: string
  /** Of its resources; undefined once nothing of it runs. */
  readonly usage: Usage | undefined
  /** What it used is free already. */
  readonly stopped?: true
  readonly gone: boolean
  /** Another pod of the same name, which begins when this one has ended. */
  readonly next: Pod | undefined
}
export interface Pods {
  /** By `namespace/name`. */
  readonly work: Tree<Work>
  readonly used: Usage
  /** What a (re)started kubelet found running, by the pod's uid. */
  readonly found: Tree<Running>
}
export const NO_PODS: Pods = { work: Tree.of(), used: NO_USAGE, found: Tree.of() }

type Step = readonly [Pods, readonly Effect[]]

export function listed(pods: Pods, { sandboxes, containers }: RuntimeListed): Pods {
  let found: Tree<Running> = Tree.of()
  for (const sandbox of sandboxes) found = put(found, sandbox.metadata.uid, { sandboxes: [sandbox], containers: [] })
  for (const container of containers) found = put(found, container.pod.uid, { sandboxes: [], containers: [container] })
  return { ...pods, found }
}
const put = (found: Tree<Running>, uid: string, running: Running): Tree<Running> =>
  found.set(uid, merged(found.get(uid) ?? NOTHING_RUNS, running))

/** What the reflector says changed. Several additions at once are admitted in the order of their creation. */
export function dispatched(pods: Pods, deltas: readonly Delta[], parts: KubeletParts, node: Node): Step {
  const sorted = [...deltas].sort((a, b) => (createdAt(a) < createdAt(b) ? -1 : createdAt(a) > createdAt(b) ? 1 : 0))
  let after = pods
  const effects: Effect[] = []
  for (const delta of sorted) {
    const [next, more] = one(after, delta, parts, node)
    after = next
    effects.push(...more)
  }
  return [after, effects]
}
const createdAt = ({ now, was }: Delta): string => (now ?? was)?.metadata.creationTimestamp ?? ''

function one(pods: Pods, { key, was, now }: Delta, parts: KubeletParts, node: Node): Step {
  const work = pods.work.get(key)
  if (now === undefined) return removed(pods, key, work, parts)
  const pod = now as Pod
  if (work === undefined) return added(pods, key, pod, parts, node)
  if (work.uid === pod.metadata.uid) {
    const before = was as Pod | undefined
    const told = before === undefined || concernsWorker(before, pod)
    const shown = same(before?.status, pod.status)
      ? []
      : [send(parts.statusManager, { type: 'status.shown', key, pod })]
    return [pods, told && !work.gone ? [...shown, send(workerOf(parts, key), { type: 'pod.updated', pod })] : shown]
  }
  const [left, effects] = removed(pods, key, work, parts)
  return [{ ...left, work: left.work.update(key, (waiting) => ({ ...work, ...waiting, next: pod })) }, effects]
}

const workerOf = ({ node }: KubeletParts, key: string): string => `pod-worker/${node}/${key}`

function added(pods: Pods, key: string, pod: Pod, parts: KubeletParts, node: Node): Step {
  const uid = pod.metadata.uid ?? ''
  const over = isTerminal(pod.status?.phase) || pod.metadata.deletionTimestamp !== undefined
  const rejection = over ? undefined : rejectionOf(pod, pods.used, node)
  const found = pods.found.get(uid) ?? NOTHING_RUNS
  const input: PodWorkerInput = { parts, pod, rejection, found }
  const usage = rejection === undefined && !isTerminal(pod.status?.phase) ? usageOf(pod) : undefined
  return [
    {
      work: pods.work.set(key, { uid, usage, gone: rejection !== undefined, next: undefined }),
      used: usage === undefined ? pods.used : withUsage(pods.used, usage),
      found: pods.found.delete(uid),
    },
    [spawn(workerOf(parts, key), 'pod-worker', input)],
  ]
}

/**
 * The worker goes on until all is killed. One of whose pod nothing runs ends as soon as it is told: until then its name
 * is taken, so the kubelet comes back to it by a word to itself, which arrives after the one to the worker.
 */
function removed(pods: Pods, key: string, work: Work | undefined, parts: KubeletParts): Step {
  const forget = send(parts.statusManager, { type: 'status.forgotten', key })
  if (work === undefined) return [pods, [forget]]
  const left = { ...pods, work: pods.work.set(key, { ...work, gone: true, next: undefined }) }
  const tell = work.gone ? [] : [send(workerOf(parts, key), { type: 'pod.removed' })]
  const { uid, usage } = work
  const over = usage === undefined ? [send(parts.kubelet, { type: 'pod.terminated', key, uid })] : []
  return [left, [forget, ...tell, ...over]]
}

/** completeTerminating: others may have what it used. */
export function stopped(pods: Pods, key: string, uid: string): Pods {
  const work = pods.work.get(key)
  if (work === undefined || work.uid !== uid || work.usage === undefined || work.stopped === true) return pods
  return { ...pods, used: withoutUsage(pods.used, work.usage), work: pods.work.set(key, { ...work, stopped: true }) }
}

/** A relist has shown it, too: its worker ends, and the name is free once the API has forgotten the pod. */
export function terminated(pods: Pods, key: string, uid: string, parts: KubeletParts, node: Node): Step {
  const work = pods.work.get(key)
  if (work === undefined || work.uid !== uid || (work.usage === undefined && !work.gone)) return [pods, []]
  const { used } = stopped(pods, key, uid)
  if (!work.gone) return [{ ...pods, used, work: pods.work.set(key, { ...work, usage: undefined }) }, []]
  const left = { ...pods, used, work: pods.work.delete(key) }
  return work.next === undefined ? [left, []] : added(left, key, work.next, parts, node)
}

/** What runs of pods that the API does not know is killed. */
export function orphans(pods: Pods, parts: KubeletParts): Step {
  let { work, used } = pods
  const effects: Effect[] = []
  pods.found.each((found, uid) => {
    const pod = podOf(found, uid)
    const key = `${pod.metadata.namespace}/${pod.metadata.name}`
    if (work.has(key)) return
    const usage = usageOf(pod)
    work = work.set(key, { uid, usage, gone: true, next: undefined })
    used = withUsage(used, usage)
    const input: PodWorkerInput = { parts, pod, rejection: undefined, found, orphan: true }
    effects.push(spawn(workerOf(parts, key), 'pod-worker', input))
  })
  return [{ work, used, found: Tree.of() }, effects]
}

/** As much of a pod as the runtime remembers. */
function podOf({ sandboxes, containers }: Running, uid: string): Pod {
  const { name, namespace } = (sandboxes[0]?.metadata ?? containers[0]?.pod) as PodSandboxMetadata
  const names = [...new Set(containers.map(({ metadata }) => metadata.name))]
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, uid },
    spec: { containers: names.map((container) => ({ name: container })) },
  }
}

/** After the runtime was out of reach: all workers are shown everything. */
export function shownAgain({ work }: Pods, parts: KubeletParts, { sandboxes, containers }: RuntimeListed): Effect[] {
  const effects: Effect[] = []
  work.each(({ uid, usage }, key) => {
    if (usage === undefined) return
    const changed: Running = {
      sandboxes: sandboxes.filter((sandbox: PodSandboxStatus) => sandbox.metadata.uid === uid),
      containers: containers.filter((container: ContainerStatus) => container.pod.uid === uid),
    }
    effects.push(send(workerOf(parts, key), { type: 'pod.relisted', changed, whole: true }))
  })
  return effects
}

/** The echo of the kubelet's own writes is no news. */
export function concernsWorker(was: Pod, now: Pod): boolean {
  const { metadata: a, status: before } = was
  const { metadata: b, status: after } = now
  const theirs = (conditions: Pod['status']) => (conditions?.conditions ?? []).filter((each) => !isOurs(each))
  return !(
    same(was.spec, now.spec) &&
    same(a.labels, b.labels) &&
    same(a.annotations, b.annotations) &&
    a.deletionTimestamp === b.deletionTimestamp &&
    a.deletionGracePeriodSeconds === b.deletionGracePeriodSeconds &&
    same(theirs(before), theirs(after))
  )
}
