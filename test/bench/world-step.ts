/**
 * What the whole world costs over stepping the charts alone. Every step of a cluster that starts 300 pods is taken down
 * while XState interprets it; then those steps are taken again by XState alone (`machine.transition`: no queue, no
 * network, nothing carried out), and the same deliveries are run by the compiled world. Best of several rounds each, in
 * one process, turn by turn.
 */
import type { AnyMachineSnapshot, AnyStateMachine, EventObject } from 'xstate'
import { type Delivery, delivery } from '../../runtime/contract.ts'
import { start, step } from '../../runtime/step.ts'
import { BORN, type TraceRecord } from '../../runtime/trace.ts'
import { atMost, type Measured, rounded, timed } from './bench.ts'
import { ask, largeCluster, untilReady } from './workload.ts'

const PODS = 300
const ROUNDS = 5
/** Above this, what XState's steps cost hides behind the world. */
const GOAL = 0.6

export function worldStep(): Measured {
  const { steps, count } = recorded()
  let [bare, world] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (let round = 0; round < ROUNDS; round++) {
    bare = Math.min(
      bare,
      timed(() => steps.forEach(taken)),
    )
    world = Math.min(world, worldRun(count))
  }
  const each = (ms: number): string => `${rounded((ms * 1_000) / steps.length)} µs`
  return {
    benchmarks: [atMost(GOAL, 'world step over bare step', world / bare, 'ratio')],
    notes: [`${steps.length} deliveries and births: ${each(bare)} bare, ${each(world)} in the world`],
  }
}

interface Recorded {
  readonly machine: AnyStateMachine
  /** What it was before; undefined at birth. */
  readonly snapshot: AnyMachineSnapshot | undefined
  /** The event, or the input of a birth. */
  readonly event: unknown
  readonly told: Delivery
}

function recorded(): { readonly steps: readonly Recorded[]; readonly count: number } {
  const cluster = largeCluster({ interpreted: true })
  const { world } = cluster
  const steps: Recorded[] = []
  const stop = world.observe(({ machine: id, event, to }: TraceRecord) => {
    const { machine } = world.inside.logics.get(id) as { machine: AnyStateMachine }
    const born = event.type === BORN
    const snapshot = born ? undefined : (world.snapshot(to) as unknown as AnyMachineSnapshot)
    steps.push({ machine, snapshot, event: born ? (event as { input?: unknown }).input : event, told: { ...delivery } })
  })
  ask(cluster, PODS)
  untilReady(cluster)
  stop()
  return { steps, count: world.counts.count }
}

function taken({ machine, snapshot, event, told }: Recorded): void {
  delivery.self = told.self
  delivery.at = told.at
  delivery.from = told.from
  delivery.dice = told.dice
  delivery.call = told.call
  delivery.line = told.line
  delivery.disk = told.disk
  if (snapshot === undefined) start(machine, event)
  else step(machine, snapshot, event as EventObject)
}

/** @returns how long the same deliveries take, in ms */
function worldRun(count: number): number {
  const cluster = largeCluster()
  const { world } = cluster
  ask(cluster, PODS)
  return timed(() => {
    while (world.counts.count < count) world.step()
  })
}
