import { expect, test } from 'vitest'
import { columnsOf } from '../../../../../machines/lib/table/columns.ts'

const names = (facts: object) => columnsOf(facts as never).map(({ name }) => name)
test('columns are the kind’s own, those of its definition, or name and age', () => {
  expect(names({ columns: [{ name: 'A', type: 'string', format: '', priority: 0 }] })).toEqual(['A'])
  expect(names({ custom: true, printerColumns: [{ name: 'Size', type: 'integer', jsonPath: '.x' }] })).toEqual([
    'Name',
    'Size',
  ])
  expect(names({ custom: true })).toEqual(['Name', 'Age'])
  expect(names({})).toEqual(['Name', 'Created At'])
})
