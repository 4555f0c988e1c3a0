import { expect, test } from 'vitest'
import { failed, normalized, unresolvable, unschedulable } from '../../../../machines/scheduler/framework.ts'

test('the largest score becomes 100, or 0 when less is better', () => {
  expect(normalized([0, 1, 3], false)).toEqual([0, 33, 100])
  expect(normalized([0, 1, 3], true)).toEqual([100, 67, 0])
  expect([normalized([0, 0], false), normalized([0, 0], true)]).toEqual([
    [0, 0],
    [100, 100],
  ])
})
test('a verdict has a code and reasons', () => {
  expect([unschedulable('a', 'b'), unresolvable('c'), failed('d')]).toEqual([
    { code: 'Unschedulable', reasons: ['a', 'b'] },
    { code: 'UnschedulableAndUnresolvable', reasons: ['c'] },
    { code: 'Error', reasons: ['d'] },
  ])
})
