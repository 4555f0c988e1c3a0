/** How long ago, as tables show it. */
import { humanDuration } from '../duration.ts'
import { parseTime } from '../time.ts'

export const age = (timestamp: string | null | undefined, now: number): string =>
  timestamp === undefined || timestamp === null || timestamp === ''
    ? '<unknown>'
    : humanDuration(now - parseTime(timestamp))
