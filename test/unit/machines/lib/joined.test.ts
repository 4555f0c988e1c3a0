import { setFlagsFromString } from 'node:v8'
import { expect, it } from 'vitest'
import { joined } from '../../../../machines/lib/joined.ts'

// What the engine keeps of an object's fields is the same for both (its hidden class).
setFlagsFromString('--allow-natives-syntax')
const haveSameShape = new Function('a', 'b', 'return %HaveSameMap(a, b)') as (a: object, b: object) => boolean

it('puts the fields over those of the object, as a spread does', () => {
  expect(joined({ name: 'web', replicas: 1 }, { replicas: 3, paused: true })).toEqual({
    name: 'web',
    replicas: 3,
    paused: true,
  })
})

it('copies an object to which nothing is added', () => {
  const object = { name: 'web' }
  expect(joined(object)).toEqual(object)
  expect(joined(object)).not.toBe(object)
})

it('keeps a field of any name: what a user writes may be called __proto__', () => {
  const written = JSON.parse('{ "__proto__": "a", "k": "b" }') as object
  expect(JSON.stringify(joined(written, { l: 'c' }))).toBe('{"__proto__":"a","k":"b","l":"c"}')
})

it('gives objects with equal fields one shape, also when they grew and when they are frozen', () => {
  const [a, b] = ['web', 'db'].map((name) => Object.freeze(joined({ name, replicas: 1 }, { paused: true })))
  expect(haveSameShape(a as object, b as object)).toBe(true)
})
