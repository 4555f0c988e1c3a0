import { expect, test } from 'vitest'
import { resourceQuotaController } from '../../../../../machines/controllers/resourcequota/index.ts'
import type { ApiObject } from '../../../../../machines/protocol/objects.ts'
import { CREATED, object, pod, service, viewOf } from '../objects.ts'

const quota = (hard: Record<string, string>, status: Record<string, unknown> = {}) =>
  object('v1', 'ResourceQuota', 'q', { metadata: { namespace: 'default' }, spec: { hard }, status })
const view = viewOf({ resourcequotas: [quota({ pods: '2', services: '1', 'requests.storage': '1Gi' })] })
const concerned = (resource: string, was: ApiObject | undefined, now: ApiObject | undefined) =>
  resourceQuotaController.concerns(resource, { key: 'default/q', was, now }, view)

test('a new quota, one that is gone and one with other limits are counted; one with another status is not', () => {
  const one = quota({ pods: '1' })
  expect(concerned('resourcequotas', undefined, one)).toEqual(['default/q'])
  expect(concerned('resourcequotas', one, undefined)).toEqual(['default/q'])
  expect(concerned('resourcequotas', one, quota({ pods: '2' }))).toEqual(['default/q'])
  expect(concerned('resourcequotas', one, quota({ pods: '1' }, { used: { pods: '1' } }))).toEqual([])
})
test('what is given back concerns the quotas that limit it', () => {
  expect(concerned('pods', pod('a'), undefined)).toEqual(['default/q'])
  expect(concerned('secrets', object('v1', 'Secret', 's', { metadata: { namespace: 'default' } }), undefined)).toEqual(
    [],
  )
  expect(concerned('pods', pod('a', { metadata: { namespace: 'other' } }), undefined)).toEqual([])
  expect(concerned('pods', undefined, pod('a'))).toEqual([])
})
test('so does a pod that is over, a service of another type, a claim of another size', () => {
  expect(concerned('pods', pod('a'), pod('a', { status: { phase: 'Succeeded' } }))).toEqual(['default/q'])
  expect(concerned('pods', pod('a'), pod('a', { metadata: { deletionTimestamp: CREATED } }))).toEqual([])
  expect(concerned('services', service('s', { type: 'NodePort' }), service('s'))).toEqual(['default/q'])
  expect(concerned('services', service('s'), service('s'))).toEqual([])
  const claim = (storage: string) =>
    object('v1', 'PersistentVolumeClaim', 'c', {
      metadata: { namespace: 'default' },
      spec: { resources: { requests: { storage } } },
    })
  expect(concerned('persistentvolumeclaims', claim('1Gi'), claim('2Gi'))).toEqual(['default/q'])
  expect(concerned('persistentvolumeclaims', claim('1Gi'), claim('1Gi'))).toEqual([])
  expect(concerned('configmaps', pod('a'), pod('a'))).toEqual([])
})
