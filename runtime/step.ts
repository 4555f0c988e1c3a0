/**
 * One event into one machine by XState itself: the reference that `compile/` is held against.
 * Touches nothing else: what the machine asked for comes back as data.
 */
import type { AnyMachineSnapshot, AnyStateMachine, EventObject } from 'xstate'
import type { Asked, Effect } from './contract.ts'

/** More turns than this on one event, and the chart goes round for ever: XState itself would never tell. */
export const MOST_TURNS = 1_000

export interface Step {
  readonly snapshot: AnyMachineSnapshot
  readonly effects: readonly Effect[]
}

/** @throws what a guard, an action or the context factory threw. */
export function start(machine: AnyStateMachine, input: unknown): Step {
  machine.options.maxIterations = MOST_TURNS
  asked = []
  return collected(machine.getInitialSnapshot(scope as never, input as never) as AnyMachineSnapshot)
}

/**
 * A chart that is done stays as it is.
 *
 * @throws what a guard or an action threw; the effects of such a step are lost.
 */
export function step(machine: AnyStateMachine, snapshot: AnyMachineSnapshot, event: EventObject): Step {
  if (snapshot.status !== 'active') return { snapshot, effects: NOTHING }
  asked = []
  return collected(machine.transition(snapshot as never, event as never, scope as never) as AnyMachineSnapshot)
}

/** A transition definition of XState, as found in a state node; the same object each time it is taken. */
export type Taken = (machine: AnyStateMachine, transition: object, entered: AnyMachineSnapshot) => void

/** Tells of every transition that is taken by `start` and `step` from now on; `undefined` ends it. For coverage. */
export function watchTransitions(listener: Taken | undefined): void {
  taken = listener
}

let taken: Taken | undefined
const NOTHING: readonly Effect[] = []
let asked: Effect[] = []

function collected(snapshot: AnyMachineSnapshot): Step {
  if (snapshot.status === 'error') throw snapshot.error
  return { snapshot, effects: asked.length === 0 ? NOTHING : asked }
}

function forbidden(what: string, instead: string): () => never {
  return () => {
    throw new Error(`A machine may not ${what}. ${instead} (runtime/contract.ts)`)
  }
}

const notDirectly = forbidden('send to an actor directly', 'Ask for it: ask(() => send(address, event)).')
const noChildren = forbidden('spawn or invoke', 'Ask for it: ask(() => spawn(address, machine, input)).')
const noSchedule = forbidden('schedule', 'Use `after` in the chart, or ask(() => wake(key, ms, event)).')

/** The actor scope that XState hands to a machine: one, reused, because a step is never re-entered. */
const system = {
  get: () => undefined,
  _sendInspectionEvent: inspect,
  _relay: notDirectly,
  _bookId: noChildren,
  scheduler: { schedule: noSchedule, cancel: noSchedule, cancelAll: () => undefined },
}
const scope = {
  self: { id: '', sessionId: '', _parent: undefined, system },
  system,
  id: '',
  sessionId: '',
  logger: () => undefined,
  defer: () => undefined,
  stopChild: noChildren,
  emit: () => undefined,
  actionExecutor: execute,
}

interface Microstep {
  readonly type: string
  readonly snapshot: AnyMachineSnapshot
  readonly _transitions?: readonly object[]
}

function inspect({ type, snapshot, _transitions }: Microstep): void {
  if (taken === undefined || type !== '@xstate.microstep') return
  for (const transition of _transitions ?? []) taken(snapshot.machine, transition, snapshot)
}

interface Executable {
  readonly type: string
  readonly params?: { readonly id: string; readonly sendId: string; readonly delay?: number; readonly event: unknown }
}

function execute({ type, params }: Executable): void {
  if (type === 'xstate.emit') {
    for (const effect of (params as { event: Asked }).event.effects) asked.push(effect)
  } else if (type === 'xstate.cancel') {
    asked.push({ do: 'cancel', key: params?.sendId as string })
  } else if (type !== 'xstate.raise') {
    forbidden(`run the action "${type}"`, 'Use the verbs: update, ask, decide.')()
  } else if (params?.delay !== undefined) {
    asked.push({ do: 'wake', key: params.id, afterMs: params.delay, event: params.event as EventObject })
  }
}
