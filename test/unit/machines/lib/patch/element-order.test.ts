import { expect, test } from 'vitest'
import { deduplicated, indexOf, inOrder, ordered, partition } from '../../../../../machines/lib/patch/element-order.ts'

test('the patch decides about its own, the server about the rest', () => {
  expect(ordered(['c', 'a'], ['x', 'y'], ['a', 'c'], ['x', 'a', 'y', 'c'], '')).toEqual(['x', 'a', 'y', 'c'])
  expect(ordered(['n'], ['x'], ['n'], ['x'], '')).toEqual(['n', 'x'])
})
test('deletions go last', () => {
  const list = [{ name: 'b', $patch: 'delete' }, { name: 'a' }]
  expect(inOrder(list, [{ name: 'a' }], 'name')).toEqual([{ name: 'a' }, { name: 'b', $patch: 'delete' }])
})
test('an item without its key is refused', () => {
  expect(() => inOrder([{ x: 1 }], [], 'name')).toThrow('map: map[x:1] does not contain declared merge key: name')
  expect(() => partition(['x'], [], 'name')).toThrow('expected a map[string]interface {}, but received a string')
})
test('items are found by their key', () => {
  expect(indexOf([{ name: 'a' }, { name: 'b' }], { name: 'b' }, 'name')).toBe(1)
  expect(partition([1, 2, 3], [2], '')).toEqual([[2], [1, 3]])
})
test('the last takes the place of a duplicate', () => {
  expect(deduplicated(['a', 'b', 'a', 'c'])).toEqual(['a', 'b', 'c'])
})
