import { expect, test } from 'vitest'
import { codeDefaults, withMissing } from '../../../../../machines/lib/schema/go-defaults.ts'

const of = (type: string, object: Record<string, unknown>) => codeDefaults(`io.k8s.api.${type}`)?.(object)

test('only what is missing is set', () => {
  const full = { a: 1, b: '' }
  expect(withMissing(full, { a: 2 })).toBe(full)
  expect(withMissing(full, { a: 2, b: 'x', c: null })).toEqual({ a: 1, b: 'x', c: null })
})
test('a type without code defaults has none', () => {
  expect(codeDefaults('io.k8s.api.core.v1.Toleration')).toBeUndefined()
})
test.each([
  [
    'core.v1.Container',
    { name: 'c', image: 'a:1' },
    { imagePullPolicy: 'IfNotPresent', terminationMessagePolicy: 'File' },
  ],
  ['core.v1.Volume', { name: 'v' }, { emptyDir: {} }],
  [
    'core.v1.Probe',
    { periodSeconds: 0 },
    { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 },
  ],
  ['core.v1.HTTPGetAction', { path: '' }, { path: '/', scheme: 'HTTP' }],
  [
    'core.v1.Namespace',
    { metadata: { name: 'n' } },
    { metadata: { name: 'n', labels: { 'kubernetes.io/metadata.name': 'n' } } },
  ],
  ['core.v1.NodeStatus', { capacity: { cpu: '1' } }, { allocatable: { cpu: '1' } }],
  ['core.v1.NodeSpec', { podCIDR: '10.0.0.0/24' }, { podCIDRs: ['10.0.0.0/24'] }],
  ['core.v1.HostPathVolumeSource', { path: '/x' }, { type: '' }],
  [
    'core.v1.LimitRangeItem',
    { type: 'Container', max: { cpu: '1' } },
    { default: { cpu: '1' }, defaultRequest: { cpu: '1' } },
  ],
  ['core.v1.ImageVolumeSource', { reference: 'a:latest' }, { pullPolicy: 'Always' }],
  ['discovery.v1.EndpointPort', {}, { name: '', protocol: 'TCP' }],
  ['networking.v1.NetworkPolicySpec', { egress: [{}] }, { policyTypes: ['Ingress', 'Egress'] }],
  ['rbac.v1.Subject', { kind: 'User' }, { apiGroup: 'rbac.authorization.k8s.io' }],
  ['rbac.v1.Subject', { kind: 'ServiceAccount' }, { kind: 'ServiceAccount' }],
  [
    'autoscaling.v2.HorizontalPodAutoscalerSpec',
    { behavior: {} },
    { minReplicas: 1, behavior: { scaleDown: { selectPolicy: 'Max' } } },
  ],
])('%s %j', (type, object, expected) => {
  expect(of(type, object)).toMatchObject(expected)
})
test('fields of features that are off are dropped', () => {
  expect(of('core.v1.PodSpec', { hostUsers: false })).not.toHaveProperty('hostUsers')
  expect(of('core.v1.Container', { resizePolicy: [] })).not.toHaveProperty('resizePolicy')
})
