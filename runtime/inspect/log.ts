/** A record as one line of JSON. Big values that mark themselves as a `view` are named, not written out. */
import type { TraceRecord } from '../trace.ts'

export const logLine = (record: TraceRecord): string => JSON.stringify(record, named)

function named(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('view' in value)) return value
  return typeof value.view === 'string' ? value.view : value
}
