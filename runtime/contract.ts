/**
 * All that a machine may know of the runtime: how to name others, what it is told, and what it may ask for.
 *
 * A machine never does anything. It updates its context and asks; the runtime carries the asking out, delays it,
 * loses it, or records it. What is asked is plain data. This is the only module that touches XState's action creators.
 */

import type { ActionFunction, EventObject, MachineContext } from 'xstate'
import { assign, emit, enqueueActions } from 'xstate'
import { checkEvent, listed } from './asked.ts'
import type { Tree } from './tree.ts'

export { draw, mix, textHash } from './random.ts'

/**
 * Names a role for ever: `role/host`, or `role/host/path` for what lives inside it
 * (`kubelet/node-1`, `deployment-controller/cp-1/default/web`). The second part is the host.
 */
export type Address = string

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

/**
 * The call on this line has no answer to hope for: nothing was sent, as nobody plays the role or no connection came about
 * in time (`refused`), or the connection broke (`reset`).
 */
export interface CallLost {
  readonly type: 'call.lost'
  readonly line: string
  readonly reason: 'refused' | 'reset'
}
/** The stream on this line is over: by the server (`ended`), or as a call is lost. */
export interface StreamEnded {
  readonly type: 'stream.ended'
  readonly line: string
  readonly reason: 'ended' | 'refused' | 'reset'
}
/** Told to the serving side: the opener of the stream hung up or is gone. */
export interface StreamClosed {
  readonly type: 'stream.closed'
  readonly stream: number
}
/** A monitored actor is gone: it `ended` (its chart is final or it was stopped), `crashed`, or is `unreachable`. */
export interface PeerLost {
  readonly type: 'peer.lost'
  readonly address: Address
  readonly reason: 'ended' | 'crashed' | 'unreachable'
}
export interface SendRefused {
  readonly type: 'send.refused'
  readonly to: Address
  readonly event: string
}
export interface DiskSynced {
  readonly type: 'disk.synced'
  readonly key: string
}
export interface Chosen {
  readonly type: 'chosen'
  readonly key: string
  readonly option: string
}
/** What the runtime itself may say to an actor. */
export type RuntimeEvent = CallLost | StreamEnded | StreamClosed | PeerLost | SendRefused | DiskSynced | Chosen

/** What the runtime tells with every event, and at birth. One object, rewritten before each step: read it, never keep it. */
export interface Delivery {
  readonly self: Address
  /** Wall-clock time of the receiver's host, in ms since the epoch; hosts can be skewed. */
  readonly at: number
  /** The sender's address; the own one for timers; `''` from outside. */
  readonly from: Address
  /** 32 bits, a hash of (seed, address, incarnation): the same for the whole life of an actor. Mix it with what is drawn. */
  readonly dice: number
  /** The number to answer (or push) under; 0 when the event is neither a call nor the opening of a stream. */
  readonly call: number
  /** The line on which an answer or a pushed event arrives; `''` otherwise. */
  readonly line: string
  /** What the process's disk holds, at the birth of the process's root; undefined at any other time. */
  readonly disk: Tree<unknown> | undefined
}
export const delivery: { -readonly [K in keyof Delivery]: Delivery[K] } = {
  self: '',
  at: 0,
  from: '',
  dice: 0,
  call: 0,
  line: '',
  disk: undefined,
}

/** The one kind of `emit` that the kernel interprets. */
export interface Asked {
  readonly type: 'asked'
  readonly effects: readonly Effect[]
}
export type Effects = Effect | readonly Effect[]
export type Decided<C> = readonly [change: Partial<C>, effects: Effects]

type Of<E, T> = E extends { readonly type: T } ? E : never
type Step<C, E, R> = (context: C, event: E, delivery: Delivery) => R
type Action<C extends MachineContext, E extends EventObject> = ActionFunction<
  C,
  E,
  E,
  undefined,
  never,
  never,
  never,
  never,
  Asked
>
type Guard<C, E> = (args: { context: C; event: E }) => boolean

/** How the compiled step finds what a verb does, without going through XState. */
export interface Compilable {
  readonly does: 'update' | 'ask' | 'decide' | 'when' | 'lasting'
  /** The event that it is for; undefined: any. */
  readonly on: string | undefined
  /** As the chart wrote it. */
  readonly run: Step<never, never, unknown>
}

