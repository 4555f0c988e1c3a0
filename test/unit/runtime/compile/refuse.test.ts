import { expect, test } from 'vitest'
import type { AnyStateNode } from 'xstate'
import { placeOf, refuse } from '../../../../runtime/compile/refuse.ts'
import { context, small } from './small.ts'

const machine = small.createMachine({ id: 'house', context, initial: 'room', states: { room: {} } })
const root = machine.root as unknown as AnyStateNode

test('a place is the machine and the path of the state', () => {
  expect(placeOf(root)).toBe('house')
  expect(placeOf(root.states.room as AnyStateNode)).toBe('house, state room')
})

test('a refusal says what, where and what to write instead', () => {
  expect(() => refuse(root, 'a ghost', 'Write a guest.')).toThrow(
    'house: a ghost is not known to the compiled step. Write a guest.',
  )
})
