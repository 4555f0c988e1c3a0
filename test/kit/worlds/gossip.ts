/** A rumour among three who are alike, as a world of its own and as a world in parts. */
import { setup } from 'xstate'
import { hostOf, send, verbs } from '../../../runtime/contract.ts'
import type { Act, Assembly } from '../../../runtime/explore/assembly.ts'
import { compiledLogic } from '../../../runtime/logic.ts'
import { World } from '../../../runtime/world.ts'

/** A rumour goes round: whoever hears of it for the first time, or has waited long enough, tells the other two. */
interface Heard {
  readonly self: string
  readonly heard: number
}
type Event = { readonly type: 'rumour' } | { readonly type: 'question' }
const { ask, update, when } = verbs<Heard, Event>()
export const ADDRESSES = ['gossip/a', 'gossip/b', 'gossip/c']
export const others = (self: string): readonly string[] => ADDRESSES.filter((address) => address !== self)
const gossip = setup({
  types: { context: {} as Heard, events: {} as Event, input: {} as { self: string } },
  delays: { patience: 1_000 },
  guards: { 'it is old': when(({ heard }) => heard > 1) },
  actions: {
    tell: ask(({ self }) => others(self).map((to) => send(to, { type: 'rumour' }))),
    remember: update(({ heard }) => ({ heard: heard + 1 })),
  },
}).createMachine({
  id: 'gossip',
  context: ({ input }) => ({ self: input.self, heard: 0 }),
  initial: 'quiet',
  states: {
    quiet: { on: { rumour: { target: 'excited', actions: 'remember' } }, after: { patience: 'excited' } },
    excited: { entry: 'tell', on: { rumour: { target: 'knowing', actions: 'remember' } } },
    knowing: { on: { rumour: [{ guard: 'it is old' }, { actions: 'remember' }] } },
  },
})

export function worldOf(addresses: readonly string[]): World {
  const world = new World(new Map([['gossip', compiledLogic(gossip)]]))
  for (const address of addresses) {
    world.addHost(hostOf(address), { address, machine: 'gossip', input: { self: address } })
    world.boot(hostOf(address))
  }
  return world
}
export const contextOf = (world: World): Heard => world.snapshot(world.addresses[0] as string)?.context as Heard

export function inParts(change: Partial<Assembly> = {}): Assembly {
  return {
    parts: ADDRESSES.map((address) => ({ address, world: worldOf([address]) })),
    budgets: {},
    room: 10,
    acts: (world, address) => (world.snapshot(address)?.value === 'quiet' ? [patience(address)] : []),
    view: (world, address) => JSON.stringify([world.snapshot(address)?.value, contextOf(world).heard]),
    isBeyond: () => false,
    ...change,
  }
}
export const patience = (address: string): Act => ({
  words: `${address} has waited long enough`,
  take: (world) => {
    const timer = world.inside.agenda.items.find(({ kind }) => kind === 'timer')
    if (timer === undefined) throw new Error('no timer is set')
    world.inside.agenda.remove(timer)
    world.perform(timer)
  },
})

/** Who hears does not ask from whom: any of the three could be any other. */
export const inNamelessParts = (change: Partial<Assembly> = {}): Assembly =>
  inParts({ renamed: (text, name) => text.replace(/gossip\/[abc]/g, name), ...change })
