/** All that can be done to a world from outside, as data: what is recorded and replayed. */
import type { EventObject } from 'xstate'
import type { Address } from '../contract.ts'
import {
  crash,
  cut,
  delay,
  heal,
  hold,
  hostAt,
  loseDisk,
  pause,
  powerOff,
  powerOn,
  release,
  resetConnections,
  resume,
} from './faults.ts'
import { end } from './life.ts'
import { closedOutside, closeStream, openOutside } from './lines.ts'
import { post } from './mail.ts'
import type { Host, Tables } from './tables.ts'

export type Operation =
  /** A call or a stream that a role outside opens: its answers leave the world to that role, under the number returned. */
  | { readonly op: 'call' | 'stream'; readonly to: Address; readonly event: EventObject; readonly from: Address }
  | { readonly op: 'spawn'; readonly address: Address; readonly machine: string; readonly input: unknown }
  | { readonly op: 'hangUp'; readonly number: number; readonly from: Address }
  | { readonly op: 'send'; readonly to: Address; readonly event: EventObject; readonly from: Address }
  /** An answer or a pushed event from a role that is played outside. */
  | {
      readonly op: 'answer'
      readonly to: Address
      readonly number: number
      readonly event: EventObject
      readonly from: Address
    }
  | {
      readonly op: 'push'
      readonly to: Address
      readonly number: number
      readonly event: EventObject
      readonly from: Address
    }
  | { readonly op: 'crash' | 'stop' | 'pause' | 'resume'; readonly process: Address }
  /** All streams that an actor has open tell nothing for a while; what they would have told then comes in order. */
  | { readonly op: 'hold' | 'release'; readonly to: Address }
  /** `kept`: how many of the writes that no disk has synced survive; drawn from the seed when it is not said. */
  | { readonly op: 'powerOff'; readonly host: string; readonly kept?: number }
  | { readonly op: 'powerOn'; readonly host: string }
  | { readonly op: 'cut'; readonly from: string; readonly to: string; readonly oneWay?: boolean }
  | { readonly op: 'heal' | 'reset'; readonly from: string; readonly to: string }
  /** Extra one-way latency between two hosts; 0 takes it away. */
  | { readonly op: 'delay'; readonly from: string; readonly to: string; readonly ms: number }
  | { readonly op: 'skew'; readonly host: string; readonly ms: number }
  | { readonly op: 'slowDisk'; readonly host: string; readonly ms: number }
  /** No space is left on the disks of a host, or there is again. */
  | { readonly op: 'fillDisk' | 'freeDisk'; readonly host: string }
  | { readonly op: 'loseDisk'; readonly process: Address }

/** What came of an operation: a process to be started; the number of a call or stream. */
export interface Outcome {
  readonly boot?: Host['boot']
  readonly number?: number
}

/** @throws when the operation makes no sense. */
export function operate(tables: Tables, operation: Operation): Outcome {
  switch (operation.op) {
    case 'call':
    case 'stream':
      return { number: openOutside(tables, operation.from, operation.to, operation.op, operation.event) }
    case 'spawn':
      return { boot: operation }
    case 'hangUp':
      closedOutside(tables, operation.number)
      closeStream(tables, operation.from, operation.number)
      return {}
    case 'send':
      post(tables, operation.from, { kind: 'mail', ...pick(operation) })
      return {}
    case 'answer':
    case 'push':
      post(tables, operation.from, { kind: operation.op, ...pick(operation), number: operation.number })
      return {}
    case 'powerOn':
      return { boot: powerOn(tables, known(tables, operation.host)) }
    default:
      fault(tables, operation)
      return {}
  }
}

type Fault = Exclude<Operation, { op: 'call' | 'stream' | 'spawn' | 'hangUp' | 'send' | 'answer' | 'push' | 'powerOn' }>

function fault(tables: Tables, operation: Fault): void {
  switch (operation.op) {
    case 'crash':
      return crash(tables, operation.process)
    case 'stop':
      return end(tables, operation.process, 'ended')
    case 'pause':
      return pause(tables, operation.process)
    case 'resume':
      return resume(tables, operation.process)
    case 'hold':
      return hold(tables, operation.to)
    case 'release':
      return release(tables, operation.to)
    case 'powerOff':
      return powerOff(tables, known(tables, operation.host), operation.kept)
    case 'cut':
      return cut(tables, known(tables, operation.from), known(tables, operation.to), operation.oneWay === true)
    case 'heal':
      return heal(tables, known(tables, operation.from), known(tables, operation.to))
    case 'reset':
      return resetConnections(tables, known(tables, operation.from), known(tables, operation.to))
    case 'delay':
      return delay(tables, known(tables, operation.from), known(tables, operation.to), operation.ms)
    case 'skew':
      tables.skewed = true
      return changed(tables, operation.host, { skewMs: operation.ms })
    case 'slowDisk':
      return changed(tables, operation.host, { diskMs: operation.ms })
    case 'fillDisk':
    case 'freeDisk':
      return changed(tables, operation.host, { diskFull: operation.op === 'fillDisk' })
    case 'loseDisk':
      return loseDisk(tables, operation.process)
  }
}

function changed(tables: Tables, name: string, change: Partial<Host>): void {
  tables.hosts.set(name, { ...hostAt(tables, known(tables, name)), ...change })
}

const pick = ({ to, event, from }: { to: Address; event: EventObject; from: Address }) => ({ to, event, from })

function known(tables: Tables, host: string): string {
  if (tables.hosts.has(host)) return host
  throw new Error(`there is no host "${host}"; the hosts are ${[...tables.hosts.keys()].join(', ')}`)
}
