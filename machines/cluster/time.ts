/** Durations as a scenario writes them. */

/** @param duration ms, or text such as `90s`, `2m`, `1m30s`, `500ms`, `1h` @throws when it is neither */
export function toMs(duration: number | string): number {
  if (typeof duration === 'number') return duration
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)]
  if (duration === '' || parts.map(([part]) => part).join('') !== duration)
    throw new Error(`"${duration}" is no duration; write for example 90s, 2m, 1m30s or 500ms`)
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit as string] as number), 0)
}
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }
