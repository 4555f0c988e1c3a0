/**
 * A run as data: the seed, the setting it began with, and what was done from outside and when. Everything else follows,
 * so a replay gives the same log to the byte.
 */
import type { Address } from './contract.ts'
import { byTime, type Driver } from './drivers/by-time.ts'
import type { Recorded, World } from './world.ts'

export const RECORDING_VERSION = 1

export interface Recording<Setting = unknown> {
  readonly version: number
  readonly seed: number
  /** Whatever makes the first state of the world again: the runtime passes it through. */
  readonly setting: Setting
  readonly operations: readonly Recorded[]
  /** The number of the last delivery, how many things happened in all, and the virtual time at the end. */
  readonly end: { readonly count: number; readonly steps: number; readonly at: number }
}

export const recordingOf = <S>(world: World, setting: S): Recording<S> => ({
  version: RECORDING_VERSION,
  seed: world.seed,
  setting,
  operations: world.recorded,
  end: { count: world.counts.count, steps: world.counts.steps, at: world.now },
})

/** Thrown when a replay does not meet what was recorded: the setting, the machines or the runtime are not the same. */
export class ReplayDiverged extends Error {}

/**
 * Lives a recorded run again on a fresh world of the same setting.
 * @param until stops as soon as the delivery of this number was made, if it comes before the end
 * @param next lets one thing happen, as the driver of the recorded run did
 * @throws {ReplayDiverged} when what happens is not what was recorded
 */
export function replay(world: World, recording: Recording, until = recording.end.count, next: Driver = byTime): void {
  const { operations, end } = recording
  for (const role of rolesOutside(recording))
    if (!world.inside.outside.has(role)) world.bindOutside(role, () => undefined)
  for (const { after, steps, at, operation } of operations) {
    if (after >= until && until < end.count) break
    advance(world, { count: after, steps, at }, next)
    world.operate(operation)
  }
  if (until >= end.count) return advance(world, end, next)
  while (world.counts.count < until) stepped(world, until, next)
}

/** Those that were played outside: what they said is recorded, and who asks them must not be refused. */
const rolesOutside = ({ operations }: Recording): ReadonlySet<Address> =>
  new Set(
    operations.flatMap(({ operation }) =>
      operation.op === 'answer' || operation.op === 'push' ? [operation.from] : [],
    ),
  )

function advance(world: World, { count, steps, at }: Recording['end'], next: Driver): void {
  while (world.counts.steps < steps) stepped(world, count, next)
  const met = world.counts
  if (met.count !== count || met.steps !== steps)
    throw new ReplayDiverged(
      `delivery ${count} (step ${steps}) of the recording became ${met.count} (step ${met.steps}): the setting differs`,
    )
  world.sleep(at)
}

function stepped(world: World, count: number, next: Driver): void {
  if (!next(world)) throw new ReplayDiverged(`nothing is left after delivery ${world.counts.count} of ${count}`)
}
