import { expect, test } from 'vitest'
import type { ClientInput } from '../../../../machines/protocol/network.ts'
import { client } from '../../../../machines/workload/traffic.ts'
import { born, expectWhole } from '../../../kit/chart.ts'

const input: ClientInput = {
  node: 'node-1',
  ip: '10.244.1.9',
  dns: 'coredns/node-1',
  tables: 'netfilter/node-1',
  url: 'http://web:80/x',
  search: ['a.svc.cluster.local', 'svc.cluster.local'],
  nodes: [{ node: 'node-2', podCIDR: '10.244.2.0/24' }],
  everyMs: 100,
  requests: 0,
  timeoutMs: 1_000,
}
const start = (has: Partial<ClientInput> = {}) => born(client, { ...input, ...has })
const named = {
  type: 'dns.answered',
  code: 'NOERROR',
  answers: [{ name: '', record: 'A', ttlSeconds: 30, value: '10.96.0.9' }],
}
const unnamed = { type: 'dns.answered', code: 'NXDOMAIN', answers: [] }
const routed = (to: unknown) => ({ type: 'connection.routed', to })
const found = (...containers: string[]) => ({ type: 'pod.found', containers })
const answered = (status: number) => ({ type: 'http.answered', status, body: '' })
const toContainer = (...containers: string[]) =>
  start()
    .on(named)
    .on(routed({ ip: '10.244.2.3', port: 8080 }))
    .on(found(...containers))

test('a request goes by name, tables and pod to a container, and is counted', () => {
  const asking = start()
  expect(asking.did('call')[0]).toMatchObject({ to: 'coredns/node-1', event: { name: 'web.a.svc.cluster.local' } })
  const opening = asking.on(named)
  expect(opening.did('call')[0]).toMatchObject({
    to: 'netfilter/node-1',
    event: { sourceIp: '10.244.1.9', destinationIp: '10.96.0.9', port: 80 },
  })
  const finding = opening.on(routed({ ip: '10.244.2.3', port: 8080 }))
  expect(finding.did('call')[0]).toMatchObject({ to: 'containerd/node-2', event: { ip: '10.244.2.3' } })
  const sent = finding.on(found('container/node-2/c1'))
  expect(sent.did('call')[0]).toMatchObject({
    to: 'container/node-2/c1',
    event: { type: 'http.request', port: 8080, path: '/x' },
  })
  const over = sent.on(answered(200))
  expect(over.context.counts).toMatchObject({ succeeded: 1, failed: 0, from: { '10.244.2.3': 1 } })
  expect(over.after('time between requests').context.made).toBe(2)
})

test('the other containers of a pod are tried when one does not listen', () => {
  const second = toContainer('container/node-2/c1', 'container/node-2/c2').on(answered(0))
  expect(second.did('call')[0]?.to).toBe('container/node-2/c2')
  expect(second.on(answered(0)).context.counts.by).toEqual({ refused: 1 })
})

test('every way to fail is counted by its name', () => {
  const by = (chart: ReturnType<typeof start>) => chart.context.counts.by
  expect(by(start().on(unnamed).on(unnamed).on(unnamed))).toEqual({ name: 1 })
  expect(by(start().on(named).on(routed('refused')))).toEqual({ refused: 1 })
  expect(by(start().on(named).on(routed('dropped')).after('time-out'))).toEqual({ 'timed out': 1 })
  expect(by(toContainer().after('time-out'))).toEqual({ 'timed out': 1 })
  expect(by(toContainer('c').on(answered(500)))).toEqual({ status: 1 })
  expect(by(toContainer('c').on({ type: 'call.lost', line: 'request', reason: 'reset' }))).toEqual({ reset: 1 })
})

test('an address needs no name, and a client may have enough', () => {
  const chart = start({ url: '10.244.1.2:9', requests: 1 })
  expect(chart.state).toBe('requesting.connecting')
  expect(chart.on(routed('refused')).state).toBe('done')
})

expectWhole(client)
