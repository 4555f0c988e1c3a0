import { describe, expect, test } from 'vitest'
import { setup } from 'xstate'
import { hostOf, send, verbs } from '../../../../runtime/contract.ts'
import type { Act, Assembly } from '../../../../runtime/explore/assembly.ts'
import { exhaust } from '../../../../runtime/explore/exhaust.ts'
import { explore } from '../../../../runtime/explore/search.ts'
import { compiledLogic } from '../../../../runtime/logic.ts'
import { World } from '../../../../runtime/world.ts'

/** A rumour goes round: whoever hears of it for the first time, or has waited long enough, tells the other two. */
interface Heard {
  readonly self: string
  readonly heard: number
}
type Event = { readonly type: 'rumour' } | { readonly type: 'question' }
const { ask, update, when } = verbs<Heard, Event>()
const ADDRESSES = ['gossip/a', 'gossip/b', 'gossip/c']
const others = (self: string): readonly string[] => ADDRESSES.filter((address) => address !== self)
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

function worldOf(addresses: readonly string[]): World {
  const world = new World(new Map([['gossip', compiledLogic(gossip)]]))
  for (const address of addresses) {
    world.addHost(hostOf(address), { address, machine: 'gossip', input: { self: address } })
    world.boot(hostOf(address))
  }
  return world
}
const contextOf = (world: World): Heard => world.snapshot(world.addresses[0] as string)?.context as Heard

function inParts(change: Partial<Assembly> = {}): Assembly {
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
const patience = (address: string): Act => ({
  words: `${address} has waited long enough`,
  take: (world) => {
    const timer = world.inside.agenda.items.find(({ kind }) => kind === 'timer')
    if (timer === undefined) throw new Error('no timer is set')
    world.inside.agenda.remove(timer)
    world.perform(timer)
  },
})

describe('a world in parts', () => {
  test('has the states, the steps and the ends that it has as a whole', () => {
    const whole = explore(worldOf(ADDRESSES), { timing: 'any' })
    const { states, steps, ends, complete } = exhaust(inParts())
    expect(whole.complete).toBe(true)
    expect({ states, steps, ends, complete }).toEqual({
      states: whole.states,
      steps: whole.steps,
      ends: whole.ends,
      complete: true,
    })
    expect(states).toBeGreaterThan(100)
  })

  test('needs few steps of its machines for many of its own', () => {
    const { steps, worked, parts } = exhaust(inParts())
    expect([parts, worked]).toEqual([15, 27])
    expect(steps).toBeGreaterThan(10 * worked)
  })

  test('shows what breaks an invariant by a shortest path, between parts or in a step', () => {
    const sentence = 'two know it'
    const knows = (world: World): boolean => world.snapshot(world.addresses[0] as string)?.value === 'knowing'
    const found = exhaust(inParts({ between: (a, b) => (knows(a) && knows(b) ? sentence : undefined) }))
    expect(found).toMatchObject({ complete: false, violation: { sentence } })
    expect(found.violation?.path).toHaveLength(found.depth)
    const learns = exhaust(
      inParts({ across: (before, after) => (!knows(before) && knows(after) ? 'one knows it' : undefined) }),
    )
    expect(learns.violation?.sentence).toBe('one knows it')
    expect(learns.violation?.path).toEqual([
      'gossip/a has waited long enough',
      'gossip/a → gossip/b: rumour',
      'gossip/b → gossip/a: rumour',
    ])
  })

  test('stays within its bounds: room on a connection, what is beyond, what waits, and budgets', () => {
    const { states } = exhaust(inParts())
    expect(exhaust(inParts({ room: 0 }))).toMatchObject({ states: 1, steps: 0, ends: 1 })
    expect(exhaust(inParts({ isBeyond: (world) => contextOf(world).heard > 0 })).states).toBeLessThan(states)
    const acting = (change: Partial<Act>): Partial<Assembly> => ({
      acts: (world, address) =>
        world.snapshot(address)?.value === 'quiet' ? [{ ...patience(address), ...change }] : [],
    })
    const waiting = exhaust(inParts(acting({ until: { asked: [], answered: ['rumour'] } })))
    expect(waiting.states).toBeLessThan(states)
    const once = exhaust(inParts({ ...acting({ budget: 'patience' }), budgets: { patience: 1 } }))
    expect(once.states).toBeLessThan(states)
    expect(exhaust(inParts({ ...acting({ budget: 'patience' }), budgets: { patience: 3 } })).states).toBeGreaterThan(
      once.states,
    )
    expect(exhaust(inParts(), { limit: 20 })).toMatchObject({ complete: false })
  })

  test('loses what is under way to a part where an act says so', () => {
    const deaf = (address: string): Act => ({
      words: `${address} is deaf`,
      budget: 'deaf',
      losesMail: true,
      take: () => {},
    })
    const acts: Assembly['acts'] = (world, address) => [...inParts().acts(world, address), deaf(address)]
    const found = exhaust(inParts({ acts, budgets: { deaf: 1 } }), {
      visit: ({ left, views }) => lost.add(`${left['deaf']} ${views}`),
    })
    expect(found.complete).toBe(true)
    const silent = JSON.stringify(['excited', 0])
    expect(lost).toContain(`0 ${silent},${JSON.stringify(['quiet', 0])},${JSON.stringify(['excited', 1])}`)
  })
  const lost = new Set<string>()

  test('has no conversations between its parts', () => {
    const asks = (address: string): Act => ({
      words: `${address} asks`,
      budget: 'asked',
      take: (world) =>
        world.operate({ op: 'call', from: address, to: others(address)[0] as string, event: { type: 'question' } }),
    })
    const acts: Assembly['acts'] = (_, address) => [asks(address)]
    expect(() => exhaust(inParts({ acts, budgets: { asked: 1 } }))).toThrow(
      'question for gossip/b is part of a conversation',
    )
  })
})
