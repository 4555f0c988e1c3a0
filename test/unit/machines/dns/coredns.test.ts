import { describe, expect, test } from 'vitest'
import { coredns } from '../../../../machines/dns/coredns.ts'
import type { DnsAnswered, RecordType } from '../../../../machines/protocol/network.ts'
import type { ApiObject } from '../../../../machines/protocol/objects.ts'
import { born, expectWhole } from '../../../kit/chart.ts'

const SLICES = 'endpointslices.discovery.k8s.io'
const service = (name: string, spec: object): ApiObject =>
  ({ apiVersion: 'v1', kind: 'Service', metadata: { namespace: 'a', name }, spec }) as ApiObject
const slice = (name: string, endpoints: readonly object[]): ApiObject =>
  ({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { namespace: 'a', name: `${name}-1`, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
    endpoints,
  }) as unknown as ApiObject
const changed = (resource: string, ...objects: ApiObject[]) => ({
  type: 'cache.changed',
  resource,
  cache: {},
  filled: true,
  deltas: objects.map((now) => ({ key: `a/${now.metadata.name}`, was: undefined, now })),
})
const services = changed(
  'services',
  service('web', { clusterIP: '10.96.0.9', ports: [{ name: 'http', port: 80, protocol: 'TCP' }] }),
  service('db', { clusterIP: 'None', ports: [{ name: 'http', port: 8080 }] }),
  service('none', { clusterIP: 'None' }),
  service('out', { type: 'ExternalName', externalName: 'example.com' }),
)
const slices = changed(
  SLICES,
  slice('db', [
    { addresses: ['10.244.1.2'], hostname: 'db-0' },
    { addresses: ['10.244.1.3'] },
    { addresses: ['10.244.1.4'], conditions: { ready: false } },
  ]),
)

const start = () => born(coredns, { host: 'node-1', apiserver: 'load-balancer/lb', domain: 'cluster.local' })
const serving = () => start().on(services).on(slices)
type Chart = ReturnType<typeof start>
const asker = { from: 'client/node-1/1', call: 3 }
function ask(chart: Chart, name: string, record: RecordType = 'A'): DnsAnswered {
  return chart.on({ type: 'dns.query', name, record }, asker).did('answer')[0]?.event as never
}
const values = (chart: Chart, name: string, record: RecordType = 'A') => {
  const { code, answers } = ask(chart, name, record)
  return code === 'NOERROR' ? answers.map(({ value }) => value) : code
}

describe('names', () => {
  test.each<[string, RecordType, readonly string[] | string]>([
    ['web.a.svc.cluster.local.', 'A', ['10.96.0.9']],
    ['WEB.a.svc.cluster.local', 'A', ['10.96.0.9']],
    ['web.a.svc.cluster.local', 'AAAA', []],
    ['_http._tcp.web.a.svc.cluster.local', 'SRV', ['0 100 80 web.a.svc.cluster.local.']],
    ['_grpc._tcp.web.a.svc.cluster.local', 'SRV', 'NXDOMAIN'],
    ['x.web.a.svc.cluster.local', 'A', 'NXDOMAIN'],
    ['nobody.a.svc.cluster.local', 'A', 'NXDOMAIN'],
    ['db.a.svc.cluster.local', 'A', ['10.244.1.2', '10.244.1.3']],
    ['db-0.db.a.svc.cluster.local', 'A', ['10.244.1.2']],
    ['10-244-1-3.db.a.svc.cluster.local', 'A', ['10.244.1.3']],
    ['db-1.db.a.svc.cluster.local', 'A', 'NXDOMAIN'],
    [
      '_http._tcp.db.a.svc.cluster.local',
      'SRV',
      ['0 50 8080 db-0.db.a.svc.cluster.local.', '0 50 8080 10-244-1-3.db.a.svc.cluster.local.'],
    ],
    ['_x._tcp.db.a.svc.cluster.local', 'SRV', 'NXDOMAIN'],
    ['none.a.svc.cluster.local', 'A', 'NXDOMAIN'],
    ['out.a.svc.cluster.local', 'A', ['example.com.']],
    ['x.out.a.svc.cluster.local', 'A', 'NXDOMAIN'],
    ['9.0.96.10.in-addr.arpa', 'PTR', ['web.a.svc.cluster.local.']],
    ['2.1.244.10.in-addr.arpa', 'PTR', ['db-0.db.a.svc.cluster.local.']],
    ['9.9.9.9.in-addr.arpa', 'PTR', 'NXDOMAIN'],
    ['10-244-9-9.a.pod.cluster.local', 'A', ['10.244.9.9']],
    ['x.a.pod.cluster.local', 'A', 'NXDOMAIN'],
    ['dns-version.cluster.local', 'TXT', ['1.1.0']],
    ['a.svc.cluster.local', 'A', 'NXDOMAIN'],
    ['example.com', 'A', 'NXDOMAIN'],
  ])('%s %s', (name, record, found) => {
    expect(values(serving(), name, record)).toEqual(found)
  })
  test('follow what changes', () => {
    const was = slice('db', [{ addresses: ['10.244.1.2'], hostname: 'db-0' }])
    const gone = serving().on({ ...slices, deltas: [{ key: 'a/db-1', was, now: undefined }] })
    expect(values(gone, 'db.a.svc.cluster.local')).toBe('NXDOMAIN')
    expect(values(gone, '2.1.244.10.in-addr.arpa', 'PTR')).toBe('NXDOMAIN')
    const web = services.deltas[0]?.now
    const none = serving().on({ ...services, deltas: [{ key: 'a/web', was: web, now: undefined }] } as never)
    expect(values(none, '9.0.96.10.in-addr.arpa', 'PTR')).toBe('NXDOMAIN')
  })
})

test('it answers nothing before its caches are filled', () => {
  expect(
    start()
      .did('spawn')
      .map(({ machine }) => machine),
  ).toEqual(['reflector', 'reflector'])
  expect(ask(start().on(services).on(services), 'web.a.svc.cluster.local').code).toBe('SERVFAIL')
  expect(start().on({ type: 'coredns.stop' }).done).toBe(true)
})

test('asked to stop, it answers for five seconds more', () => {
  const lame = serving().on({ type: 'coredns.stop' })
  expect(lame.state).toBe('lameDuck')
  expect(values(lame, 'web.a.svc.cluster.local')).toEqual(['10.96.0.9'])
  expect(lame.after('lameduck').done).toBe(true)
})

expectWhole(coredns)
