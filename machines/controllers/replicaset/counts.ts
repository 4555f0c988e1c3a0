/** How many pods a ReplicaSet has, and in which state. */
import { Tree } from '../../../runtime/tree.ts'
import { type Labels, selectorMatches } from '../../lib/selector.ts'
import type { Pod, ReplicaSet } from '../../protocol/objects.ts'
import { isActive, isAvailable, isReady } from '../kit/pods.ts'

/** Of the active pods alone. */
export interface Counts {
  readonly active: number
  readonly ready: number
  readonly fullyLabeled: number
  readonly available: number
}

export function counted({ spec }: ReplicaSet, pods: Tree<Pod>, at: number): Counts {
  const sum = summed(pods, spec.template?.metadata?.labels ?? NO_LABELS)
  const minReadySeconds = spec.minReadySeconds ?? 0
  return { available: minReadySeconds === 0 ? sum.ready : availableOf(pods, minReadySeconds, at), ...sum }
}

/** Availability passes with time, so it is counted anew each time. */
function availableOf(pods: Tree<Pod>, minReadySeconds: number, at: number): number {
  let available = 0
  pods.each((pod) => {
    if (isActive(pod) && isAvailable(pod, minReadySeconds, at)) available++
  })
  return available
}

type Sum = Omit<Counts, 'available'>
const NONE: Sum = { active: 0, ready: 0, fullyLabeled: 0 }
const NO_LABELS: Labels = {}

/**
 * Per set of labels, which is a frozen object of the template, the last pods and their sum: the next sum differs by the
 * pods that changed since, and most never do.
 */
const known = new WeakMap<Labels, { readonly pods: Tree<Pod>; readonly sum: Sum }>()

function summed(pods: Tree<Pod>, labels: Labels): Sum {
  const before = known.get(labels) ?? { pods: Tree.of<Pod>(), sum: NONE }
  let { sum } = before
  pods.differences(before.pods, (_, now, then) => {
    if (then !== undefined) sum = plus(sum, sumOf(then, labels), -1)
    if (now !== undefined) sum = plus(sum, sumOf(now, labels), 1)
  })
  known.set(labels, { pods, sum })
  return sum
}

const sumOf = (pod: Pod, labels: Labels): Sum =>
  isActive(pod)
    ? { active: 1, ready: isReady(pod) ? 1 : 0, fullyLabeled: selectorMatches(labels, pod.metadata.labels) ? 1 : 0 }
    : NONE

const plus = (a: Sum, b: Sum, times: 1 | -1): Sum => ({
  active: a.active + times * b.active,
  ready: a.ready + times * b.ready,
  fullyLabeled: a.fullyLabeled + times * b.fullyLabeled,
})
