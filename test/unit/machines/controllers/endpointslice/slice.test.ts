import { expect, test } from 'vitest'
import {
  hasItsLabels,
  isOwnedBy,
  isPlaceholder,
  newSlice,
  opened,
  written,
} from '../../../../../machines/controllers/endpointslice/slice.ts'
import type { EndpointSlice } from '../../../../../machines/protocol/objects.ts'
import { service } from '../objects.ts'

const web = service('web', {}, { labels: { team: 'a' } })

test('a new slice is owned by its Service, carries its labels, and is named by the server', () => {
  const slice = newSlice(web, 'IPv4', [])
  expect(written(slice)).toEqual({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      generateName: 'web-',
      namespace: 'default',
      labels: {
        team: 'a',
        'kubernetes.io/service-name': 'web',
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
      },
      ownerReferences: [
        { apiVersion: 'v1', kind: 'Service', name: 'web', uid: 'uid-web', controller: true, blockOwnerDeletion: true },
      ],
    },
    addressType: 'IPv4',
    endpoints: null,
    ports: null,
  })
  expect(isOwnedBy(slice, web)).toBe(true)
  expect(isOwnedBy(slice, service('other'))).toBe(false)
})

test('reserved labels do not count, the others do', () => {
  const slice = newSlice(web, 'IPv4', [])
  expect(hasItsLabels(slice, web)).toBe(true)
  expect(hasItsLabels(slice, service('web', { clusterIP: 'None' }, { labels: { team: 'a' } }))).toBe(true)
  expect(hasItsLabels(slice, service('web', {}, { labels: { team: 'b' } }))).toBe(false)
  expect(newSlice(service('web', { clusterIP: 'None' }), 'IPv4', []).metadata.labels).toHaveProperty([
    'service.kubernetes.io/headless',
  ])
})

test('an empty slice with the same labels is the placeholder', () => {
  const placeholder = newSlice(web, 'IPv4', [])
  const stored = written({ ...placeholder, metadata: { ...placeholder.metadata, name: 'web-1' } }) as EndpointSlice
  expect(isPlaceholder(opened(stored), placeholder)).toBe(true)
  expect(isPlaceholder({ ...opened(stored), ports: [{ port: 80 }] }, placeholder)).toBe(false)
})
