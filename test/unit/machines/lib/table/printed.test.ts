import { expect, test } from 'vitest'
import { aligned, printedTable } from '../../../../../machines/lib/table/printed.ts'

const columns = [
  { name: 'Name', type: 'string', format: 'name', priority: 0 },
  { name: 'Up-to-date', type: 'integer', format: '', priority: 0 },
  { name: 'Node', type: 'string', format: '', priority: 1 },
]
const rows = [{ cells: ['web', 3, 'n1'] }, { cells: ['a-long-name', null, 'n2'] }]

test('columns are aligned with three spaces, and wide ones hidden', () => {
  expect(printedTable(columns, rows)).toBe('NAME          UP-TO-DATE\nweb           3\na-long-name   \n')
})
test('wide output shows them', () => {
  expect(printedTable(columns, rows.slice(0, 1), { wide: true })).toBe(
    'NAME   UP-TO-DATE   NODE\nweb    3            n1\n',
  )
})
test('namespaces come first, headers may be left out', () => {
  const namespaces = ['default', 'kube-system']
  expect(printedTable(columns, rows, { namespaces })).toBe(
    'NAMESPACE     NAME          UP-TO-DATE\ndefault       web           3\nkube-system   a-long-name   \n',
  )
  expect(printedTable(columns, rows, { namespaces, noHeaders: true })).toBe(
    'default       web           3\nkube-system   a-long-name   \n',
  )
})
test('no rows are no text', () => {
  expect(printedTable(columns, [])).toBe('')
})
test('a cell is cut at its first line', () => {
  expect(printedTable(columns, [{ cells: ['a\nb', 1, ''] }], { noHeaders: true })).toBe('a...   1\n')
})
test('a column is six wide at least', () => {
  expect(aligned([['a', 'b']])).toBe('a     b\n')
})
