import { describe, expect, test } from 'vitest'
import { send } from '../../../../runtime/contract.ts'
import type { Operation } from '../../../../runtime/world.ts'
import { Stage } from '../../../kit/worlds/puppets.ts'

const stage = () => new Stage(['one/a', 'far/b'])

describe('an operation', () => {
  test('sends, spawns and stops from outside, and is recorded with its moment', () => {
    const play = stage().wait(10)
    play.world.operate({ op: 'spawn', address: 'new/a', machine: 'puppet', input: {} })
    play.world.send('new/a', { type: 'hello' })
    play.wait(5).world.operate({ op: 'stop', process: 'one/a' })
    expect(play.last('new/a', 'hello')).toMatchObject({ from: 'outside/outside', at: 11 })
    expect(play.world.addresses).toEqual(['far/b', 'new/a'])
    expect(play.world.recorded).toEqual([
      { after: 2, steps: 0, at: 10, operation: { op: 'spawn', address: 'new/a', machine: 'puppet', input: {} } },
      {
        after: 3,
        steps: 0,
        at: 10,
        operation: { op: 'send', to: 'new/a', event: { type: 'hello' }, from: 'outside/outside' },
      },
      { after: 4, steps: 1, at: 15, operation: { op: 'stop', process: 'one/a' } },
    ])
  })

  const SENSELESS: readonly (readonly [string, Operation])[] = [
    ['cut', { op: 'cut', from: 'a', to: 'nowhere' }],
    ['heal', { op: 'heal', from: 'nowhere', to: 'a' }],
    ['reset', { op: 'reset', from: 'a', to: 'nowhere' }],
    ['delay', { op: 'delay', from: 'a', to: 'nowhere', ms: 1 }],
    ['skew', { op: 'skew', host: 'nowhere', ms: 1 }],
    ['slowDisk', { op: 'slowDisk', host: 'nowhere', ms: 1 }],
    ['fillDisk', { op: 'fillDisk', host: 'nowhere' }],
    ['powerOff', { op: 'powerOff', host: 'nowhere' }],
    ['powerOn', { op: 'powerOn', host: 'nowhere' }],
  ]
  test.each(SENSELESS)('%s names the hosts there are when it is given another, and is not recorded', (_, operation) => {
    const { world } = stage()
    expect(() => world.operate(operation)).toThrow('there is no host "nowhere"; the hosts are a, b')
    expect(world.recorded).toEqual([])
  })

  test('that would start somebody twice is not recorded', () => {
    const { world } = stage()
    const twice: Operation = { op: 'spawn', address: 'one/a', machine: 'puppet', input: {} }
    expect(() => world.operate(twice)).toThrow('one/a is running already')
    expect(world.recorded).toEqual([])
  })

  test('causes what follows from it: its number is 0', () => {
    const play = stage()
    const causes: number[] = []
    play.world.observe(({ cause }) => causes.push(cause))
    play.tell('one/a', send('far/b', { type: 'hello' })).wait(5)
    play.world.send('far/b', { type: 'news' })
    play.wait(5)
    expect(causes).toEqual([0, 3, 0])
  })
})
