import { describe, expect, test } from 'vitest'
import { noAffinities, route, type Surroundings } from '../../../../machines/kube-proxy/route.ts'
import { noRules, withService } from '../../../../machines/kube-proxy/rules.ts'
import type { Connection } from '../../../../machines/protocol/network.ts'
import type { EndpointSlice, Service } from '../../../../machines/protocol/objects.ts'

const around: Surroundings = {
  mode: 'iptables',
  nodeIP: '10.213.5.2',
  clusterCIDR: '10.244.0.0/16',
  serviceCIDR: '10.96.0.0/12',
}
const place = { node: 'proxy-node', zone: 'zone-a' }

type Endpoint = EndpointSlice['endpoints'][number]
const endpoint = (n: number, has: Partial<Endpoint> = {}): Endpoint => ({
  addresses: [`10.244.9.${n}`],
  conditions: { ready: true },
  ...has,
})
const service = (spec: Partial<Service['spec']> = {}, has: Partial<Service> = {}): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { namespace: 'px', name: 'web' },
  spec: { clusterIP: '10.96.4.1', ports: [{ port: 80, protocol: 'TCP', targetPort: 8080 }], ...spec },
  ...has,
})
const slice = (...endpoints: Endpoint[]): EndpointSlice => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { namespace: 'px', name: 'web-1' },
  addressType: 'IPv4',
  ports: [{ name: '', port: 8080, protocol: 'TCP' }],
  endpoints,
})
const to = (destinationIp: string, port = 80, sourceIp = around.nodeIP): Connection => ({
  protocol: 'TCP',
  sourceIp,
  destinationIp,
  port,
})

/** Where so many connections go, counted. */
function counts(
  of: Service,
  slices: readonly EndpointSlice[],
  connection: Connection,
  times = 1,
  has: Partial<Surroundings> = {},
) {
  const rules = withService(noRules, 'px/web', of, slices, place)
  const seen: Record<string, number> = {}
  let affinities = noAffinities
  for (let ordinal = 0; ordinal < times; ordinal++) {
    const [destination, next] = route(rules, { ...around, ...has }, connection, affinities, {
      at: ordinal,
      dice: 42,
      ordinal,
    })
    affinities = next
    const name = typeof destination === 'string' ? destination : `${destination.ip}:${destination.port}`
    seen[name] = (seen[name] ?? 0) + 1
  }
  return seen
}
const two = slice(endpoint(1), endpoint(2))
const outside = '203.0.113.7'

