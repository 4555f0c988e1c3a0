import { expect, test } from 'vitest'
import { charged } from '../../../../../machines/lib/quota/check.ts'
import type { ResourceQuota } from '../../../../../machines/lib/quota/usage.ts'
import { AT, object, pod, service } from '../../controllers/objects.ts'

const quota = (hard: Record<string, string>, used: Record<string, string> | undefined, spec: object = {}) =>
  object('v1', 'ResourceQuota', 'q', {
    spec: { hard, ...spec },
    status: { hard, ...(used === undefined ? {} : { used }) },
  }) as ResourceQuota
const small = pod('p', { spec: { containers: [{ name: 'c', image: 'i', resources: { requests: { cpu: '600m' } } }] } })
const asPod = { resource: 'pods', object: small, was: undefined }

test('what fits is added to what is used', () => {
  const [next] = charged([quota({ pods: '2', 'requests.cpu': '1' }, { pods: '0', 'requests.cpu': '400m' })], asPod, AT)
  expect((next as ResourceQuota).status?.used).toEqual({ pods: '1', 'requests.cpu': '1' })
})
test('what does not fit is told with all that is exceeded', () => {
  const full = quota({ pods: '2', 'requests.cpu': '1' }, { pods: '2', 'requests.cpu': '1' })
  expect(charged([full], asPod, AT)).toBe(
    'exceeded quota: q, requested: pods=1,requests.cpu=600m, used: pods=2,requests.cpu=1, limited: pods=2,requests.cpu=1',
  )
})
test('a container that says nothing fails the quota, before anything is counted', () => {
  expect(charged([quota({ 'limits.memory': '1Gi' }, { 'limits.memory': '0' })], asPod, AT)).toBe(
    'failed quota: q: must specify limits.memory for: c',
  )
})
test('nothing is given before somebody has counted', () => {
  expect(charged([quota({ pods: '2' }, undefined)], asPod, AT)).toBe('status unknown for quota: q, resources: pods')
})
test('what no quota is about passes', () => {
  const none = [
    quota({ secrets: '0' }, { secrets: '0' }),
    quota({ pods: '0' }, { pods: '0' }, { scopes: ['Terminating'] }),
  ]
  expect(charged(none, asPod, AT)).toEqual(none)
})
test('a change is charged by what it uses more', () => {
  const ports = [{ port: 80 }]
  const quotas = [quota({ 'services.nodeports': '1' }, { 'services.nodeports': '1' })]
  const change = (from: string, to: string) =>
    charged(
      quotas,
      { resource: 'services', object: service('s', { ports, type: to }), was: service('s', { ports, type: from }) },
      AT,
    )
  expect(change('ClusterIP', 'NodePort')).toMatch(/exceeded quota: q, requested: services.nodeports=1/)
  expect(change('NodePort', 'NodePort')).toBe(quotas)
  expect(change('NodePort', 'ClusterIP')).toBe(quotas)
})
test('the first quota that is exceeded refuses', () => {
  const quotas = [quota({ pods: '2' }, { pods: '1' }), quota({ pods: '1' }, { pods: '1' })]
  expect(charged(quotas, asPod, AT)).toMatch(/limited: pods=1/)
})
