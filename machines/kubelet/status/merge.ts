/** What of a pod's status is written to the API (pkg/kubelet/status/status_manager.go, mergePodStatus). */
import { joined } from '../../lib/joined.ts'
import type { core } from '../../protocol/objects.ts'
import { same } from '../same.ts'
import { isOurs } from './conditions.ts'
import { isTerminal } from './phase.ts'

/** Conditions of others stay as the API has them. A terminal phase waits until nothing can run any more. */
export function mergedStatus(old: core.PodStatus, status: core.PodStatus, mayRun: boolean): core.PodStatus {
  const theirs = (old.conditions ?? []).filter((condition) => !isOurs(condition))
  const ours = (status.conditions ?? []).filter(isOurs)
  const conditions = [...theirs, ...ours]
  const merged = { ...old, ...status, ...(conditions.length === 0 ? {} : { conditions }) }
  for (const field of ['reason', 'message'] as const) if (status[field] === undefined) delete merged[field]
  const early = mayRun && isTerminal(status.phase) && !isTerminal(old.phase)
  return early ? withPhaseOf(old, merged) : merged
}

function withPhaseOf(old: core.PodStatus, status: core.PodStatus): core.PodStatus {
  const { phase: _, reason: __, message: ___, ...rest } = status
  return {
    ...rest,
    phase: old.phase ?? 'Pending',
    ...(old.reason === undefined ? {} : { reason: old.reason }),
    ...(old.message === undefined ? {} : { message: old.message }),
  }
}

/** The strategic merge patch from one status to the other; undefined when nothing differs. */
export function statusPatch(uid: string, old: core.PodStatus, wanted: core.PodStatus): unknown {
  const [before, after] = [old as Record<string, unknown>, wanted as Record<string, unknown>]
  const changes: Record<string, unknown> = {}
  for (const field of Object.keys({ ...before, ...after })) {
    if (same(before[field], after[field])) continue
    if (field === 'conditions') Object.assign(changes, conditionsPatch(old.conditions ?? [], wanted.conditions ?? []))
    else changes[field] = after[field] ?? null
  }
  return Object.keys(changes).length === 0 ? undefined : { metadata: { uid }, status: changes }
}

function conditionsPatch(before: readonly core.PodCondition[], after: readonly core.PodCondition[]) {
  const changed = after.filter((condition) => !before.some((other) => same(other, condition)))
  const lost = before.filter(({ type }) => !after.some((other) => other.type === type))
  return {
    '$setElementOrder/conditions': after.map(({ type }) => ({ type })),
    conditions: [
      ...changed.map((condition) => withoutLost(condition, before)),
      ...lost.map(({ type }) => ({ $patch: 'delete', type })),
    ],
  }
}
/** What a condition no longer says is taken away. */
function withoutLost(condition: core.PodCondition, before: readonly core.PodCondition[]): unknown {
  const old = before.find(({ type }) => type === condition.type)
  const gone = (['reason', 'message'] as const).filter(
    (field) => old?.[field] !== undefined && condition[field] === undefined,
  )
  return joined(condition, Object.fromEntries(gone.map((field) => [field, null])))
}
