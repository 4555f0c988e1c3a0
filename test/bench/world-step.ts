/**
 * What the whole world costs over stepping the charts alone. Every step of a cluster that starts 300 pods is taken down
 * while XState interprets it; then those steps are taken again by XState alone (`machine.transition`: no queue, no
 * network, nothing carried out). The same deliveries are run by the compiled world, in a process of its own as well: an
 * engine that has met the contexts of both runs either slower. Best of several rounds each, one process after the other.
 */
import { spawnSync } from 'node:child_process'
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
  const [bare, world] = [µsOf('bare-step'), µsOf('step-in-the-world')]
  return {
    benchmarks: [atMost(GOAL, 'world step over bare step', world / bare, 'ratio')],
    notes: [`a delivery or birth: ${rounded(bare)} µs bare, ${rounded(world)} µs in the world`],
  }
}

/** Another part of the benchmarks, by its name. */
function µsOf(part: 'bare-step' | 'step-in-the-world'): number {
  const { stdout } = spawnSync(process.execPath, [process.argv[1] ?? '', part], { encoding: 'utf8' })
  return JSON.parse(stdout) as number
}

/** @returns µs a step of XState's */
export function bareStep(): number {
  const steps = recorded()
  return best(() => timed(() => steps.forEach(taken))) / steps.length
}

/** @returns µs a delivery of the world's */
export function stepInWorld(): number {
  return best(() => {
    const cluster = largeCluster()
    const before = cluster.world.counts.count
    ask(cluster, PODS)
    const ms = timed(() => untilReady(cluster))
    return ms / (cluster.world.counts.count - before)
  })
}

/** Of several rounds the best, in µs for what took ms. */
const best = (round: () => number): number => Math.min(...Array.from({ length: ROUNDS }, round)) * 1_000

interface Recorded {
  readonly machine: AnyStateMachine
  /** What it was before; undefined at birth. */
  readonly snapshot: AnyMachineSnapshot | undefined
  /** The event, or the input of a birth. */
  readonly event: unknown
  readonly told: Delivery
}

function recorded(): readonly Recorded[] {
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
  return steps
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
