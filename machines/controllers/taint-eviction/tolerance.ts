/** For how long a pod bears the NoExecute taints of its node (component-helpers GetMatchingTolerations, getMinTolerationTime). */
import type { core } from '../../protocol/objects.ts'

type Taint = core.Taint
type Toleration = core.Toleration

export const NO_EXECUTE = 'NoExecute'

/** In ms: 0 is not at all, infinity is for ever. */
export function toleratedMs(taints: readonly Taint[], tolerations: readonly Toleration[]): number {
  let leastSeconds = Number.POSITIVE_INFINITY
  for (const taint of taints) {
    const toleration = tolerations.find((each) => tolerates(each, taint))
    if (toleration === undefined) return 0
    const { tolerationSeconds } = toleration
    if (tolerationSeconds !== undefined && tolerationSeconds !== null)
      leastSeconds = Math.min(leastSeconds, Math.max(0, tolerationSeconds))
  }
  return leastSeconds * 1_000
}

/** Toleration.ToleratesTaint */
function tolerates({ key, operator = 'Equal', value = '', effect }: Toleration, taint: Taint): boolean {
  if (effect !== undefined && effect !== '' && effect !== taint.effect) return false
  if (key !== undefined && key !== '' && key !== taint.key) return false
  if (operator === 'Exists') return true
  return (operator === 'Equal' || operator === '') && value === (taint.value ?? '')
}
