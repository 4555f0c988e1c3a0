import { expect, test } from 'vitest'
import {
  configMapCells,
  leaseCells,
  namespaceCells,
  secretCells,
  serviceAccountCells,
} from '../../../../../machines/lib/table/core-rows.ts'
import type { Json } from '../recordings.ts'

const NOW = Date.UTC(2026, 0, 1)
const of = (object: Json): never =>
  ({ metadata: { name: 'x', creationTimestamp: '2025-12-31T23:59:00Z' }, ...object }) as never

test('the core’s plain kinds', () => {
  expect(namespaceCells(of({ status: { phase: 'Active' } }), NOW)).toEqual(['x', 'Active', '60s'])
  expect(configMapCells(of({ data: { a: '1' }, binaryData: { b: '' } }), NOW)).toEqual(['x', 2, '60s'])
  expect(secretCells(of({ type: 'Opaque' }), NOW)).toEqual(['x', 'Opaque', 0, '60s'])
  expect(serviceAccountCells(of({}), NOW)).toEqual(['x', 0, '60s'])
  expect(leaseCells(of({ spec: { holderIdentity: 'n1' } }), NOW)).toEqual(['x', 'n1', '60s'])
})
