import { expect, test } from 'vitest'
import { budgetCells } from '../../../../../machines/lib/table/budget-row.ts'

test('a budget shows what it demands, and how many may go', () => {
  const metadata = { name: 'x', creationTimestamp: '2025-12-31T23:59:00Z' }
  const cellsOf = (parts: object) => budgetCells({ metadata, ...parts } as never, Date.UTC(2026, 0, 1))
  expect(cellsOf({ spec: { minAvailable: 2 }, status: { disruptionsAllowed: 1 } })).toEqual(['x', '2', 'N/A', 1, '60s'])
  expect(cellsOf({ spec: { maxUnavailable: '30%' } })).toEqual(['x', 'N/A', '30%', 0, '60s'])
  expect(cellsOf({})).toEqual(['x', 'N/A', 'N/A', 0, '60s'])
})
