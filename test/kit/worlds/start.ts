/** Small worlds at their beginning: every process on a host of its own. */
import type { AnyStateMachine } from 'xstate'
import type { Address } from '../../../runtime/contract.ts'
import { compiledLogic, interpreted } from '../../../runtime/logic.ts'
import { type Options, World } from '../../../runtime/world.ts'
import { counter, incrementer } from './counter.ts'
import { contender, keeper } from './lease.ts'
import { publisher, reader } from './newspaper.ts'
import { asker, server } from './request.ts'

/** @param roles machine by address, in the order of their births */
export function worldOf(
  roles: Readonly<Record<Address, AnyStateMachine>>,
  options: Partial<Options> & { byXState?: boolean } = {},
): World {
  const logic = options.byXState === true ? interpreted : compiledLogic
  const world = new World(new Map(Object.values(roles).map((machine) => [machine.id, logic(machine)])), options)
  for (const [address, machine] of Object.entries(roles)) {
    const host = address.slice(address.indexOf('/') + 1)
    world.addHost(host, { address, machine: machine.id, input: {} })
    world.boot(host)
  }
  return world
}

export const requestWorld = (): World => worldOf({ 'server/b': server, 'asker/a': asker })
export const counterWorld = (): World => worldOf({ 'counter/b': counter, 'incrementer/a': incrementer })
export const leaseWorld = (): World =>
  worldOf({ 'keeper/k': keeper, 'contender/a': contender, 'contender/b': contender })
export const newspaperWorld = (): World => worldOf({ 'publisher/p': publisher, 'reader/a': reader, 'reader/b': reader })
