import { expect, test } from 'vitest'
import { ownCells } from '../../../../../machines/lib/table/own-row.ts'

const NOW = 1_767_225_600_000
const object = {
  apiVersion: 'g/v1',
  kind: 'W',
  metadata: { name: 'w', creationTimestamp: '2025-12-31T23:59:55Z' },
  spec: { size: 3, on: true, note: 'x', map: { a: 1 } },
}
const column = (type: string, jsonPath: string) => ({ name: 'X', type, jsonPath })

test('an own kind shows its name and age', () => {
  expect(ownCells({} as never, object, NOW)).toEqual(['w', '5s'])
})
test('or the columns of its definition', () => {
  const printerColumns = [
    column('integer', '.spec.size'),
    column('boolean', '.spec.on'),
    column('string', '.spec.note'),
    column('string', '.spec.map'),
    column('date', '.metadata.creationTimestamp'),
    column('integer', '.spec.note'),
    column('boolean', '.spec.note'),
    column('date', '.spec.size'),
    column('string', '.spec.missing'),
  ]
  expect(ownCells({ printerColumns } as never, object, NOW)).toEqual([
    'w',
    3,
    true,
    'x',
    '{"a":1}',
    '5s',
    null,
    null,
    '<invalid>',
    null,
  ])
})
