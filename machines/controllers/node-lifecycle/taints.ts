/** Taints that tell of a node's conditions (node_lifecycle_controller.go, pkg/controller/util/node). */
import { rfc3339 } from '../../lib/time.ts'
import type { core, Node } from '../../protocol/objects.ts'
import { readinessOf } from './conditions.ts'

export type Taint = core.Taint

export const NOT_READY = 'node.kubernetes.io/not-ready'
export const UNREACHABLE = 'node.kubernetes.io/unreachable'
const UNSCHEDULABLE = 'node.kubernetes.io/unschedulable'

/** nodeConditionToTaintKeyStatusMap */
const OF_CONDITION: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Ready: { False: NOT_READY, Unknown: UNREACHABLE },
  MemoryPressure: { True: 'node.kubernetes.io/memory-pressure' },
  DiskPressure: { True: 'node.kubernetes.io/disk-pressure' },
  NetworkUnavailable: { True: 'node.kubernetes.io/network-unavailable' },
  PIDPressure: { True: 'node.kubernetes.io/pid-pressure' },
}
const OWN: ReadonlySet<string> = new Set([UNSCHEDULABLE, ...Object.values(OF_CONDITION).flatMap(Object.values)])

/** What is to be done about a node's NoExecute taints: nothing, to set the one of its state, or to remove both. */
export type Execution = 'as it is' | 'by state' | 'none'

/**
 * The taints after the next patch, or undefined when they are as they should be. As in the real one, what tells of
 * conditions and what evicts are patches apart, and so are adding and removing (SwapNodeControllerTaint).
 */
export function nextTaints(node: Node, execution: Execution, at: number): readonly Taint[] | undefined {
  return (
    swapped(node, scheduling(node), ({ key, effect }) => effect === 'NoSchedule' && OWN.has(key), at) ??
    (execution === 'as it is' ? undefined : swapped(node, executing(node, execution), isExecution, at))
  )
}

function swapped(
  node: Node,
  wanted: readonly Taint[],
  isConcerned: (taint: Taint) => boolean,
  at: number,
): readonly Taint[] | undefined {
  const now = node.spec?.taints ?? []
  const missing = wanted.filter((taint) => !now.some((other) => isSame(taint, other)))
  if (missing.length > 0) return [...now, ...missing.map((taint) => ({ ...taint, timeAdded: rfc3339(at) }))]
  const kept = now.filter((taint) => !isConcerned(taint) || wanted.some((other) => isSame(taint, other)))
  return kept.length === now.length ? undefined : kept
}

const isExecution = ({ key, effect }: Taint): boolean =>
  effect === 'NoExecute' && (key === NOT_READY || key === UNREACHABLE)

function scheduling(node: Node): readonly Taint[] {
  const keys = (node.status?.conditions ?? []).flatMap(({ type, status }) => OF_CONDITION[type]?.[status] ?? [])
  const all = node.spec?.unschedulable === true ? [...keys, UNSCHEDULABLE] : keys
  return all.map((key) => ({ key, effect: 'NoSchedule' }))
}

/** A node that is ready again by its turn needs no taint; the one it may have goes when the monitor sees it. */
function executing(node: Node, execution: Execution): readonly Taint[] {
  const key = executionKey(node)
  return execution !== 'by state' || key === undefined ? [] : [{ key, effect: 'NoExecute' }]
}
/** The NoExecute taint of its state. */
export const executionKey = (node: Node): string | undefined => OF_CONDITION.Ready?.[readinessOf(node) ?? '']

export const isTaintedToExecute = (node: Node, key: string): boolean =>
  (node.spec?.taints ?? []).some((taint) => taint.key === key && taint.effect === 'NoExecute')

const isSame = (a: Taint, b: Taint): boolean => a.key === b.key && a.effect === b.effect
