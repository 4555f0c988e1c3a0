/** A number, or a share of a total (k8s.io/apimachinery/pkg/util/intstr). */

/** GetScaledValueFromIntOrPercent. @returns undefined when the text is no percentage. */
export function scaledValue(value: number | string, total: number, roundUp: boolean): number | undefined {
  if (typeof value === 'number') return value
  const parts = /^([+-]?\d+)%$/.exec(value)
  if (parts === null) return undefined
  const share = (Number(parts[1]) * total) / 100
  return roundUp ? Math.ceil(share) : Math.floor(share)
}
