/** A few etcd members and nothing else: a world small enough to be lived through ten thousand times. */
import { type Address, hostOf } from '../../../runtime/contract.ts'
import { compiledLogic, type Logic } from '../../../runtime/logic.ts'
import { DEFAULT_LATENCIES } from '../../../runtime/network.ts'
import { type Options, World } from '../../../runtime/world.ts'
import type { Bug } from '../../etcd/bug.ts'
import type { Context, Input } from '../../etcd/context.ts'
import { etcd } from '../../etcd/member.ts'

export interface EtcdAlone {
  /** 1, 3, 5 … on hosts `m-1` … */
  readonly members: number
  readonly bug?: Bug | undefined
  readonly world?: Partial<Options>
}

export const membersOf = ({ members }: EtcdAlone): readonly Address[] =>
  Array.from({ length: members }, (_, i) => `etcd/m-${i + 1}`)

export const inputOf = (of: EtcdAlone, member: Address): Input => ({
  name: hostOf(member),
  members: membersOf(of),
  ...(of.bug === undefined ? {} : { bug: of.bug }),
})

/** All members switched on at once, with empty disks. */
export function etcdWorld(of: EtcdAlone): World {
  const world = new World(new Map([['etcd', logic()]]), { latencies: DEFAULT_LATENCIES, ...of.world })
  for (const address of membersOf(of)) {
    world.addHost(hostOf(address), { address, machine: 'etcd', input: inputOf(of, address) })
    world.boot(hostOf(address))
  }
  return world
}

/** Compiled once: what a chart is does not depend on the world. */
let compiled: Logic | undefined
function logic(): Logic {
  compiled ??= compiledLogic(etcd)
  return compiled
}

export const contextOf = (world: World, member: Address): Context | undefined =>
  world.snapshot(member)?.context as Context | undefined
