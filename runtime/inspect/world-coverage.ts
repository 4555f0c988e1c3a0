/**
 * What the charts of a world have shown in a run, by machine. For worlds that are stepped by XState (`interpreted`): a
 * compiled step does not tell which transitions it takes.
 */
import { Coverage, type Covered } from '../coverage.ts'
import { watchTransitions } from '../step.ts'
import { BORN } from '../trace.ts'
import type { World } from '../world.ts'

export interface WorldCoverage {
  /** By machine id; those that were never born, too. */
  readonly of: ReadonlyMap<string, Covered>
  readonly total: Pick<Covered, 'states' | 'transitions'>
}

/**
 * Watches from now on: what was born before is seen in the states that it enters next. There is one watch on the steps of
 * XState at a time, so one world is covered at a time.
 * @returns what ends the watch, and tells what was seen
 */
export function coverWorld(world: World): () => WorldCoverage {
  const { logics, actors } = world.inside
  const coverage = new Coverage()
  const seeValue = (id: string, value: unknown): void => {
    const machine = logics.get(id)?.machine
    if (machine !== undefined) coverage.start(machine.resolveState({ value, context: {} } as never))
  }
  for (const { life, snapshot } of actors.values()) seeValue(life.logic.id, snapshot.value)
  const enough = world.observe(({ event, machine, after }) => {
    if (event.type === BORN && after !== undefined) seeValue(machine, after)
  })
  watchTransitions(coverage.take)
  return () => {
    watchTransitions(undefined)
    enough()
    return summed(new Map([...logics].map(([id, { machine }]) => [id, coverage.of(machine)])))
  }
}

function summed(of: ReadonlyMap<string, Covered>): WorldCoverage {
  const all = [...of.values()]
  const share = (kind: 'states' | 'transitions') => ({
    taken: all.reduce((sum, covered) => sum + covered[kind].taken, 0),
    total: all.reduce((sum, covered) => sum + covered[kind].total, 0),
  })
  return { of, total: { states: share('states'), transitions: share('transitions') } }
}
