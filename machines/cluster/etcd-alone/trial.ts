/** One life of a few etcd members under a schedule of requests and faults, and what it broke. */
import type { Operation, World } from '../../../runtime/world.ts'
import { History } from '../../etcd/history/recorded.ts'
import { violations } from '../../etcd/invariants.ts'
import { brokenPromises } from './order.ts'
import { contextOf, type EtcdAlone, etcdWorld, membersOf } from './world.ts'

/** What is done to the world and when, in ms of virtual time. */
export interface Move {
  readonly at: number
  readonly operation: Operation
}
export interface Schedule {
  readonly of: EtcdAlone
  /** In order of time. */
  readonly moves: readonly Move[]
  readonly lastsMs: number
}
export interface Lived {
  readonly world: World
  readonly history: History
  /** Sentences; none when every promise was kept. */
  readonly broken: readonly string[]
}
export interface How {
  /** Sees the world before it begins. */
  readonly before?: (world: World) => void
  /** Holds raft's guarantees after every step, too: slower. */
  readonly invariants?: boolean
}

export function lived({ of, moves, lastsMs }: Schedule, { before, invariants = false }: How = {}): Lived {
  const world = etcdWorld(of)
  const history = new History()
  const broken: string[] = []
  world.observe(history.sink)
  if (invariants) world.observe(() => broken.push(...violated(world, of)))
  before?.(world)
  for (const { at, operation } of moves) {
    world.run(at)
    if (isPossible(world, operation)) world.operate(operation)
    if (broken.length > 0) break
  }
  world.run(lastsMs)
  return { world, history, broken: [...broken, ...brokenPromises(history)] }
}

const violated = (world: World, of: EtcdAlone): readonly string[] =>
  violations(membersOf(of).flatMap((member) => contextOf(world, member) ?? []))

/** A schedule says what is done without knowing how far things have come: what makes no sense any more is left out. */
function isPossible({ inside: { actors, hosts } }: World, operation: Operation): boolean {
  switch (operation.op) {
    case 'crash':
    case 'pause':
      return actors.has(operation.process)
    case 'spawn':
      return !actors.has(operation.address) && hosts.get(operation.address.slice('etcd/'.length))?.up === true
    case 'powerOn':
      return hosts.get(operation.host)?.up === false
    default:
      return true
  }
}
