import { describe, expect, test } from 'vitest'
import type { Act, Assembly } from '../../../../runtime/explore/assembly.ts'
import { exhaust } from '../../../../runtime/explore/exhaust.ts'
import { explore } from '../../../../runtime/explore/search.ts'
import type { World } from '../../../../runtime/world.ts'
import {
  ADDRESSES,
  contextOf,
  inNamelessParts,
  inParts,
  others,
  patience,
  worldOf,
} from '../../../kit/worlds/gossip.ts'

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

  test('shows a shortest path where states of other names stand for those on it', () => {
    const knows = (world: World): boolean => world.snapshot(world.addresses[0] as string)?.value === 'knowing'
    const between: Assembly['between'] = (a, b) => (knows(a) && knows(b) ? 'two know it' : undefined)
    const [one, all] = [exhaust(inNamelessParts({ between })), exhaust(inParts({ between }))]
    expect(one.violation?.path).toHaveLength(all.violation?.path.length ?? 0)
    expect(one.violation?.path).not.toContain('')
    expect(one.states).toBeLessThan(all.states)
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
