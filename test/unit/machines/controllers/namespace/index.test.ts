import { expect, test } from 'vitest'
import { namespaceController, namespacesWith } from '../../../../../machines/controllers/namespace/index.ts'
import { object, viewOf } from '../objects.ts'

test('a namespace is touched 5 s after its deletion was seen, and forgotten when it is gone', () => {
  const active = object('v1', 'Namespace', 'team')
  const ending = object('v1', 'Namespace', 'team', { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } })
  const view = viewOf({ namespaces: [] })
  const { concerns } = namespaceController
  expect(concerns('namespaces', { key: 'team', was: undefined, now: active }, view)).toEqual([])
  expect(concerns('namespaces', { key: 'team', was: active, now: ending }, view)).toEqual([
    { key: 'team', afterMs: 5_000 },
  ])
  expect(concerns('namespaces', { key: 'team', was: ending, now: undefined }, view)).toEqual(['team'])
  expect(concerns('namespaces', { key: 'team', was: active, now: undefined }, view)).toEqual([])
  expect(namespacesWith(['widgets.example.com']).machines.map(({ id }) => id)).toEqual([
    'namespace-controller',
    'namespace-deletion',
  ])
})
