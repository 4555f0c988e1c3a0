/** Where a member lives: its process, if it has one, its disk and its timers. */
import type { AnyMachineSnapshot } from 'xstate'
import { Tree } from '../../../../../runtime/tree.ts'

export interface Host {
  snapshot: AnyMachineSnapshot | undefined
  disk: Tree<unknown>
  /** What would be left of the disk after each write since the last sync, the state at that sync first. */
  unsafe: Tree<unknown>[]
  life: number
  timers: Map<string, number>
  pausedUntil: number
}

export const blank = (): Host => ({
  snapshot: undefined,
  disk: Tree.of(),
  unsafe: [Tree.of()],
  life: 0,
  timers: new Map(),
  pausedUntil: 0,
})

export function written(member: Host, key: string, value: unknown): Tree<unknown> {
  member.disk = value === undefined ? member.disk.delete(key) : member.disk.set(key, value)
  return member.disk
}
