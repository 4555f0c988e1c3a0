/**
 * A run in the JSON of Chrome's trace events, which Perfetto opens: a host is a process, an actor a thread, its states
 * are slices on it, what it hears are instants, and arrows lead from each delivery to those that it caused.
 */
import { type Address, hostOf } from '../contract.ts'
import { BORN, type TraceRecord } from '../trace.ts'
import { dotted } from './state.ts'

/** Times and durations are in microseconds. See "Trace Event Format". */
export interface ChromeEvent {
  /** M: a name; X: a slice; i: an instant; s and f: the two ends of an arrow. */
  readonly ph: 'M' | 'X' | 'i' | 's' | 'f'
  readonly name: string
  readonly pid: number
  readonly tid: number
  readonly ts: number
  readonly cat?: string
  readonly dur?: number
  readonly id?: number
  readonly s?: 't'
  readonly bp?: 'e'
  readonly args?: Readonly<Record<string, unknown>>
}
export interface ChromeTrace {
  readonly displayTimeUnit: 'ms'
  readonly traceEvents: readonly ChromeEvent[]
}

/** @param endMs when the picture ends: states that hold then are drawn up to it */
export function chromeTrace(records: Iterable<TraceRecord>, endMs: number): ChromeTrace {
  const drawing = new Drawing()
  for (const record of records) drawing.add(record)
  return { displayTimeUnit: 'ms', traceEvents: drawing.finished(endMs) }
}

interface Place {
  readonly pid: number
  readonly tid: number
}
interface Open {
  readonly name: string
  readonly ts: number
}

const micros = (ms: number): number => Math.round(ms * 1_000)

class Drawing {
  private readonly events: ChromeEvent[] = []
  private readonly hosts = new Map<string, number>()
  private readonly actors = new Map<Address, Place>()
  private readonly states = new Map<Address, Open>()
  private readonly said = new Map<number, Place & { readonly ts: number }>()

  add(record: TraceRecord): void {
    const { n, at, from, to, event, after, before, cause, crash } = record
    const place = { ...this.placeOf(to), ts: micros(at) }
    this.said.set(n, place)
    const args = { n, from, cause, ...(crash === undefined ? {} : { crash }) }
    this.events.push({ ph: 'i', s: 't', cat: 'delivery', name: event.type, ...place, args })
    this.arrow(record, place)
    const [was, is] = [before, after].map((value) => (value === undefined ? '' : dotted(value))) as [string, string]
    if (event.type === BORN || was !== is || !this.states.has(to)) this.enters(to, is, place.ts)
  }

  finished(endMs: number): readonly ChromeEvent[] {
    for (const address of this.states.keys()) this.leaves(address, micros(endMs))
    return [...this.names(), ...this.events]
  }

  /** Only between actors: a timer is no message. */
  private arrow({ n, from, to, cause, event }: TraceRecord, place: Place & { readonly ts: number }): void {
    const start = this.said.get(cause)
    if (start === undefined || from === to) return
    const arrow = { cat: 'message', name: event.type, id: n }
    this.events.push({ ph: 's', ...arrow, ...start }, { ph: 'f', bp: 'e', ...arrow, ...place })
  }

  /** No name: the actor is gone. */
  private enters(address: Address, name: string, ts: number): void {
    this.leaves(address, ts)
    if (name !== '') this.states.set(address, { name, ts })
  }

  private leaves(address: Address, until: number): void {
    const open = this.states.get(address)
    if (open === undefined) return
    this.states.delete(address)
    const { name, ts } = open
    this.events.push({ ph: 'X', cat: 'state', name, ...this.placeOf(address), ts, dur: Math.max(0, until - ts) })
  }

  private placeOf(address: Address): Place {
    const known = this.actors.get(address)
    if (known !== undefined) return known
    const host = hostOf(address)
    const pid = this.hosts.get(host) ?? this.hosts.size + 1
    this.hosts.set(host, pid)
    const place = { pid, tid: this.actors.size + 1 }
    this.actors.set(address, place)
    return place
  }

  private names(): ChromeEvent[] {
    const named = { ph: 'M', ts: 0 } as const
    const hosts = [...this.hosts].map(([name, pid]) => {
      return { ...named, name: 'process_name', pid, tid: 0, args: { name } }
    })
    const actors = [...this.actors].map(([name, place]) => {
      return { ...named, name: 'thread_name', ...place, args: { name } }
    })
    return [...hosts, ...actors]
  }
}
