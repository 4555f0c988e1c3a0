import { expect, test } from 'vitest'
import { checkService } from '../../../../../machines/lib/validation/service.ts'
import { told } from './told.ts'

const port = (rest: object = {}) => ({ port: 80, protocol: 'TCP', targetPort: 80, ...rest })
const base = { type: 'ClusterIP', sessionAffinity: 'None', internalTrafficPolicy: 'Cluster', ports: [port()] }
const of = (spec: object) => told((found) => checkService(found, { spec: { ...base, ...spec } } as never))
test.each([
  [{}, []],
  [{ ports: [] }, ['spec.ports: Required value']],
  [{ ports: [], clusterIP: 'None', clusterIPs: ['None'] }, []],
  [
    { ports: [port(), port({ port: 81 })] },
    ['spec.ports[0].name: Required value', 'spec.ports[1].name: Required value'],
  ],
  [{ ports: [port({ name: 'a' }), port({ name: 'a', port: 81 })] }, ['spec.ports[1].name: Duplicate value: "a"']],
  [{ ports: [port({ name: 'a' }), port({ name: 'b' })] }, 1],
  [{ ports: [port({ port: 0, targetPort: 'Foo_', appProtocol: 'a b' })] }, 3],
  [{ type: 'Foo' }, 1],
  [
    {
      type: 'ExternalName',
      clusterIP: '10.0.0.1',
      clusterIPs: ['10.0.0.1'],
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
    },
    4,
  ],
  [
    { type: 'NodePort', externalTrafficPolicy: 'Cluster', clusterIP: 'None', clusterIPs: ['None'] },
    ['spec.clusterIPs[0]: Invalid value: "None": may not be set to \'None\' for NodePort services'],
  ],
  [{ type: 'LoadBalancer', externalTrafficPolicy: 'Cluster', ports: [port({ port: 10_250 })] }, 1],
  [{ sessionAffinity: 'ClientIP' }, 1],
  [
    { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 90_000 } } },
    [
      'spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 90000: must be greater than 0 and less than 86400',
    ],
  ],
  [{ sessionAffinityConfig: {} }, 1],
  [{ clusterIP: '10.0.0.1' }, ['spec.clusterIPs: Required value']],
  [{ clusterIPs: ['10.0.0.1'] }, 1],
  [{ clusterIP: 'x', clusterIPs: ['y'] }, 2],
  [{ ipFamilies: ['IPv4', 'IPv4', 'X'], ipFamilyPolicy: 'X' }, 3],
  [
    { clusterIP: '10.0.0.1', clusterIPs: ['10.0.0.1'], ipFamilies: ['IPv6'] },
    ['spec.clusterIPs[0]: Invalid value: "10.0.0.1": expected an IPv6 value as indicated by `ipFamilies[0]`'],
  ],
  [{ externalIPs: ['127.0.0.1'], externalTrafficPolicy: 'Cluster' }, 1],
  [
    { ports: [port({ nodePort: 30_000 })] },
    ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
  ],
  [{ loadBalancerSourceRanges: ['x'], allocateLoadBalancerNodePorts: true, loadBalancerClass: 'a/b' }, 4],
  [{ type: 'LoadBalancer', externalTrafficPolicy: 'Local', loadBalancerClass: 'a b', healthCheckNodePort: 30_000 }, 1],
  [
    {
      externalTrafficPolicy: 'Local',
      healthCheckNodePort: 30_000,
      trafficDistribution: 'X',
      internalTrafficPolicy: 'X',
    },
    4,
  ],
])('%j', (spec, expected) => {
  const found = of(spec)
  expect(typeof expected === 'number' ? found.length : found).toEqual(expected)
})
