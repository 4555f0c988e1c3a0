/** States in words. */
import type { StateValue } from 'xstate'

/** `{ leading: 'quiet' }` as `leading.quiet`; parallel regions joined by `, `. */
export function dotted(value: StateValue): string {
  if (typeof value === 'string') return value
  const parts = Object.entries(value).map(([key, below]) => {
    const rest = dotted(below ?? {})
    return rest === '' ? key : `${key}.${rest}`
  })
  return parts.join(', ')
}
