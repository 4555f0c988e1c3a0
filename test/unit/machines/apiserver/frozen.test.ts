import { expect, test } from 'vitest'
import { frozen, same, unversioned, versioned } from '../../../../machines/apiserver/frozen.ts'
import type { ApiObject } from '../../../../machines/protocol/objects.ts'

const value: ApiObject = frozen({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n', labels: { a: 'b' } } })

test('freezes all the way down, and shares what is frozen already', () => {
  expect(Object.isFrozen(value.metadata.labels)).toBe(true)
  const whole = frozen({ ...value, spec: {} })
  expect(whole.metadata).toBe(value.metadata)
})

test('one value of one revision is one object; another revision is another', () => {
  expect(versioned(value, 5)).toBe(versioned(value, 5))
  expect(versioned(value, 6).metadata.resourceVersion).toBe('6')
  expect(versioned(value, 5).metadata.resourceVersion).toBe('5')
})

test('what is stored has no version', () => {
  expect(unversioned(versioned(value, 5))).toEqual(value)
  expect(unversioned(value)).toBe(value)
})

test.each([
  [{ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }, true],
  [{ a: 1, b: undefined }, { a: 1 }, true],
  [{ a: 1 }, { a: 1, b: 2 }, false],
  [[1, 2], [2, 1], false],
  [[], {}, false],
  [null, {}, false],
])('%j and %j are the same: %s', (a, b, expected) => {
  expect(same(a, b)).toBe(expected)
})
