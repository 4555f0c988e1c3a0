import { expect, test } from 'vitest'
import { isEmpty, NO_LABELS } from '../../../../machines/scheduler/labels.ts'

test('a selector that asks for nothing is empty', () => {
  expect([isEmpty({}), isEmpty({ matchLabels: NO_LABELS, matchExpressions: [] })]).toEqual([true, true])
  expect(isEmpty({ matchExpressions: [{ key: 'a', operator: 'Exists' }] })).toBe(false)
  expect(isEmpty({ matchLabels: { a: 'b' } })).toBe(false)
})
