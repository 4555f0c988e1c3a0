/** Why a pod fits nowhere, in the words of FitError.Error(), and which plugins said so. */
import type { Filtered, PreFiltered } from './attempt.ts'
import type { Rejection } from './filtering.ts'

export const NO_NODES = 'no nodes available to schedule pods'

/** @param preemption what the dry run of preemption said; '' when it was not tried or found victims. */
export function fitError(nodes: number, pre: PreFiltered, filtered: Filtered | undefined, preemption: string): string {
  const why =
    pre.rejection === undefined ? histogram(reasonCounts(nodes, pre, filtered)) : pre.rejection.reasons.join(', ')
  const after = preemption === '' ? '' : ` ${preemption}`
  return `0/${nodes} nodes are available:${why === '' ? '' : ` ${why}.`}${after}`
}

function reasonCounts(nodes: number, { narrowed }: PreFiltered, filtered: Filtered | undefined): Map<string, number> {
  const rejections = Object.values(filtered?.rejected ?? {})
  const counts = counted(rejections)
  if (narrowed !== undefined && rejections.length < nodes)
    counts.set(`node(s) didn't satisfy plugin(s) [${[...narrowed.by].sort().join(' ')}]`, nodes - rejections.length)
  return counts
}

/** How many nodes were rejected for each reason. */
export function counted(rejections: readonly Pick<Rejection, 'reasons'>[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { reasons } of rejections) for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return counts
}

/** Sorted as text, so 12 comes before 2. */
export const histogram = (counts: ReadonlyMap<string, number>): string =>
  [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort()
    .join(', ')

/** Plugins whose cluster events may bring the pod back. */
export function rejectingPlugins(pre: PreFiltered, filtered: Filtered | undefined): readonly string[] {
  if (pre.rejection !== undefined) return [pre.rejection.plugin]
  const plugins = new Set(Object.values(filtered?.rejected ?? {}).map(({ plugin }) => plugin))
  for (const plugin of pre.narrowed?.by ?? []) plugins.add(plugin)
  return [...plugins].sort()
}

/** An Event's note holds 1,024 characters: util.truncateMessage. The condition is not cut. */
export const asNote = (message: string): string =>
  message.length <= 1_024 ? message : `${message.slice(0, 1_024 - 4)} ...`
