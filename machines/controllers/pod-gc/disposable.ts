/** Which pods nobody else will remove (pkg/controller/podgc/gc_controller.go). */
import { Fold, type Tree } from '../../../runtime/tree.ts'
import type { Node, Pod } from '../../protocol/objects.ts'

/** `--terminated-pod-gc-threshold` */
export const TERMINATED_THRESHOLD = 12_500

export interface Disposal {
  readonly pod: Pod
  /** It is marked as disrupted before it goes: its node is gone. */
  readonly isOrphaned: boolean
}

const OUT_OF_SERVICE = 'node.kubernetes.io/out-of-service'
const NONE: readonly Pod[] = []

const joined = (a: readonly Pod[], b: readonly Pod[]): readonly Pod[] => {
  if (a.length === 0) return b
  return b.length === 0 ? a : [...a, ...b]
}
const isOver = ({ status }: Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed'
const isTerminating = ({ metadata }: Pod): boolean => metadata.deletionTimestamp !== undefined

const over = new Fold<Pod, readonly Pod[]>(NONE, (pod) => (isOver(pod) ? [pod] : NONE), joined)
const terminating = new Fold<Pod, readonly Pod[]>(NONE, (pod) => (isTerminating(pod) ? [pod] : NONE), joined)

/** gcTerminated: above the threshold evicted pods go first, then the oldest. */
export function overThreshold(pods: Tree<Pod>, threshold: number): readonly Disposal[] {
  const all = pods.fold(over)
  if (threshold <= 0 || all.length <= threshold) return []
  return [...all]
    .sort(evictedThenOldest)
    .slice(0, all.length - threshold)
    .map(plain)
}

function evictedThenOldest(a: Pod, b: Pod): number {
  const [first, second] = [isEvicted(a), isEvicted(b)]
  if (first !== second) return first ? -1 : 1
  return (
    byText(a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? '') ||
    byText(a.metadata.name, b.metadata.name)
  )
}
const isEvicted = ({ status }: Pod): boolean => status?.phase === 'Failed' && status.reason === 'Evicted'
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** gcTerminating: on nodes that are not ready and that somebody tainted as out of service. */
export const outOfService = (pods: Tree<Pod>, nodes: Tree<Node>): readonly Disposal[] =>
  pods
    .fold(terminating)
    .filter(({ spec }) => isOutOfService(nodes.get(spec.nodeName ?? '')))
    .map(plain)

const isOutOfService = (node: Node | undefined): boolean =>
  node?.status?.conditions?.find(({ type }) => type === 'Ready')?.status !== 'True' &&
  node?.spec?.taints?.some(({ key }) => key === OUT_OF_SERVICE) === true

/** gcUnscheduledTerminating */
export const neverScheduled = (pods: Tree<Pod>): readonly Disposal[] =>
  pods
    .fold(terminating)
    .filter(({ spec }) => spec.nodeName === undefined || spec.nodeName === '')
    .map(plain)

/** gcOrphaned: all pods of nodes that are gone for sure. */
export const orphaned = (podsOf: Tree<Tree<Pod>>, gone: readonly string[]): readonly Disposal[] =>
  gone.flatMap((node) => (podsOf.get(node)?.values() ?? []).map((pod) => ({ pod, isOrphaned: true })))

/** Nodes that pods name and nobody knows. */
export const unknownNodes = (podsOf: Tree<Tree<Pod>>, nodes: Tree<Node>): readonly string[] =>
  podsOf.keys().filter((node) => !nodes.has(node))

const plain = (pod: Pod): Disposal => ({ pod, isOrphaned: false })

export const needsToFail = ({ pod }: Disposal): boolean => !isOver(pod)
