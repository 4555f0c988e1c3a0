import { expect, test } from 'vitest'
import { compile } from '../../../../runtime/compile/compile.ts'
import { context, small } from './small.ts'

const lamp = () =>
  small.createMachine({
    id: 'lamp',
    context,
    initial: 'off',
    states: {
      off: { on: { go: 'on.where' } },
      on: {
        initial: 'dim',
        on: { back: 'off' },
        states: { dim: { on: { up: 'bright' } }, bright: {}, where: { type: 'history' } },
      },
    },
  })

const walk = (...types: string[]) => {
  const compiled = compile(lamp())
  let { snapshot } = compiled.start({ count: 0 })
  for (const type of types) snapshot = compiled.step(snapshot, { type }).snapshot
  return snapshot.configuration
}

test('the same place has the same key, in any copy of the chart', () => {
  expect(walk('go', 'back').key).toBe(walk('go', 'back', 'go', 'back').key)
})

test('places that differ in what is remembered alone differ', () => {
  const [dim, bright] = [walk('go', 'back'), walk('go', 'up', 'back')]
  expect(dim.value).toEqual(bright.value)
  expect(dim.key).not.toBe(bright.key)
})

test('a configuration is made once, and its value cannot be changed', () => {
  const compiled = compile(lamp())
  const { snapshot } = compiled.start({ count: 0 })
  const [a, b] = [compiled.step(snapshot, { type: 'go' }), compiled.step(snapshot, { type: 'go' })]
  expect(a.snapshot.configuration).toBe(b.snapshot.configuration)
  expect(Object.isFrozen(a.snapshot.value)).toBe(true)
})
