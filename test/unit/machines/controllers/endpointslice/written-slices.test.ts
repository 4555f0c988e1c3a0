import { expect, test } from 'vitest'
import {
  isOutdated,
  nothingWritten,
  removed,
  wrote,
} from '../../../../../machines/controllers/endpointslice/written-slices.ts'
import type { EndpointSlice } from '../../../../../machines/protocol/objects.ts'
import { object } from '../objects.ts'

const slice = (generation: number, resourceVersion = '5') =>
  object('discovery.k8s.io/v1', 'EndpointSlice', 's', {
    metadata: { generation, resourceVersion },
  }) as EndpointSlice

test('a cache is behind while it shows less than was written', () => {
  const written = wrote(nothingWritten, slice(2))
  expect(isOutdated(nothingWritten, [], '1')).toBe(false)
  expect(isOutdated(written, [slice(1)], '4')).toBe(true)
  expect(isOutdated(written, [slice(2)], '5')).toBe(false)
  expect(isOutdated(written, [], '4')).toBe(true)
})

test('a slice that is missing from a newer cache was deleted by somebody', () => {
  expect(isOutdated(wrote(nothingWritten, slice(2)), [], '6')).toBe(false)
})

test('a slice that was deleted is not to be seen any more', () => {
  const written = removed(nothingWritten, 'uid-s')
  expect(isOutdated(written, [slice(2)], '9')).toBe(true)
  expect(isOutdated(written, [], '9')).toBe(false)
})
