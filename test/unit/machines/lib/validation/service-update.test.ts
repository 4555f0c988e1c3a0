import { expect, test } from 'vitest'
import { checkServiceStatus, checkServiceUpdate } from '../../../../../machines/lib/validation/service-update.ts'
import { told } from './told.ts'

const change = (next: object, was: object) =>
  told((found) => checkServiceUpdate(found, { spec: next } as never, { spec: was } as never))
test.each([
  [{ type: 'ClusterIP', clusterIPs: ['10.0.0.1'] }, { type: 'ClusterIP', clusterIPs: ['10.0.0.1'] }, []],
  [
    { type: 'ClusterIP', clusterIPs: ['10.0.0.2'] },
    { type: 'ClusterIP', clusterIPs: ['10.0.0.1'] },
    ['spec.clusterIPs[0]: Invalid value: []string{"10.0.0.2"}: may not change once set'],
  ],
  [
    { type: 'ClusterIP' },
    { type: 'ClusterIP', clusterIP: '10.0.0.1' },
    ['spec.clusterIPs[0]: Invalid value: []string(nil): primary clusterIP can not be unset'],
  ],
  [{ type: 'ExternalName' }, { type: 'ClusterIP', clusterIP: '10.0.0.1' }, []],
  [
    { type: 'LoadBalancer', loadBalancerClass: 'a/b' },
    { type: 'LoadBalancer' },
    ['spec.loadBalancerClass: Invalid value: "a/b": may not change once set'],
  ],
])('%j after %j', (next, was, expected) => {
  expect(change(next, was)).toEqual(expected)
})
test('only a balancer has addresses of one', () => {
  const of = (type: string, ingress: object[]) =>
    told((found) => checkServiceStatus(found, { spec: { type }, status: { loadBalancer: { ingress } } } as never))
  expect(of('ClusterIP', [{ ip: '1.2.3.4' }])).toEqual([
    "status.loadBalancer.ingress: Forbidden: may only be used when `spec.type` is 'LoadBalancer'",
  ])
  expect(of('LoadBalancer', [{ ip: '1.2.3.4', ipMode: 'VIP' }])).toEqual([])
  expect(
    of('LoadBalancer', [{ ip: 'x' }, { hostname: 'A', ipMode: 'VIP' }, { ip: '1.2.3.4', ipMode: 'X' }]),
  ).toHaveLength(5)
})
