/**
 * A run as data: the seed, the setting it began with, and what was done from outside and when. Everything else follows,
 * so a replay gives the same log to the byte.
 */
import type { Recorded, World } from './world.ts'

export const RECORDING_VERSION = 1

export interface Recording<Setting = unknown> {
  readonly version: number
  readonly seed: number
  /** Whatever makes the first state of the world again: the runtime passes it through. */
  readonly setting: Setting
  readonly operations: readonly Recorded[]
  /** The number of the last delivery, and the virtual time at the end. */
  readonly end: { readonly count: number; readonly at: number }
}

export const recordingOf = <S>(world: World, setting: S): Recording<S> => ({
  version: RECORDING_VERSION,
  seed: world.seed,
  setting,
  operations: world.recorded,
  end: { count: world.counts.count, at: world.now },
})

/** Thrown when a replay does not meet what was recorded: the setting, the machines or the runtime are not the same. */
export class ReplayDiverged extends Error {}

/**
 * Lives a recorded run again on a fresh world of the same setting.
 * @param until stops after the delivery of this number, if it comes before the end
 * @throws {ReplayDiverged} when the world has nothing to deliver where the recording had
 */
export function replay(world: World, recording: Recording, until = recording.end.count): void {
  for (const { after, at, operation } of recording.operations) {
    if (after > until) break
    advance(world, after, at)
    world.operate(operation)
  }
  advance(world, Math.min(until, recording.end.count), until >= recording.end.count ? recording.end.at : 0)
}

function advance(world: World, count: number, at: number): void {
  while (world.counts.count < count) {
    if (!world.step()) throw new ReplayDiverged(`nothing is left after delivery ${world.counts.count} of ${count}`)
  }
  if (world.counts.count > count)
    throw new ReplayDiverged(`delivery ${count} of the recording became ${world.counts.count}: the setting differs`)
  world.sleep(at)
}
