/**
 * Which pods go first when there are too many (k8s.io/kubernetes/pkg/controller, ActivePodsWithRanks): those whose loss
 * matters least.
 */
import { parseTime } from '../../lib/time.ts'
import type { Pod } from '../../protocol/objects.ts'
import { isActive, mostRestarts, readySince } from '../kit/pods.ts'

/** @param related The pods of all sets with the same controller: who shares a node with many of them goes earlier. */
export function victims(pods: readonly Pod[], related: readonly Pod[], count: number, at: number): readonly Pod[] {
  if (count >= pods.length) return pods
  const onNode = countedByNode(related)
  const ranked = pods.map((pod) => rankOf(pod, onNode, at))
  return ranked
    .sort(leastUsefulFirst)
    .slice(0, count)
    .map(({ pod }) => pod)
}

/** What is compared of a pod, worked out once. */
interface Rank {
  readonly pod: Pod
  readonly assigned: boolean
  readonly phase: number
  readonly readySince: number | undefined
  readonly readyAge: number
  readonly deletionCost: number
  /** Active pods of the related sets on its node. */
  readonly together: number
  readonly restarts: readonly [number, number]
  readonly createdAt: number
  readonly age: number
}

function countedByNode(related: readonly Pod[]): ReadonlyMap<string, number> {
  const onNode = new Map<string, number>()
  for (const pod of related) {
    if (!isActive(pod)) continue
    const node = pod.spec.nodeName ?? ''
    onNode.set(node, (onNode.get(node) ?? 0) + 1)
  }
  return onNode
}

const PHASES: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 }

function rankOf(pod: Pod, onNode: ReadonlyMap<string, number>, at: number): Rank {
  const since = readySince(pod)
  const createdAt = parseTime(pod.metadata.creationTimestamp ?? '')
  return {
    pod,
    assigned: (pod.spec.nodeName ?? '') !== '',
    phase: PHASES[pod.status?.phase ?? ''] ?? 0,
    readySince: since,
    readyAge: since === undefined ? 0 : logarithm(at - since),
    deletionCost: deletionCostOf(pod),
    together: onNode.get(pod.spec.nodeName ?? '') ?? 0,
    restarts: mostRestarts(pod),
    createdAt,
    age: logarithm(at - createdAt),
  }
}

/** controller.kubernetes.io/pod-deletion-cost; what is no 32-bit number counts as 0. */
function deletionCostOf({ metadata }: Pod): number {
  const text = metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost'] ?? ''
  const cost = /^(0|-?[1-9]\d*)$/.test(text) ? Number(text) : 0
  return Math.abs(cost) <= 2_147_483_647 ? cost : 0
}

function leastUsefulFirst(a: Rank, b: Rank): number {
  if (a.assigned !== b.assigned) return a.assigned ? 1 : -1
  if (a.phase !== b.phase) return a.phase - b.phase
  if ((a.readySince === undefined) !== (b.readySince === undefined)) return a.readySince === undefined ? -1 : 1
  if (a.deletionCost !== b.deletionCost) return a.deletionCost - b.deletionCost
  if (a.together !== b.together) return b.together - a.together
  if (a.readySince !== undefined && a.readySince !== b.readySince) return a.readyAge - b.readyAge || byUid(a, b)
  if (a.restarts[0] !== b.restarts[0]) return b.restarts[0] - a.restarts[0]
  if (a.restarts[1] !== b.restarts[1]) return b.restarts[1] - a.restarts[1]
  if (a.createdAt !== b.createdAt) return a.age - b.age || byUid(a, b)
  return 0
}

const byUid = (a: Rank, b: Rank): number => ((a.pod.metadata.uid ?? '') < (b.pod.metadata.uid ?? '') ? -1 : 1)

/** LogarithmicScaleDown: ages count by the power of two of their nanoseconds, so that equals are chosen by uid. */
function logarithm(ms: number): number {
  let rest = ms * 1_000_000
  if (!(rest > 0)) return -1
  let power = 0
  for (; rest >= 2; rest /= 2) power++
  return power
}
