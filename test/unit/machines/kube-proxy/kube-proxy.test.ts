import { expect, test } from 'vitest'
import { type KubeProxyInput, kubeProxy } from '../../../../machines/kube-proxy/kube-proxy.ts'
import type { ApiObject } from '../../../../machines/protocol/objects.ts'
import { born, expectWhole } from '../../../kit/chart.ts'

const at = 1_000_000
const input: KubeProxyInput = {
  node: 'node-1',
  nodeIP: '10.0.0.1',
  apiserver: 'load-balancer/lb',
  mode: 'iptables',
  clusterCIDR: '10.244.0.0/16',
  serviceCIDR: '10.96.0.0/12',
}
const SLICES = 'endpointslices.discovery.k8s.io'
const web = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { namespace: 'a', name: 'web' },
  spec: { clusterIP: '10.96.0.9', ports: [{ port: 80 }] },
}
const slice = (ip: string) => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { namespace: 'a', name: 'web-1', labels: { 'kubernetes.io/service-name': 'web' } },
  addressType: 'IPv4',
  ports: [{ port: 8080 }],
  endpoints: [{ addresses: [ip] }],
})
const changed = (
  resource: string,
  key: string,
  was: ApiObject | undefined,
  now: ApiObject | undefined,
  filled = false,
) => ({
  type: 'cache.changed',
  resource,
  cache: {},
  deltas: [{ key, was, now }],
  filled,
})
const empty = (resource: string) => ({ type: 'cache.changed', resource, cache: {}, deltas: [], filled: true })

const start = () => born(kubeProxy, input, 'kube-proxy/node-1', { at })
const ready = () =>
  start()
    .on({ type: 'tables.found' })
    .on(changed('services', 'a/web', undefined, web, true))
    .on(changed(SLICES, 'a/web-1', undefined, slice('10.244.1.2'), true))

test('the tables are made when there are none', () => {
  const chart = start().on({ type: 'call.lost', line: 'tables', reason: 'refused' })
  expect(chart.did('spawn').map(({ machine, process }) => [machine, process])).toEqual([
    ['netfilter', true],
    ['reflector', false],
    ['reflector', false],
  ])
  expect(start().after('answer time-out').state).toBe('waitingForCaches')
})

test('nothing is written before both caches are filled', () => {
  const waiting = start().on({ type: 'tables.found' }).on(empty('services')).on(empty('services'))
  expect(waiting.state).toBe('waitingForCaches')
  const syncing = waiting.on(empty(SLICES))
  expect(syncing.state).toBe('syncing')
  const synced = syncing.after('time to write the rules')
  expect(synced.did('send')[0]).toMatchObject({
    to: 'netfilter/node-1',
    event: { type: 'rules.written', view: 'rules@1' },
  })
  expect(synced.state).toBe('synced')
  expect(synced.did('wake')).toEqual([])
})

test('a change is written at once, a burst of them once per second', () => {
  const ip = (chart: ReturnType<typeof ready>) => chart.context.rules.byFrontend.values()[0]?.inside.endpoints[0]?.ip
  const synced = ready().after('time to write the rules', { at: at + 30 })
  expect(ip(synced)).toBe('10.244.1.2')
  const again = synced.on(changed(SLICES, 'a/web-1', slice('10.244.1.2'), slice('10.244.1.3')), { at: at + 100 })
  expect(again.state).toBe('syncing')
  const during = again.on(changed(SLICES, 'a/web-1', slice('10.244.1.3'), slice('10.244.1.4')))
  expect(ip(during)).toBe('10.244.1.3')
  const dirty = during.after('time to write the rules', { at: at + 130 })
  expect(dirty.state).toBe('dirty')
  expect(dirty.did('wake')[0]?.afterMs).toBe(870)
  const more = dirty.on(changed(SLICES, 'a/web-1', slice('10.244.1.4'), undefined))
  const last = more.after('rest of the minimum sync period', { at: at + 1_000 }).after('time to write the rules')
  expect(last.context.rules.byFrontend.values()[0]?.inside).toEqual({ endpoints: [], otherwise: 'refused' })
})

test('a service that is gone has no rules', () => {
  const chart = ready()
    .after('time to write the rules')
    .on(changed('services', 'a/web', web, undefined))
  expect(chart.context.rules.byFrontend.size).toBe(0)
})

expectWhole(kubeProxy)