/**
 * The verbs of one chart, bound to its context and events once, so that every action may name the event it is for and
 * see exactly that one: `update('etcd.answered', (context, event, delivery) => …)`.
 *
 * - `update` changes the context, `ask` asks the runtime, `decide` does both at once;
 * - `when` is a guard: with an event named, it is false on any other;
 * - `lasting` is a delay in ms that depends on the context.
 *
 * @throws when an action that names its event is run on another one.
 */
export function verbs<C extends MachineContext, E extends EventObject>() {
  function update(change: Step<C, E, Partial<C>>): Action<C, E>
  function update<T extends E['type']>(on: T, change: Step<C, Of<E, T>, Partial<C>>): Action<C, E>
  function update(a: unknown, b?: unknown): Action<C, E> {
    const [on, run] = named<C, E, Partial<C>>(a, b)
    const action = assign(({ context, event }) => {
      checkEvent(on, event)
      return run(context as C, event as E, delivery)
    })
    return marked(action, { does: 'update', on, run }) as unknown as Action<C, E>
  }
  function ask(request: Step<C, E, Effects>): Action<C, E>
  function ask<T extends E['type']>(on: T, request: Step<C, Of<E, T>, Effects>): Action<C, E>
  function ask(a: unknown, b?: unknown): Action<C, E> {
    const [on, run] = named<C, E, Effects>(a, b)
    const action = emit(({ context, event }) => {
      checkEvent(on, event)
      return { type: 'asked', effects: listed(run(context as C, event as E, delivery)) }
    })
    return marked(action, { does: 'ask', on, run }) as unknown as Action<C, E>
  }
  function decide(step: Step<C, E, Decided<C>>): Action<C, E>
  function decide<T extends E['type']>(on: T, step: Step<C, Of<E, T>, Decided<C>>): Action<C, E>
  function decide(a: unknown, b?: unknown): Action<C, E> {
    const [on, run] = named<C, E, Decided<C>>(a, b)
    const action = enqueueActions(({ context, event, enqueue }) => {
      checkEvent(on, event)
      const [change, asked] = run(context as C, event as E, delivery)
      const effects = listed(asked)
      enqueue.assign(change as never)
      if (effects.length > 0) enqueue.emit({ type: 'asked', effects } as never)
    })
    return marked(action, { does: 'decide', on, run }) as unknown as Action<C, E>
  }
  function when(statement: Step<C, E, boolean>): Guard<C, E>
  function when<T extends E['type']>(on: T, statement: Step<C, Of<E, T>, boolean>): Guard<C, E>
  function when(a: unknown, b?: unknown): Guard<C, E> {
    const [on, run] = named<C, E, boolean>(a, b)
    const guard = ({ context, event }: { context: C; event: E }): boolean =>
      (on === undefined || event.type === on) && run(context, event, delivery)
    return marked(guard, { does: 'when', on, run })
  }
  function lasting(ms: Step<C, E, number>): (args: { context: C; event: E }) => number {
    const run = (context: C, event: E, told: Delivery): number => {
      const lasts = ms(context, event, told)
      if (Number.isNaN(Number(lasts ?? Number.NaN)))
        throw new Error(`a delay came out as ${lasts} on "${event.type}"; it has to be a number of ms`)
      return lasts
    }
    return marked(({ context, event }: { context: C; event: E }) => run(context, event, delivery), {
      does: 'lasting',
      on: undefined,
      run,
    })
  }
  return { update, ask, decide, when, lasting }
}

/** The context of a chart at birth, from its input and what the runtime tells: `context: born((input, { disk }) => …)`. */
export function born<I, C>(first: (input: I, delivery: Delivery) => C): (args: { input: I }) => C {
  return ({ input }) => first(input, delivery)
}

function named<C, E, R>(a: unknown, b: unknown): readonly [string | undefined, Step<C, E, R>] {
  return typeof a === 'string' ? [a, b as Step<C, E, R>] : [undefined, a as Step<C, E, R>]
}

const marked = <T extends object>(action: T, compilable: Omit<Compilable, 'run'> & { run: unknown }): T =>
  Object.assign(action, { compilable })

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

/** The host in an address: its second part. */
export function hostOf(address: Address): string {
  const from = address.indexOf('/') + 1
  const to = address.indexOf('/', from)
  return to < 0 ? address.slice(from) : address.slice(from, to)
}
