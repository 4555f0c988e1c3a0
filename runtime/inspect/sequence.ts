/** A run as a sequence diagram: who said what to whom, in the order in which it was heard. */
import type { Address } from '../contract.ts'
import { BORN, type TraceRecord } from '../trace.ts'

export interface SequenceOptions {
  /** Who an address stands for in the picture; undefined leaves it out. Default: every actor for itself. */
  readonly lane?: (address: Address) => string | undefined
  /** What is said of a message; undefined leaves it out. Default: its type. */
  readonly words?: (record: TraceRecord) => string | undefined
  readonly limit?: number
}

/** One arrow: at what time, between which lanes, with which words. Timers and births are left out. */
export interface Said {
  readonly at: number
  readonly from: string
  readonly to: string
  readonly words: string
}

export function sequence(records: Iterable<TraceRecord>, options: SequenceOptions = {}): Said[] {
  const { lane = (address) => address, words = ({ event }) => event.type, limit = Number.POSITIVE_INFINITY } = options
  const said: Said[] = []
  for (const record of records) {
    if (said.length >= limit) break
    if (record.event.type === BORN || record.from === record.to || record.from === '') continue
    const [from, to, text] = [lane(record.from), lane(record.to), words(record)]
    if (from === undefined || to === undefined || text === undefined || from === to) continue
    said.push({ at: record.at, from, to, words: text })
  }
  return said
}

/** Mermaid's sequence diagram of what was said. */
export function sequenceDiagram(said: readonly Said[]): string {
  const lanes = [...new Set(said.flatMap(({ from, to }) => [from, to]))]
  const ids = new Map(lanes.map((lane, i) => [lane, `p${i}`]))
  const arrows = said.map(
    ({ at, from, to, words }) => `  ${ids.get(from)}->>${ids.get(to)}: ${seconds(at)} ${clean(words)}`,
  )
  return [
    'sequenceDiagram',
    ...lanes.map((lane) => `  participant ${ids.get(lane)} as ${clean(lane)}`),
    ...arrows,
    '',
  ].join('\n')
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(3)}s`
const clean = (text: string): string => text.replaceAll(/[;#<>{}]/g, ' ')
