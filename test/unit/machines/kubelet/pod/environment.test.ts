import { expect, test } from 'vitest'
import { environmentOf, expanded, fieldOf, resourceOf } from '../../../../../machines/kubelet/pod/environment.ts'
import type { ApiObject, core } from '../../../../../machines/protocol/objects.ts'
import { pod } from '../fixtures.ts'

const ADDRESSES = { podIPs: ['10.0.0.1'], hostIP: '192.168.1.1', capacity: { cpu: '4' } }
const MAP = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' }, data: { k: 'v' } } as ApiObject
const own = pod({}, { labels: { app: 'web' } })
const from = (container: Partial<core.Container>, objects = {}) =>
  environmentOf(own, { name: 'c', ...container }, objects, ADDRESSES)

test('$(NAME) is expanded, $$ is a dollar, what is unknown stays', () => {
  expect(expanded('$(A) $$(A) $(B) $', { A: '1' })).toBe('1 $(A) $(B) $')
})
test('later variables see earlier ones, and those of whole objects', () => {
  const got = from(
    { envFrom: [{ prefix: 'P_', configMapRef: { name: 'm' } }], env: [{ name: 'A', value: '$(P_k)!' }] },
    { 'configmaps/m': MAP },
  )
  expect(got).toEqual({
    variables: [
      { key: 'P_k', value: 'v' },
      { key: 'A', value: 'v!' },
    ],
  })
})
test('what is missing is an error unless it is optional', () => {
  const key = (name: string, rest = {}) => ({
    env: [{ name: 'A', valueFrom: { secretKeyRef: { name, key: 'z', ...rest } } }],
  })
  expect(from(key('s'))).toEqual({ error: 'secret "s" not found' })
  expect(from(key('s', { optional: true }))).toEqual({ variables: [] })
  expect(from(key('s'), { 'secrets/s': { ...MAP, kind: 'Secret' } })).toEqual({
    error: "couldn't find key z in Secret default/s",
  })
  expect(from({ envFrom: [{ configMapRef: { name: 'm' } }] })).toEqual({ error: 'configmap "m" not found' })
})
test('the downward API', () => {
  expect(fieldOf(own, 'status.podIP', ADDRESSES)).toBe('10.0.0.1')
  expect(fieldOf(own, "metadata.labels['app']", ADDRESSES)).toBe('web')
  expect(fieldOf(own, 'metadata.name', ADDRESSES)).toBe('web')
  const limited = { name: 'c', resources: { requests: { cpu: '1500m', memory: '3Mi' } } }
  expect(resourceOf(own, limited, { resource: 'requests.cpu' }, ADDRESSES)).toBe('2')
  expect(resourceOf(own, limited, { resource: 'requests.cpu', divisor: '1m' }, ADDRESSES)).toBe('1500')
  expect(resourceOf(own, limited, { resource: 'requests.memory', divisor: '1Mi' }, ADDRESSES)).toBe('3')
  expect(resourceOf(own, limited, { resource: 'limits.cpu' }, ADDRESSES)).toBe('4')
  expect(from({ env: [{ name: 'N', valueFrom: { fieldRef: { fieldPath: 'status.hostIP' } } }] })).toEqual({
    variables: [{ key: 'N', value: '192.168.1.1' }],
  })
  expect(from({ env: [{ name: 'N', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } }] })).toEqual({
    variables: [{ key: 'N', value: '4' }],
  })
})
