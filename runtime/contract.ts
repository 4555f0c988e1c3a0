/**
 * All that a machine may know of the runtime: how to name others, what it is told, and what it may ask for.
 *
 * A machine never does anything. It updates its context and asks; the runtime carries the asking out, delays it,
 * loses it, or records it. What is asked is plain data. This is the only module that touches XState's action creators.
 */

import type { ActionFunction, EventObject, MachineContext } from 'xstate'
import { assign, emit, enqueueActions } from 'xstate'
import type { Address } from './address.ts'
import { checkEvent, listed } from './asked.ts'
import type { Effect, Effects } from './effects.ts'
import type { Tree } from './tree.ts'

export * from './address.ts'
export * from './effects.ts'
export { draw, mix, textHash } from './random.ts'

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
