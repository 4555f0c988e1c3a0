/**
 * Walks one chart by hand: start it, give it events, look at state, context and what it asked for. Every transition
 * taken in a test file is remembered; `expectWhole(machine)` at its end holds that nothing of the chart was left out.
 */

import { expect, test } from 'vitest'
import type { AnyMachineSnapshot, AnyStateMachine, EventObject } from 'xstate'
import { type Delivery, delivery, type Effect, textHash } from '../../runtime/contract.ts'
import { Coverage } from '../../runtime/coverage.ts'
import { dotted } from '../../runtime/inspect/state.ts'
import { start, step, watchTransitions } from '../../runtime/step.ts'

let coverage = new Coverage()
/** Each test file shows for itself what it walks: workers keep modules from one to the next. */
export function forgetWalks(): void {
  coverage = new Coverage()
  watchTransitions(undefined)
}

type Told = Partial<Omit<Delivery, 'self'>>
type ContextOf<M extends AnyStateMachine> = ReturnType<M['getInitialSnapshot']>['context']

export interface Chart<C> {
  /** The state, dotted: `leading.quiet`. Parallel states are joined by `, `. */
  readonly state: string
  readonly context: C
  readonly done: boolean
  /** What the last event made it ask for. */
  readonly asked: readonly Effect[]
  /** The requests of the last event by their verb: `chart.did('send')`. */
  did<D extends Effect['do']>(verb: D): readonly Extract<Effect, { do: D }>[]
  /** Gives it one event. What is not told stays as it was told before. */
  on<E extends EventObject>(event: E, told?: Told): Chart<C>
  /** Lets a state timer (`after`) run out, named as in the chart; fails when it is not set. */
  after(delay: string, told?: Told): Chart<C>
}

/** A chart at birth. `at` starts at the epoch plus a day unless told. */
export function born<M extends AnyStateMachine>(
  machine: M,
  input: unknown,
  self = `${machine.id}/host`,
  told: Told = {},
): Chart<ContextOf<M>> {
  const known = { self, at: 86_400_000, from: '', dice: textHash(self), call: 0, line: '', disk: undefined, ...told }
  return walked(machine, () => start(machine, input), known)
}

interface Known extends Delivery {}

function walked<C>(machine: AnyStateMachine, go: () => ReturnType<typeof start>, known: Known): Chart<C> {
  Object.assign(delivery, known)
  watchTransitions(coverage.take)
  const { snapshot, effects } = go()
  coverage.start(snapshot)
  return seen(machine, snapshot, effects, known)
}

function seen<C>(machine: AnyStateMachine, snapshot: AnyMachineSnapshot, asked: readonly Effect[], known: Known) {
  const on = <E extends EventObject>(event: E, told: Told = {}): Chart<C> =>
    walked(machine, () => step(machine, snapshot, event), { ...known, call: 0, line: '', disk: undefined, ...told })
  return {
    state: dotted(snapshot.value),
    context: snapshot.context as C,
    done: snapshot.status === 'done',
    asked,
    did: <D extends Effect['do']>(verb: D) =>
      asked.filter((effect): effect is Extract<Effect, { do: D }> => effect.do === verb),
    on,
    after: (delay: string, told: Told = {}) => on({ type: timerOf(snapshot, delay) }, told),
  }
}

function timerOf(snapshot: AnyMachineSnapshot, delay: string): string {
  const timers = snapshot._nodes.flatMap((node) => [...node.transitions.keys()])
  const timer = timers.find((type) => type.startsWith(`xstate.after.${delay}.`))
  if (timer === undefined) throw new Error(`no timer "${delay}" is set in ${dotted(snapshot.value)}`)
  return timer
}

/** Ends a chart's test file: every state was entered and every transition taken by the tests above. */
export function expectWhole(machine: AnyStateMachine): void {
  test(`every state and transition of ${machine.id} is taken`, ({ task }) => {
    const covered = coverage.of(machine)
    Object.assign(task.meta, { chart: machine.id, covered })
    expect(covered.missing).toEqual([])
  })
}
