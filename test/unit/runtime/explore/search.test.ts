import { describe, expect, test } from 'vitest'
import { draw } from '../../../../runtime/contract.ts'
import { inWords } from '../../../../runtime/explore/choices.ts'
import { shortestPaths } from '../../../../runtime/explore/graph.ts'
import { explore } from '../../../../runtime/explore/search.ts'
import type { World } from '../../../../runtime/world.ts'
import * as hand from '../../../kit/worlds/by-hand.ts'
import { counted } from '../../../kit/worlds/by-hand.ts'
import { counterWorld, leaseWorld, requestWorld } from '../../../kit/worlds/start.ts'

const context = <C>(world: World, address: string): C | undefined => world.snapshot(address)?.context as C | undefined
const stateOf = (world: World, address: string): unknown => world.snapshot(address)?.value

describe('a request with a time-out and a retry, any message and any timer at any moment', () => {
  const found = explore(requestWorld(), { timing: 'any' })

  test('has exactly the states that a model by hand has', () => {
    expect(found).toMatchObject({
      complete: true,
      states: counted(hand.request).states,
      ends: counted(hand.request).ends,
    })
    expect(found.states).toBe(15)
  })

  test('can leave the client disappointed although the server answered both times', () => {
    const both = explore(requestWorld(), {
      timing: 'any',
      invariant: (world) =>
        stateOf(world, 'asker/a') === 'disappointed' && context<{ answers: number }>(world, 'server/b')?.answers === 2
          ? 'answered in vain'
          : undefined,
    })
    expect(both.violation?.path.map(inWords)).toEqual([
      'asker/a → server/b: asked',
      'asker/a: xstate.after.time-out.asker.waiting',
      'asker/a → server/b: asked',
      'asker/a: xstate.after.time-out.asker.waiting',
    ])
  })

  test("is walked to the same states by XState's own path functions", () => {
    expect(shortestPaths(requestWorld(), { timing: 'any' })).toHaveLength(found.states)
  })
})

describe('two contenders for a lease', () => {
  const bothLead = (world: World): string | undefined =>
    stateOf(world, 'contender/a') === 'leading' && stateOf(world, 'contender/b') === 'leading' ? 'two lead' : undefined
  const found = explore(leaseWorld(), { timing: 'any', invariant: bothLead })

  test('have exactly the states that a model by hand has, and never lead both', () => {
    expect(found.violation).toBeUndefined()
    expect(found).toMatchObject({ complete: true, states: counted(hand.lease).states, ends: 0 })
  })
})

describe('a counter with a disk, while the power may go once', () => {
  const lost = (world: World): string | undefined => {
    const safe = (world.inside.disks.get('counter/b')?.synced.get('count') as number | undefined) ?? 0
    const acknowledged = context<{ acknowledged: number }>(world, 'incrementer/a')?.acknowledged ?? 0
    return acknowledged > safe ? `${acknowledged} were acknowledged, ${safe} are safe` : undefined
  }
  const kept = draw(42, 'power loss', 'counter/b', 1) % 2 === 1
  const powerMayGo = (world: World) => (world.isUp('b') ? [{ op: 'powerOff', host: 'b' } as const] : [])

  test('never loses what it acknowledged', () => {
    const found = explore(counterWorld(), { timing: 'any', invariant: lost, faults: powerMayGo })
    expect(found.violation).toBeUndefined()
    expect(found.complete).toBe(true)
    expect(found.states).toBe(counted(hand.counter(kept)).states)
  })
})
