/**
 * The disk of one process: what it wrote outlives it. A crash of the process loses nothing that was written; a loss of
 * power keeps all that was synced, and of the rest a prefix in order. A value: every change makes a new one.
 */
import { Tree } from './tree.ts'

export interface Disk {
  /** As the process reads it: everything written. */
  readonly written: Tree<unknown>
  /** As a loss of power leaves it at least. */
  readonly synced: Tree<unknown>
  /** What lies between the two, oldest first. */
  readonly unsynced: readonly Written[]
  /** How many writes were made in all. */
  readonly count: number
}
interface Written {
  readonly key: string
  readonly value: unknown
}

/** Thrown where a sync finds no space: the process dies of it. The fault of the disk, not of the machine. */
export class DiskFull extends Error {
  constructor() {
    super('no space left on device')
  }
}

export const EMPTY_DISK: Disk = { written: Tree.of(), synced: Tree.of(), unsynced: [], count: 0 }

/** `undefined` removes the key. */
export const written = (disk: Disk, key: string, value: unknown): Disk => ({
  written: put(disk.written, { key, value }),
  synced: disk.synced,
  unsynced: [...disk.unsynced, { key, value }],
  count: disk.count + 1,
})

/** The first `upTo` of all writes ever made have reached the platter. */
export function syncedUpTo(disk: Disk, upTo: number): Disk {
  const reached = upTo - (disk.count - disk.unsynced.length)
  if (reached <= 0) return disk
  if (reached >= disk.unsynced.length) return { ...disk, synced: disk.written, unsynced: [] }
  return {
    ...disk,
    synced: disk.unsynced.slice(0, reached).reduce(put, disk.synced),
    unsynced: disk.unsynced.slice(reached),
  }
}

/** After a loss of power: what was synced, and the first `kept` of the writes after that. */
export function afterPowerLoss(disk: Disk, kept: number): Disk {
  const left = disk.unsynced.slice(0, kept).reduce(put, disk.synced)
  return { written: left, synced: left, unsynced: [], count: disk.count }
}

const put = (tree: Tree<unknown>, { key, value }: Written): Tree<unknown> =>
  value === undefined ? tree.delete(key) : tree.set(key, value)
