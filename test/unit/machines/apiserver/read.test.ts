import { expect, test } from 'vitest'
import { apiRead, type ReadInput } from '../../../../machines/apiserver/read.ts'
import { served } from '../../../../machines/apiserver/served.ts'
import { filled } from '../../../../machines/apiserver/watch-cache.ts'
import type { ApiAnswered, ApiRequest } from '../../../../machines/protocol/api.ts'
import { born, expectWhole } from '../../../kit/chart.ts'

const NONE = [] as const
const user = { name: 'kubernetes-admin', groups: ['system:masters'] }
const get: ApiRequest = { type: 'api.request', user, verb: 'get', resource: 'nodes', name: 'node-1' }
const { name: _, ...list } = { ...get, verb: 'list' as const }
const begun = (request: ApiRequest, etcd = ['etcd/cp-1', 'etcd/cp-2']) => {
  const server = 'kube-apiserver/cp-1'
  const input: ReadInput = {
    request,
    client: 'kubectl/workstation/1',
    call: 5,
    server,
    etcd,
    ownKinds: NONE,
    revision: 10,
  }
  return born(apiRead, input, 'request/cp-1/5')
}
const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' } }
const kv = { key: '/registry/minions/node-1', value: node, createRevision: 3, modRevision: 3, version: 1 }
const range = (...kvs: readonly (typeof kv)[]) => ({
  type: 'etcd.answered',
  revision: 12,
  reply: { kvs, count: kvs.length, more: false },
})
const cache = filled([kv], 12, served(NONE).prefixes)
const answerOf = (chart: ReturnType<typeof begun>): ApiAnswered => chart.did('answer')[0]?.event as ApiAnswered

test('a get without a version is read from a quorum', () => {
  const chart = begun(get)
  expect(chart.did('call')[0]).toMatchObject({ to: 'etcd/cp-1', event: { type: 'etcd.Range', key: kv.key } })
  expect(answerOf(chart.on(range(kv)))).toMatchObject({ code: 200, object: { metadata: { resourceVersion: '3' } } })
  expect(answerOf(chart.on(range())).status?.message).toBe('nodes "node-1" not found')
})

test('a list without a version waits until the cache is as new as etcd', () => {
  const chart = begun(list).on(range())
  expect(chart.did('call')[0]).toMatchObject({
    to: 'kube-apiserver/cp-1',
    event: { type: 'cache.awaited', revision: 12 },
  })
  const done = chart.on({ type: 'cache.reached', cache })
  expect(answerOf(done).list?.objects.keys()).toEqual(['node-1'])
  expect(done.done).toBe(true)
})

test('a version ahead of the cache is waited for three seconds', () => {
  const chart = begun({ ...get, options: { resourceVersion: '99' } })
  expect(chart.state).toBe('reading.waitingForCache')
  expect(answerOf(chart.on({ type: 'cache.reached', cache })).object).toMatchObject(node)
  const late = chart.after('freshness timeout')
  expect(answerOf(late).status?.message).toBe('Timeout: Too large resource version: 99, current: 10')
  expect(late.did('send')[0]?.event).toEqual({ type: 'cache.forgotten', revision: 99 })
})

test('a page is read from etcd at its revision', () => {
  const chart = begun({ ...list, options: { limit: 1 } })
  expect(chart.did('call')[0]?.event).toMatchObject({ key: '/registry/minions/', rangeEnd: '/registry/minions0' })
  const { list: page } = answerOf(chart.on(range(kv, { ...kv, key: '/registry/minions/node-2' })))
  expect([page?.objects.keys(), page?.remainingItemCount]).toEqual([['node-1'], 1])
  expect(page?.continue).toBeDefined()
})

test('a member that is lost is followed by the next, the last one by an error', () => {
  const lost = { type: 'call.lost', line: 'etcd', reason: 'reset' }
  const again = begun(get).on(lost)
  expect(again.did('call')[0]?.to).toBe('etcd/cp-2')
  expect(answerOf(again.on(lost)).code).toBe(500)
})

test('what etcd refuses is told; a compacted revision is Expired', () => {
  const failed = { type: 'etcd.failed', code: 14, error: 'etcdserver: no leader' }
  expect(answerOf(begun(get).on(failed)).status?.message).toBe('etcdserver: no leader')
  const compacted = { ...failed, code: 11, error: 'etcdserver: mvcc: required revision has been compacted' }
  expect(answerOf(begun(list).on(compacted)).status).toMatchObject({ code: 410, reason: 'Expired' })
})

test('after a minute it is over', () => {
  expect(answerOf(begun(get).after('request timeout')).code).toBe(504)
})

expectWhole(apiRead)
