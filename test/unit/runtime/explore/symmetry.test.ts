import { describe, expect, test } from 'vitest'
import { exhaust } from '../../../../runtime/explore/exhaust.ts'
import { type Seen, Spread } from '../../../../runtime/explore/spread.ts'
import { Symmetry } from '../../../../runtime/explore/symmetry.ts'
import { inNamelessParts, inParts } from '../../../kit/worlds/gossip.ts'

const ORDERS = ['012', '021', '102', '120', '201', '210'].map((order) => [...order].map(Number))
/** In the words of whoever knows nothing of rows: the first of all texts that a state has under other names. */
function nameless({ views, underWay }: Seen): string {
  const texts = ORDERS.map((order) => {
    const ways = Object.entries(underWay).map(([way, mail]) => {
      const [from, to] = way.split('>').map(Number) as [number, number]
      return `${order[from]}>${order[to]} ${mail}`
    })
    return JSON.stringify([views.map((_, i) => views[order.indexOf(i)]), ways.sort()])
  })
  return texts.sort()[0] as string
}

describe('of states that are the same but for the names', () => {
  test('one is met, and all that can be reached have one that stands for them', () => {
    const [once, all] = [new Set<string>(), new Set<string>()]
    const found = exhaust(inNamelessParts(), { visit: (state) => once.add(nameless(state)) })
    const whole = exhaust(inParts(), { visit: (state) => all.add(nameless(state)) })
    expect([...once].sort()).toEqual([...all].sort())
    expect(found.states).toBe(all.size)
    expect(found.states).toBeLessThan(whole.states / 4)
    expect(found.depth).toBe(whole.depth)
  })
  test('the least row is the same for all', () => {
    const assembly = inNamelessParts()
    const spread = new Spread(assembly)
    const symmetry = new Symmetry(spread, assembly)
    const rows: string[] = []
    spread.each(() => {
      const least = new Int32Array(spread.width)
      symmetry.least(spread.next, least)
      rows.push(least.join())
    })
    expect(rows).toHaveLength(3)
    expect(new Set(rows).size).toBe(1)
  })
})

test('where the parts are not interchangeable a row stands for itself', () => {
  const spread = new Spread(inParts())
  const least = new Int32Array(spread.width)
  new Symmetry(spread, inParts()).least(spread.row, least)
  expect(least).toEqual(spread.row)
})
