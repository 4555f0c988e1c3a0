import { expect, test } from 'vitest'
import { apiLogReader, type LogReaderInput } from '../../../../machines/apiserver/log-reader.ts'
import { served } from '../../../../machines/apiserver/served.ts'
import { filled } from '../../../../machines/apiserver/watch-cache.ts'
import type { ApiAnswered, ApiRequest } from '../../../../machines/protocol/api.ts'
import { born, expectWhole } from '../../../kit/chart.ts'

const user = { name: 'kubernetes-admin', groups: ['system:masters'] }
const get: ApiRequest = {
  type: 'api.request',
  user,
  verb: 'get',
  resource: 'pods',
  subresource: 'log',
  namespace: 'default',
  name: 'web',
}
const stored = (key: string, value: object) => ({ key, value, createRevision: 3, modRevision: 3, version: 1 })
const node = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'node-1' },
  status: { addresses: [{ type: 'InternalIP', address: '192.168.1.1' }] },
}
const podOn = (nodeName: string | undefined) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'default' },
  spec: { containers: [{ name: 'c', image: 'i' }], ...(nodeName === undefined ? {} : { nodeName }) },
  status: { containerStatuses: [{ name: 'c', containerID: 'containerd://abc', state: { running: {} } }] },
})
const begun = () => {
  const input: LogReaderInput = {
    request: get,
    client: 'client/workstation',
    call: 5,
    etcd: ['etcd/cp-1', 'etcd/cp-2'],
    ownKinds: [],
    cache: filled([stored('/registry/minions/node-1', node)], 10, served([]).prefixes),
  }
  return born(apiLogReader, input, 'request/cp-1/5')
}
const found = (nodeName?: string) => ({
  type: 'etcd.answered',
  revision: 12,
  reply: { kvs: [stored('/registry/pods/default/web', podOn(nodeName))], count: 1, more: false },
})
const nothing = { type: 'etcd.answered', revision: 12, reply: { kvs: [], count: 0, more: false } }
const lost = (line: string, reason: 'refused' | 'reset') => ({ type: 'call.lost', line, reason })
const answerOf = (chart: ReturnType<typeof begun>): ApiAnswered => chart.did('answer')[0]?.event as ApiAnswered

test('the pod is read from a quorum, its log from its node', () => {
  const asking = begun()
  expect(asking.did('call')[0]).toMatchObject({ to: 'etcd/cp-1', event: { key: '/registry/pods/default/web' } })
  const waiting = asking.on(found('node-1'))
  expect(waiting.did('call')[0]).toMatchObject({
    to: 'containerd/node-1',
    event: { type: 'log.request', containerId: 'abc' },
  })
  const lines = [{ at: 1, stream: 'stdout', text: 'hi\n' }]
  const done = waiting.on({ type: 'log.answered', lines })
  expect(answerOf(done)).toMatchObject({ code: 200, log: lines, object: { metadata: { name: 'web' } } })
  expect(done.done).toBe(true)
})
test('a pod that is on no node has no log yet', () => {
  expect(answerOf(begun().on(found()))).toMatchObject({ code: 204, log: [] })
})
test('what is not there is not found', () => {
  expect(answerOf(begun().on(nothing)).status?.message).toBe('pods "web" not found')
  expect(answerOf(begun().on(found('gone'))).status?.message).toBe('pods "gone" not found')
})
test('a node that refuses or is silent is told of as the dialler says it', () => {
  const waiting = begun().on(found('node-1'))
  const url = 'Get "https://192.168.1.1:10250/containerLogs/default/web/c": dial tcp 192.168.1.1:10250: '
  expect(answerOf(waiting.on(lost('node', 'refused'))).status).toMatchObject({
    code: 500,
    message: `${url}connect: connection refused`,
  })
  expect(answerOf(waiting.on(lost('node', 'reset'))).status?.message).toBe(`${url}EOF`)
  expect(answerOf(waiting.after('dial timeout')).status?.message).toBe(`${url}i/o timeout`)
})
test('another member of etcd is asked, until none is left', () => {
  const second = begun().on(lost('etcd', 'refused'))
  expect(second.did('call')[0]?.to).toBe('etcd/cp-2')
  expect(answerOf(second.on(lost('etcd', 'reset'))).code).toBe(500)
  expect(answerOf(begun().on({ type: 'etcd.failed', code: 14, error: 'etcdserver: no leader' })).code).toBe(500)
  expect(answerOf(begun().after('request timeout')).code).toBe(500)
})

expectWhole(apiLogReader)
