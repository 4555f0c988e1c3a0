import { expect, test } from 'vitest'
import { compile } from '../../../../runtime/compile/compile.ts'
import { entriesOf } from '../../../../runtime/compile/entries.ts'
import { everyNode, type Transition } from '../../../../runtime/compile/nodes.ts'
import { context, expectSame, small } from './small.ts'

const nested = small.createMachine({
  id: 'nested',
  context,
  entry: 'tell entry',
  initial: { target: 'outside', actions: ['tell the count', 'count up'] },
  states: {
    outside: { on: { go: 'inside', deep: 'inside.right.second', again: '#nested.inside.left' } },
    inside: {
      type: 'parallel',
      entry: ['tell entry', 'count at entry'],
      exit: 'tell exit',
      on: { back: 'outside', around: { target: 'inside', reenter: true }, within: '.left.second' },
      states: {
        left: {
          entry: 'tell entry',
          initial: { target: 'first', actions: ['tell and count'] },
          states: { first: { entry: 'note' }, second: { entry: 'count at entry' } },
        },
        right: {
          entry: ['count at entry', 'tell entry'],
          exit: 'tell exit',
          initial: { target: 'first', actions: 'tell the count' },
          states: {
            first: { entry: 'note', exit: 'count at exit' },
            second: {
              entry: 'tell entry',
              exit: 'tell exit',
              on: { up: { target: '#nested.inside.right', reenter: true } },
            },
          },
        },
      },
    },
  },
})

test('entry actions run from outside in, those of initial only in states that are entered by default', () => {
  expectSame(nested, 'go', 'deep', 'back', 'around', 'within', 'again', 'up')
})

test('a target deep inside enters all regions beside it by default', () => {
  const { snapshot } = compile(nested).start({ count: 0 })
  const entered = compile(nested).step(snapshot, { type: 'deep' }).snapshot
  expect(entered.value).toEqual({ inside: { left: 'first', right: 'second' } })
})

test('nothing is entered by a transition without a target', () => {
  const [root] = everyNode(nested.root as never)
  const stays = { source: root, target: undefined, reenter: false, actions: [] } as unknown as Transition
  expect([...entriesOf([stays], {}).entered]).toEqual([])
})
