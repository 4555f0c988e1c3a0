/** Taints and what tolerates them: v1.Toleration.ToleratesTaint. */
import type { core } from '../protocol/objects.ts'

type Taint = Pick<core.Taint, 'key' | 'value' | 'effect'>

/** The taint of cordoned nodes. */
export const CORDONED = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }

export const tolerates = (tolerations: readonly core.Toleration[] = [], taint: Taint): boolean =>
  tolerations.some((toleration) => toleratesTaint(toleration, taint))

/** Empty effect, key or operator: any effect, any key (with Exists), Equal. */
function toleratesTaint({ effect, key, operator, value }: core.Toleration, taint: Taint): boolean {
  if (isSet(effect) && effect !== taint.effect) return false
  if (isSet(key) && key !== taint.key) return false
  if (operator === 'Exists') return true
  return (!isSet(operator) || operator === 'Equal') && (value ?? '') === (taint.value ?? '')
}

const isSet = (text: string | undefined): text is string => text !== undefined && text !== ''

/** v1helper.FindMatchingUntoleratedTaint, of the taints that keep pods away. */
export const untolerated = (
  tolerations: readonly core.Toleration[] | undefined,
  taints: readonly core.Taint[],
): core.Taint | undefined =>
  taints.find(
    (taint) => (taint.effect === 'NoSchedule' || taint.effect === 'NoExecute') && !tolerates(tolerations, taint),
  )
