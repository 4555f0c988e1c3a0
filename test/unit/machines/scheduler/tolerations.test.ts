import { expect, test } from 'vitest'
import { CORDONED, tolerates, untolerated } from '../../../../machines/scheduler/tolerations.ts'

const taint = { key: 'gpu', value: 'a', effect: 'NoSchedule' }
test.each([
  ['the same key, value and effect', { key: 'gpu', value: 'a', effect: 'NoSchedule' }, true],
  ['any effect', { key: 'gpu', value: 'a' }, true],
  ['any value', { key: 'gpu', operator: 'Exists' }, true],
  ['everything', { operator: 'Exists' }, true],
  ['another value', { key: 'gpu', value: 'b' }, false],
  ['another key', { key: 'x', operator: 'Exists' }, false],
  ['another effect', { key: 'gpu', operator: 'Exists', effect: 'NoExecute' }, false],
])('a toleration of %s', (_, toleration, tolerated) => {
  expect(tolerates([toleration], taint)).toBe(tolerated)
})
test('the first taint that keeps the pod away is named; those that only prefer to do not', () => {
  const soft = { ...taint, effect: 'PreferNoSchedule' }
  expect(untolerated(undefined, [soft, CORDONED, taint])).toEqual(CORDONED)
  expect(untolerated([{ operator: 'Exists' }], [taint])).toBeUndefined()
})
