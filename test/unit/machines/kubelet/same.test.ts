import { expect, test } from 'vitest'
import { same } from '../../../../machines/kubelet/same.ts'

test('equal content is the same, whatever the order of its keys', () => {
  expect(same({ a: [1, { b: 2 }], c: null }, { c: null, a: [1, { b: 2 }] })).toBe(true)
  expect(same({ a: 1 }, { a: 1, b: undefined })).toBe(false)
  expect(same([1], { 0: 1 })).toBe(false)
  expect(same('1', 1)).toBe(false)
})
