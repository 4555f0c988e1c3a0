/** How many pods a ReplicaSet has, and in which state: summed over the tree of its pods, remembered per part of it. */
import { Fold, type Tree } from '../../../runtime/tree.ts'
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
  const sum = pods.fold(countsFor(spec.template?.metadata?.labels ?? NO_LABELS))
  const minReadySeconds = spec.minReadySeconds ?? 0
  return { ...sum, available: minReadySeconds === 0 ? sum.ready : availableOf(pods, minReadySeconds, at) }
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

/** One fold per set of labels, which is a frozen object of the template. Pods beside one that changed are known already. */
const folds = new WeakMap<Labels, Fold<Pod, Sum>>()
function countsFor(labels: Labels): Fold<Pod, Sum> {
  const known = folds.get(labels)
  if (known !== undefined) return known
  const single = new WeakMap<Pod, Sum>()
  const of = (pod: Pod): Sum => {
    const sum = single.get(pod) ?? sumOf(pod, labels)
    single.set(pod, sum)
    return sum
  }
  const fold = new Fold<Pod, Sum>(NONE, of, plus)
  folds.set(labels, fold)
  return fold
}

const sumOf = (pod: Pod, labels: Labels): Sum =>
  isActive(pod)
    ? { active: 1, ready: isReady(pod) ? 1 : 0, fullyLabeled: selectorMatches(labels, pod.metadata.labels) ? 1 : 0 }
    : NONE

const plus = (a: Sum, b: Sum): Sum => ({
  active: a.active + b.active,
  ready: a.ready + b.ready,
  fullyLabeled: a.fullyLabeled + b.fullyLabeled,
})