describe('as recorded', () => {
  test('connections spread evenly', () => {
    const seen = counts(service(), [two], to('10.96.4.1'), 1_500)
    expect(Object.keys(seen)).toHaveLength(2)
    expect(Math.abs((seen['10.244.9.1:8080'] ?? 0) - 750)).toBeLessThan(100)
  })
  test('a service without endpoints refuses', () => {
    expect(counts(service(), [slice()], to('10.96.4.1'))).toEqual({ refused: 1 })
    expect(counts(service(), [slice(endpoint(1, { conditions: { ready: false } }))], to('10.96.4.1'))).toEqual({
      refused: 1,
    })
  })
  test('a port that the service does not have is dropped by iptables and refused by nftables', () => {
    expect(counts(service(), [two], to('10.96.4.1', 81))).toEqual({ dropped: 1 })
    expect(counts(service(), [two], to('10.96.4.1', 81), 1, { mode: 'nftables' })).toEqual({ refused: 1 })
    expect(counts(service(), [two], to('10.96.99.99'), 1, { mode: 'nftables' })).toEqual({ dropped: 1 })
  })
  test('a client with affinity stays, until its time is over or its endpoint is gone', () => {
    const sticky = service({
      sessionAffinity: 'ClientIP',
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 600 } },
    })
    expect(Object.values(counts(sticky, [two], to('10.96.4.1'), 60))).toEqual([60])
    const rules = withService(noRules, 'px/web', sticky, [slice(endpoint(1))], place)
    const [, kept] = route(rules, around, to('10.96.4.1'), noAffinities, { at: 0, dice: 1, ordinal: 0 })
    const moved = withService(rules, 'px/web', sticky, [slice(endpoint(2))], place)
    expect(route(moved, around, to('10.96.4.1'), kept, { at: 1, dice: 1, ordinal: 1 })[0]).toMatchObject({
      ip: '10.244.9.2',
    })
    const lasting = service({ sessionAffinity: 'ClientIP' })
    expect(withService(noRules, 'px/web', lasting, [two], place).byFrontend.values()[0]?.affinitySeconds).toBe(10_800)
  })
  test('a node port answers on the address of the node, in iptables mode on the loopback too', () => {
    const node = service({ type: 'NodePort', ports: [{ port: 80, nodePort: 30071, protocol: 'TCP' }] })
    expect(counts(node, [slice(endpoint(1))], to('10.213.5.2', 30071))).toEqual({ '10.244.9.1:8080': 1 })
    expect(counts(node, [slice(endpoint(1))], to('127.0.0.1', 30071))).toEqual({ '10.244.9.1:8080': 1 })
    expect(counts(node, [slice(endpoint(1))], to('10.96.4.1'))).toEqual({ '10.244.9.1:8080': 1 })
  })
  test('external policy Local keeps outside traffic on the node; the node itself reaches all', () => {
    const local = service({ type: 'NodePort', externalTrafficPolicy: 'Local', ports: [{ port: 80, nodePort: 30072 }] })
    const both = [slice(endpoint(1, { nodeName: 'proxy-node' }), endpoint(2, { nodeName: 'other-node' }))]
    expect(Object.keys(counts(local, both, to('10.213.5.2', 30072), 50))).toHaveLength(2)
    expect(counts(local, both, to('10.213.5.2', 30072, outside), 50)).toEqual({ '10.244.9.1:8080': 50 })
    const elsewhere = [slice(endpoint(2, { nodeName: 'other-node' }))]
    expect(counts(local, elsewhere, to('10.213.5.2', 30072))).toEqual({ '10.244.9.2:8080': 1 })
    expect(counts(local, elsewhere, to('10.213.5.2', 30072, outside))).toEqual({ dropped: 1 })
  })
  test('internal policy Local drops when no endpoint is on the node', () => {
    const local = service({ internalTrafficPolicy: 'Local' })
    expect(counts(local, [slice(endpoint(2, { nodeName: 'other-node' }))], to('10.96.4.1'))).toEqual({ dropped: 1 })
    expect(counts(local, [slice()], to('10.96.4.1'))).toEqual({ refused: 1 })
  })
  test('a load balancer lets only its source ranges pass', () => {
    const balanced = (range: string) =>
      service(
        { type: 'LoadBalancer', loadBalancerSourceRanges: [range], ports: [{ port: 80, nodePort: 30090 }] },
        { status: { loadBalancer: { ingress: [{ ip: '192.0.2.10' }, { hostname: 'a.example' }] } } },
      )
    const one = [slice(endpoint(1))]
    expect(counts(balanced('203.0.113.0/24'), one, to('192.0.2.10'))).toEqual({ dropped: 1 })
    expect(counts(balanced('203.0.113.0/24'), one, to('10.213.5.2', 30090))).toEqual({ '10.244.9.1:8080': 1 })
    expect(counts(balanced('10.213.5.0/24'), one, to('192.0.2.10'))).toEqual({ '10.244.9.1:8080': 1 })
  })
  test('external addresses answer', () => {
    expect(Object.keys(counts(service({ externalIPs: ['192.0.2.50'] }), [two], to('192.0.2.50'), 50))).toHaveLength(2)
  })
  test('endpoints that terminate are used only when no other is left', () => {
    const leaving = { conditions: { ready: false, serving: true, terminating: true } }
    expect(counts(service(), [slice(endpoint(1), endpoint(2, leaving))], to('10.96.4.1'), 60)).toEqual({
      '10.244.9.1:8080': 60,
    })
    expect(
      Object.keys(counts(service(), [slice(endpoint(1, leaving), endpoint(2, leaving))], to('10.96.4.1'), 60)),
    ).toHaveLength(2)
  })
  test('hints for the zone are followed, unless one is missing or none is for this zone', () => {
    const hint = (zone: string) => ({ hints: { forZones: [{ name: zone }] } })
    const near = [slice(endpoint(1, hint('zone-a')), endpoint(2, hint('zone-b')))]
    expect(counts(service(), near, to('10.96.4.1'), 60)).toEqual({ '10.244.9.1:8080': 60 })
    const missing = [slice(endpoint(1, hint('zone-a')), endpoint(2))]
    expect(Object.keys(counts(service(), missing, to('10.96.4.1'), 60))).toHaveLength(2)
    const far = [slice(endpoint(1, hint('zone-c')), endpoint(2, hint('zone-b')))]
    expect(Object.keys(counts(service(), far, to('10.96.4.1'), 60))).toHaveLength(2)
  })
})

test('what is no service is reached itself', () => {
  expect(counts(service(), [two], to('10.244.3.3', 9))).toEqual({ '10.244.3.3:9': 1 })
})

test('services without addresses and those of other proxies have no rules', () => {
  const none = (of: Service) => withService(noRules, 'px/web', of, [two], place).byFrontend.size
  expect(none(service({ clusterIP: 'None' }))).toBe(0)
  expect(none(service({ type: 'ExternalName' }))).toBe(0)
  const labels = { 'service.kubernetes.io/service-proxy-name': 'other' }
  expect(none(service({}, { metadata: { namespace: 'px', name: 'web', labels } }))).toBe(0)
})

test('ports are told apart by name and protocol, and an endpoint in two slices counts once', () => {
  const ports = [
    { name: 'http', port: 80, protocol: 'TCP' },
    { name: 'dns', port: 53, protocol: 'UDP' },
  ]
  const named: EndpointSlice = { ...slice(endpoint(1)), ports: [{ name: 'dns', port: 5353, protocol: 'UDP' }] }
  const rules = withService(noRules, 'px/web', service({ ports }), [named, named], place)
  expect(rules.byFrontend.get('10.96.4.1:53/UDP')).toMatchObject({
    servicePort: 'px/web:dns',
    inside: { endpoints: [{ port: 5353 }] },
  })
  expect(rules.byFrontend.get('10.96.4.1:80/TCP')?.inside.endpoints).toEqual([])
})

test('rules of a service that is gone are gone', () => {
  const rules = withService(noRules, 'px/web', service(), [two], place)
  expect(withService(rules, 'px/web', undefined, [], place).byFrontend.size).toBe(0)
})

test('the order of slices and endpoints changes nothing', () => {
  const rules = (...slices: EndpointSlice[]) =>
    withService(noRules, 'px/web', service(), slices, place).byFrontend.toJSON()
  expect(rules(slice(endpoint(2)), slice(endpoint(1)))).toEqual(rules(slice(endpoint(1), endpoint(2))))
})
