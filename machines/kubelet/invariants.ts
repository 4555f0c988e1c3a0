/**
 * What must hold of a kubelet and of its pod workers after each of their steps: no kubelet runs what it does not admit.
 * Contexts before and after a step, and what the step was about, are all that is looked at, so that a cluster under
 * faults can be held against it as it goes.
 */
import type { EventObject } from 'xstate'
import type { CacheChanged } from '../protocol/cache.ts'
import type { PodTerminated } from '../protocol/kubelet.ts'
import { keyOf, type Pod } from '../protocol/objects.ts'
import type { KubeletContext } from './kubelet.ts'
import { NO_USAGE, rejectionOf, type Usage, usageOf, withoutUsage, withUsage } from './node/admission.ts'
import { isDeleting } from './pod/restart.ts'
import type { PodWorkerContext } from './pod/worker.ts'
import { isTerminal } from './status/phase.ts'

export interface Step<C> {
  readonly before: C
  readonly after: C
  readonly event: EventObject
}
export interface Invariant<C> {
  /** A sentence in the present. */
  readonly says: string
  readonly holds: (step: Step<C>) => boolean
}

/** Of machine `kubelet`. */
export const ofKubelets: readonly Invariant<KubeletContext>[] = [
  {
    says: 'a kubelet admits only what fits on its node beside what runs there',
    holds: (step) => {
      const fresh = newIn(step)
      const { used } = step.after.pods
      const ending = fresh.filter(isOver).map(usageOf).reduce(withUsage, NO_USAGE)
      const counted = withoutUsage(used, ending)
      return fresh.every(
        (pod) => isOver(pod) || rejectionOf(pod, withoutUsage(counted, usageOf(pod)), step.before.node) === undefined,
      )
    },
  },
  {
    says: 'a kubelet counts as used what its pods use',
    holds: ({ before, after }) => before.pods.used === after.pods.used || isSum(after.pods.used, after.pods.work),
  },
]

/** Of machine `pod-worker`. */
export const ofPodWorkers: readonly Invariant<PodWorkerContext>[] = [
  {
    says: 'nothing is started of a pod that was rejected',
    holds: ({ after: { rejection, sandbox, containerId } }) =>
      rejection === undefined || (sandbox === undefined && containerId === ''),
  },
]

/** What is broken by a step of any machine; machines that are not a kubelet's break nothing here. */
export function violations(machine: string, { before, after, event }: Step<unknown>): readonly string[] {
  if (machine === 'kubelet')
    return broken(ofKubelets, { before: before as KubeletContext, after: after as KubeletContext, event })
  if (machine === 'pod-worker')
    return broken(ofPodWorkers, { before: before as PodWorkerContext, after: after as PodWorkerContext, event })
  return []
}
const broken = <C>(all: readonly Invariant<C>[], step: Step<C>): readonly string[] =>
  all.flatMap(({ says, holds }) => (holds(step) ? [] : [says]))

/** The pods that got a place in this step: bound here, or waiting until another of their name had ended. */
function newIn({ before, after, event }: Step<KubeletContext>): readonly Pod[] {
  return candidates(before, event).filter((pod) => {
    const key = keyOf(pod)
    const [was, now] = [before.pods.work.get(key), after.pods.work.get(key)]
    return now?.uid === pod.metadata.uid && was?.uid !== now?.uid && now?.usage !== undefined
  })
}
function candidates({ pods }: KubeletContext, event: EventObject): readonly Pod[] {
  if (event.type === 'cache.changed') {
    const { resource, deltas } = event as CacheChanged
    return resource === 'pods' ? deltas.flatMap(({ now }) => (now === undefined ? [] : [now as Pod])) : []
  }
  if (event.type !== 'pod.terminated') return []
  const next = pods.work.get((event as PodTerminated).key)?.next
  return next === undefined ? [] : [next]
}

/** What is to end anyway takes its place unasked. */
const isOver = (pod: Pod): boolean => isDeleting(pod) || isTerminal(pod.status?.phase)

function isSum(used: Usage, work: KubeletContext['pods']['work']): boolean {
  let sum = NO_USAGE
  work.each(({ usage, stopped }) => {
    if (usage !== undefined && stopped !== true) sum = withUsage(sum, usage)
  })
  const names = Object.keys({ ...used.amounts, ...sum.amounts })
  return (
    names.every((name) => (used.amounts[name] ?? 0) === (sum.amounts[name] ?? 0)) &&
    used.ports.toSorted().join() === sum.ports.toSorted().join()
  )
}
