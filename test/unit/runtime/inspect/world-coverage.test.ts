import { describe, expect, test } from 'vitest'
import { coverWorld } from '../../../../runtime/inspect/world-coverage.ts'
import { contender, keeper } from '../../../kit/worlds/lease.ts'
import { asker, server } from '../../../kit/worlds/request.ts'
import { worldOf } from '../../../kit/worlds/start.ts'

describe('what the charts of a world have shown in a run', () => {
  test('is all of them, when all of it happened', () => {
    const world = worldOf(
      { 'keeper/k': keeper, 'contender/a': contender, 'contender/b': contender },
      { byXState: true },
    )
    const seen = coverWorld(world)
    world.run(30_000)
    const { of, total } = seen()
    expect(of.get('contender')?.missing).toEqual([])
    expect(of.get('keeper')?.missing).toEqual([])
    expect(total.states).toEqual({ taken: 7, total: 7 })
    expect(total.transitions.taken).toBe(total.transitions.total)
  })

  test('names by machine what did not happen', () => {
    const world = worldOf({ 'server/b': server, 'asker/a': asker }, { byXState: true })
    const seen = coverWorld(world)
    world.run(30_000)
    const { of } = seen()
    expect(of.get('asker')?.missing).toContain('state disappointed')
    expect(of.get('asker')?.missing.join('\n')).toContain('waiting: on call.lost')
    expect(of.get('server')?.missing).toEqual([])
  })

  test('includes those that are born later, and ends when it is asked for', () => {
    const world = worldOf({ 'server/b': server, 'asker/a': asker }, { byXState: true })
    world.run(30_000)
    const before = coverWorld(world)
    expect(before().of.get('server')?.transitions.taken).toBe(0)
    const seen = coverWorld(world)
    world.operate({ op: 'spawn', address: 'asker/b', machine: 'asker', input: {} })
    const { of } = seen()
    expect(of.get('asker')?.missing).not.toContain('state waiting')
    world.run(60_000)
    expect(seen().of.get('server')?.transitions.taken).toBe(0)
  })
})
