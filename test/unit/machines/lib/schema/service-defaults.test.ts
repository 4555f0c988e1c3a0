import { expect, test } from 'vitest'
import { serviceDefaults, serviceStatusDefaults } from '../../../../../machines/lib/schema/service-defaults.ts'

test.each([
  [
    { ports: [{ port: 80 }] },
    {
      type: 'ClusterIP',
      sessionAffinity: 'None',
      internalTrafficPolicy: 'Cluster',
      ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
    },
  ],
  [{ type: 'NodePort' }, { externalTrafficPolicy: 'Cluster', internalTrafficPolicy: 'Cluster' }],
  [{ type: 'LoadBalancer' }, { allocateLoadBalancerNodePorts: true, externalTrafficPolicy: 'Cluster' }],
  [{ externalIPs: ['1.2.3.4'] }, { externalTrafficPolicy: 'Cluster' }],
  [{ sessionAffinity: 'ClientIP' }, { sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } } }],
])('%j', (spec, expected) => {
  expect(serviceDefaults(spec)).toMatchObject(expected)
})
test('an external name has no traffic of its own', () => {
  expect(serviceDefaults({ type: 'ExternalName' })).toEqual({ type: 'ExternalName', sessionAffinity: 'None' })
})
test('affinity that is none has no settings', () => {
  expect(serviceDefaults({ sessionAffinityConfig: { clientIP: {} } })).not.toHaveProperty('sessionAffinityConfig')
})
test('an ingress address is a virtual one', () => {
  const none = { loadBalancer: {} }
  expect(serviceStatusDefaults(none)).toBe(none)
  expect(serviceStatusDefaults({ loadBalancer: { ingress: [{ ip: '1.2.3.4' }, { hostname: 'h' }] } })).toEqual({
    loadBalancer: { ingress: [{ ip: '1.2.3.4', ipMode: 'VIP' }, { hostname: 'h' }] },
  })
})
