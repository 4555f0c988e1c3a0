/** Who goes next: what is due first, ties in the order in which they were asked for. */
import type { World } from '../world.ts'

/** Lets one thing happen in a world. @returns false when nothing is left */
export type Driver = (world: World) => boolean

export const byTime: Driver = (world) => world.step()
