/** What happened, one record a delivery or birth: who was told what by whom, where it led, and what caused it. */
import type { EventObject, StateValue } from 'xstate'
import type { Address, Effect } from './contract.ts'
import type { Snapshot } from './logic.ts'

export interface TraceRecord {
  /** Counts deliveries and births from 1. */
  readonly n: number
  /** Virtual time in ms since the beginning of the world. */
  readonly at: number
  readonly from: Address
  readonly to: Address
  /** The id of the receiver's machine. */
  readonly machine: string
  readonly event: EventObject
  /** The state before; undefined at birth. */
  readonly before: StateValue | undefined
  /** The state after; undefined when the step threw. */
  readonly after: StateValue | undefined
  readonly effects: readonly Effect[]
  /** The delivery that asked for this one; 0 from outside. */
  readonly cause: number
  /** What the machine threw, with its stack. */
  readonly crash?: string
}
/** The whole actor around a step, for who checks more than its states: undefined before its birth, and when it threw. */
export interface Around {
  readonly before: Snapshot | undefined
  readonly after: Snapshot | undefined
}
export type Sink = (record: TraceRecord, around: Around) => void

/** The event type under which births appear in the trace. */
export const BORN = 'born'
