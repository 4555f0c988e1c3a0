/** What a machine may ask the runtime for: plain data, and a word for each that makes it. */
import type { EventObject } from 'xstate'
import type { Address } from './address.ts'

/** A message of its own: no answer is expected. Across processes a refusal comes back as `send.refused`. */
export interface Send {
  readonly do: 'send'
  readonly to: Address
  readonly event: EventObject
}
/**
 * A question that wants one answer. A later call on the same line, `hangUp`, or the end of either side closes it; an
 * answer to a closed call is a dead letter. A connection that breaks is told as `call.lost`.
 */
export interface Call {
  readonly do: 'call'
  readonly to: Address
  readonly event: EventObject
  readonly line: string
  /** See `dialled`. */
  readonly connectMs?: number
}
export interface Answer {
  readonly do: 'answer'
  readonly to: Address
  readonly call: number
  readonly event: EventObject
}
/** Closes the call or stream on a line (every line of the actor when none is named). The other end of a stream is told. */
export interface HangUp {
  readonly do: 'hangUp'
  readonly line: string | undefined
}
/** Opens a stream: the other side gets the event with a stream number in `delivery.call`, and pushes under it. */
export interface Stream {
  readonly do: 'stream'
  readonly to: Address
  readonly event: EventObject
  readonly line: string
  /** See `dialled`. */
  readonly connectMs?: number
}
/** One event to whoever opened the stream; a dead letter when it is closed. */
export interface Push {
  readonly do: 'push'
  readonly stream: number
  readonly event: EventObject
}
/** Ends a stream from the serving side: the opener is told `stream.ended` after all that was pushed. */
export interface End {
  readonly do: 'end'
  readonly stream: number
}
/** Breaks an open call or stream of the other side off, as a closed connection does: it is told with reason `reset`. */
export interface Reset {
  readonly do: 'reset'
  readonly to: Address
  readonly call: number
}
/** Starts an actor on the same host. `process` makes it the root of a process of its own, with a disk and connections. */
export interface Spawn {
  readonly do: 'spawn'
  readonly address: Address
  readonly machine: string
  readonly input: unknown
  readonly process: boolean
}
export interface Stop {
  readonly do: 'stop'
  readonly address: Address
}
/** Asks to be told `peer.lost` once the actor at this address is gone. */
export interface Monitor {
  readonly do: 'monitor'
  readonly address: Address
}
/** A timer by key: a later `wake` of the same key replaces it. Dies with the actor. */
export interface Wake {
  readonly do: 'wake'
  readonly key: string
  readonly afterMs: number
  readonly event: EventObject
}
export interface Cancel {
  readonly do: 'cancel'
  readonly key: string
}
/** Into the page cache of the process's disk: survives the process, not a loss of power. `undefined` removes the key. */
export interface Write {
  readonly do: 'write'
  readonly key: string
  readonly value: unknown
}
/** Answered by `disk.synced` once all that was written before is safe from a loss of power. */
export interface Sync {
  readonly do: 'sync'
  readonly key: string
}
/** Answered by `chosen` at the same instant and before any other mail, so that exploration can branch over it. */
export interface Choose {
  readonly do: 'choose'
  readonly key: string
  readonly options: readonly string[]
}
/** The actor is at work for so long: its later mail waits, in order. */
export interface Busy {
  readonly do: 'busy'
  readonly ms: number
}
/** One request to the runtime. */
export type Effect =
  | Send
  | Call
  | Answer
  | HangUp
  | Stream
  | Push
  | End
  | Reset
  | Spawn
  | Stop
  | Monitor
  | Wake
  | Cancel
  | Write
  | Sync
  | Choose
  | Busy
export type Effects = Effect | readonly Effect[]

export const send = <E extends EventObject>(to: Address, event: E): Send => ({ do: 'send', to, event })
export const call = <E extends EventObject>(to: Address, event: E, line = ''): Call => ({ do: 'call', to, event, line })
export const answer = <E extends EventObject>(to: Address, call: number, event: E): Answer => ({
  do: 'answer',
  to,
  call,
  event,
})
export const hangUp = (line?: string): HangUp => ({ do: 'hangUp', line })
export const stream = <E extends EventObject>(to: Address, event: E, line = ''): Stream => ({
  do: 'stream',
  to,
  event,
  line,
})
/**
 * On a connection of its own, given up when it does not come about in so many ms. Others share one connection between
 * their processes, and dial as client-go does: 30 s.
 */
export const dialled = <T extends Call | Stream>(effect: T, connectMs: number): T => ({ ...effect, connectMs })
export const push = <E extends EventObject>(stream: number, event: E): Push => ({ do: 'push', stream, event })
export const end = (stream: number): End => ({ do: 'end', stream })
export const reset = (to: Address, call: number): Reset => ({ do: 'reset', to, call })
export const spawn = (address: Address, machine: string, input: unknown): Spawn => ({
  do: 'spawn',
  address,
  machine,
  input,
  process: false,
})
export const spawnProcess = (address: Address, machine: string, input: unknown): Spawn => ({
  do: 'spawn',
  address,
  machine,
  input,
  process: true,
})
export const stop = (address: Address): Stop => ({ do: 'stop', address })
export const monitor = (address: Address): Monitor => ({ do: 'monitor', address })
export const wake = <E extends EventObject>(key: string, afterMs: number, event: E): Wake => ({
  do: 'wake',
  key,
  afterMs,
  event,
})
export const cancel = (key: string): Cancel => ({ do: 'cancel', key })
export const write = (key: string, value: unknown): Write => ({ do: 'write', key, value })
export const sync = (key = ''): Sync => ({ do: 'sync', key })
export const choose = (key: string, options: readonly string[]): Choose => ({ do: 'choose', key, options })
export const busy = (ms: number): Busy => ({ do: 'busy', ms })
