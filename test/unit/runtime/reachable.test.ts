import { expect, test } from 'vitest'
import { type AnyStateNode, setup } from 'xstate'
import { pathOf } from '../../../runtime/coverage.ts'
import { reachable } from '../../../runtime/reachable.ts'

const paths = (config: object): string[] => {
  const machine = setup({}).createMachine({ id: 'map', ...config } as never)
  return [...reachable(machine.root as unknown as AnyStateNode)].map(pathOf).sort()
}

test('initial states, regions, targets of any transition and defaults of history states are reached', () => {
  const states = {
    a: { always: 'b' },
    b: { type: 'parallel', onDone: 'c.where', states: { left: { initial: 'x', states: { x: {}, y: {} } }, right: {} } },
    c: { initial: 'd', after: { 10: 'f' }, states: { d: {}, e: {}, where: { type: 'history', target: 'e' } } },
    f: { type: 'final' },
    lost: { on: { go: 'alsoLost' } },
    alsoLost: {},
  }
  const found = paths({ initial: 'a', states })
  expect(found).toEqual(['a', 'b', 'b.left', 'b.left.x', 'b.right', 'c', 'c.d', 'c.e', 'c.where', 'f', 'map'])
})

test('a target deep inside reaches the states around it, with their other regions', () => {
  const regions = { left: { initial: 'x', states: { x: {}, y: {} } }, right: {} }
  const states = { a: { on: { go: 'b.left.y' } }, b: { type: 'parallel', states: regions } }
  expect(paths({ initial: 'a', states })).toEqual(['a', 'b', 'b.left', 'b.left.x', 'b.left.y', 'b.right', 'map'])
})
