import { expect, test } from 'vitest'
import { wanted } from '../../../../../machines/controllers/endpoints/wanted.ts'
import type { Endpoints } from '../../../../../machines/protocol/objects.ts'
import { CREATED, pod, service } from '../objects.ts'

test('Endpoints carry the labels of the Service and the time of the trigger', () => {
  const labelled = service('web', {}, { labels: { team: 'a' } })
  const made = wanted(labelled, [], undefined, CREATED)
  expect(made).toEqual({
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: {
      name: 'web',
      namespace: 'default',
      labels: { team: 'a' },
      annotations: { 'endpoints.kubernetes.io/last-change-trigger-time': CREATED },
    },
  })
  expect(wanted(labelled, [], made, undefined)).toBeUndefined()
  const relabelled = wanted(service('web'), [], made, undefined)
  expect(relabelled?.metadata).toEqual({ name: 'web', namespace: 'default' })
})

test('those of a headless Service say so, which is no difference by itself', () => {
  const headless = service('web', { clusterIP: 'None' })
  const made = wanted(headless, [pod('a')], undefined, undefined)
  expect(made?.metadata.labels).toEqual({ 'service.kubernetes.io/headless': '' })
  expect(wanted(headless, [pod('a')], made, CREATED)).toBeUndefined()
})

test('too many addresses are cut, and that is noted while it is so', () => {
  const pods = Array.from({ length: 1001 }, (_, i) => pod(`p-${i}`, { ip: `10.${i >> 8}.0.${i & 255}` }))
  const made = wanted(service('web'), pods, undefined, undefined) as Endpoints
  expect(made.metadata.annotations).toEqual({ 'endpoints.kubernetes.io/over-capacity': 'truncated' })
  expect(made.subsets?.[0]?.addresses).toHaveLength(1000)
  expect(wanted(service('web'), [pod('a')], made, undefined)?.metadata.annotations).toBeUndefined()
})
