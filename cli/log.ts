/** The log of a run: one JSON object a line, one line a delivery or birth. The same inputs give the same bytes. */
import { closeSync, openSync, writeSync } from 'node:fs'
import { logLine } from '../runtime/inspect/log.ts'
import type { Sink } from '../runtime/trace.ts'

/** @returns a sink that writes to the file, and what closes it */
export function logTo(file: string): { readonly sink: Sink; readonly close: () => void } {
  const out = openSync(file, 'w')
  let buffer: string[] = []
  const flush = (): void => {
    if (buffer.length > 0) writeSync(out, `${buffer.join('\n')}\n`)
    buffer = []
  }
  return {
    sink: (record) => {
      buffer.push(logLine(record))
      if (buffer.length >= 1_000) flush()
    },
    close: () => {
      flush()
      closeSync(out)
    },
  }
}
