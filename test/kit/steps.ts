/** Every step of a world, with what its actor knew before and after it: for invariants to be held against. */
import type { EventObject } from 'xstate'
import type { World } from '../../runtime/world.ts'

export interface WatchedStep {
  readonly before: unknown
  readonly after: unknown
  readonly event: EventObject
}
/** Says what a step of a machine breaks. */
export type Check = (machine: string, step: WatchedStep) => readonly string[]

/** @returns asks what was broken so far, each with time and address */
export function watched(world: World, check: Check): () => readonly string[] {
  const broken: string[] = []
  let finish: () => void = () => {}
  // A step is told before it is settled: what came of it is seen when the next one is told.
  world.observe(({ to, at, machine, event }) => {
    finish()
    const before = world.snapshot(to)?.context
    finish = () => {
      const after = world.snapshot(to)?.context
      if (before === undefined || after === undefined) return
      for (const says of check(machine, { before, after, event })) broken.push(`${at} ms, ${to}: ${says}`)
    }
  })
  return () => {
    finish()
    finish = () => {}
    return broken
  }
}
