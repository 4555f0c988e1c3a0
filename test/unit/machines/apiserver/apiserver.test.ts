import { describe, expect, test } from 'vitest'
import { kubeApiserver } from '../../../../machines/apiserver/apiserver.ts'
import type { ApiAnswered, ApiRequest } from '../../../../machines/protocol/api.ts'
import type { KeyValue } from '../../../../machines/protocol/etcd.ts'
import { born, expectWhole } from '../../../kit/chart.ts'

const members = ['etcd/cp-1', 'etcd/cp-2']
const fresh = () => born(kubeApiserver, { etcd: members, ownKinds: [], ip: '192.0.2.1' }, 'kube-apiserver/cp-1')
const node = (name: string, modRevision: number, labels = {}): KeyValue => ({
  key: `/registry/minions/${name}`,
  value: { apiVersion: 'v1', kind: 'Node', metadata: { name, labels } },
  createRevision: 3,
  modRevision,
  version: 1,
})
const range = (revision: number, ...kvs: readonly KeyValue[]) => ({
  type: 'etcd.answered',
  revision,
  reply: { kvs, count: kvs.length, more: false },
})
const pod = (name: string, modRevision: number, nodeName?: string): KeyValue => ({
  key: `/registry/pods/default/${name}`,
  value: {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: { nodeName, containers: [] },
  },
  createRevision: 3,
  modRevision,
  version: 1,
})
const watched = (revision: number, ...kvs: readonly KeyValue[]) => ({
  type: 'etcd.watched',
  revision,
  events: kvs.map((kv) => ({ type: 'PUT', kv })),
})
const ready = () =>
  fresh()
    .on(range(1))
    .on(range(10, node('node-1', 5)))

const user = { name: 'kubernetes-admin', groups: ['system:masters'] }
const get: ApiRequest = { type: 'api.request', user, verb: 'get', resource: 'nodes', name: 'node-1' }
const list: ApiRequest = {
  type: 'api.request',
  user,
  verb: 'list',
  resource: 'nodes',
  options: { resourceVersion: '0' },
}
const watch: ApiRequest = { ...list, verb: 'watch', options: { resourceVersion: '10' } }
const from = (call: number) => ({ from: 'kubelet/node-1', call })
type Begun = ReturnType<typeof fresh>
const answerOf = (chart: Begun): ApiAnswered => chart.did('answer')[0]?.event as ApiAnswered
const pushedTo = (chart: Begun): readonly number[] => chart.did('push').map(({ stream }) => stream)

describe('starting', () => {
  test('dials, lists everything once, and watches from there', () => {
    const dialling = fresh()
    expect(dialling.did('call')[0]).toMatchObject({ to: 'etcd/cp-1', event: { key: '/registry/health' } })
    const filling = dialling.on(range(1))
    expect(filling.did('call')[0]?.event).toMatchObject({ type: 'etcd.Range', key: '\0', rangeEnd: '\0' })
    const chart = filling.on(range(10, node('node-1', 5)))
    expect(chart.state).toBe('ready.watching')
    expect(chart.did('stream')[0]).toMatchObject({ to: 'etcd/cp-1', event: { startRevision: 11 } })
    expect(chart.did('spawn')[0]).toMatchObject({ address: 'apiserver-bootstrap/cp-1' })
  })
  test('tries one member after the other, then pauses', () => {
    const second = fresh().on({ type: 'call.lost', line: 'etcd', reason: 'refused' })
    expect(second.did('call')[0]?.to).toBe('etcd/cp-2')
    const pausing = second.on({ type: 'etcd.failed', code: 14, error: 'etcdserver: no leader' })
    expect(pausing.state).toBe('starting.pausing')
    const again = pausing.after('reconnect pause')
    expect(again.did('call')[0]?.to).toBe('etcd/cp-1')
    expect(again.after('dial timeout').did('call')[0]?.to).toBe('etcd/cp-2')
  })
  test('a listing that fails, breaks or hangs begins again elsewhere', () => {
    const filling = fresh().on(range(1))
    const lost = { type: 'call.lost', line: 'etcd', reason: 'reset' }
    const failed = { type: 'etcd.failed', code: 14, error: 'etcdserver: no leader' }
    for (const chart of [filling.on(lost), filling.on(failed), filling.after('list timeout')]) {
      expect([chart.state, chart.did('call')[0]?.to]).toEqual(['starting.dialling', 'etcd/cp-2'])
    }
  })
  test('turns requests and probes away', () => {
    expect(answerOf(fresh().on(get, from(3))).code).toBe(503)
    expect(fresh().on(watch, from(3)).asked).toMatchObject([
      { do: 'push', stream: 3 },
      { do: 'end', stream: 3 },
    ])
    expect(fresh().on({ type: 'api.health', path: '/readyz' }, from(3)).did('answer')[0]?.event).toMatchObject({
      ok: false,
    })
  })
})

describe('requests', () => {
  test('are answered from the cache when any version will do', () => {
    expect(answerOf(ready().on(list, from(3))).list?.objects.keys()).toEqual(['node-1'])
    const one = ready().on({ ...get, options: { resourceVersion: '0' } }, from(3))
    expect(answerOf(one).object?.metadata.resourceVersion).toBe('5')
  })
  test('that must be current go to a reader, those that write to an actor of their own', () => {
    const log = { ...get, resource: 'pods', name: 'web', subresource: 'log' as const }
    const machines = [get, log, { ...get, verb: 'deletecollection' as const }, { ...get, verb: 'delete' as const }].map(
      (request) => {
        const [spawned] = ready().on(request, from(3)).did('spawn')
        return `${spawned?.machine} ${spawned?.address}`
      },
    )
    expect(machines).toEqual([
      'api-read request/cp-1/3',
      'api-log-reader request/cp-1/3',
      'api-collection-deletion request/cp-1/3',
      'api-request request/cp-1/3',
    ])
  })
  test('that cannot be served are refused', () => {
    expect(answerOf(ready().on({ ...get, resource: 'nothings' }, from(3))).code).toBe(404)
  })
  test('with a generated name count what was named after the same prefix', () => {
    const body = { metadata: { generateName: 'web-' } }
    const creating = { ...get, verb: 'create' as const, name: '', body }
    const first = ready().on(creating, from(3))
    const second = first.on(creating, from(4))
    expect([first, second].map((chart) => (chart.did('spawn')[0]?.input as { ordinal: number }).ordinal)).toEqual([
      0, 1,
    ])
  })
  test('for Events share a lease for a minute', () => {
    const event = { ...get, verb: 'create' as const, resource: 'events', namespace: 'default', body: {} }
    const leaseOf = (chart: Begun) => (chart.did('spawn')[0]?.input as { lease?: number }).lease
    const at = 1_000_000
    const sharing = ready().on({ type: 'lease.granted', id: 77 }, { at })
    expect(leaseOf(sharing.on(event, { ...from(3), at: at + 59_000 }))).toBe(77)
    expect(leaseOf(sharing.on(event, { ...from(3), at: at + 60_000 }))).toBeUndefined()
    expect(sharing.on(event, { ...from(3), at }).context.eventLease?.left).toBe(999)
  })
  test('probes look whether etcd is well', () => {
    expect(ready().on({ type: 'api.health', path: '/readyz' }, from(3)).did('spawn')).toMatchObject([
      { address: 'health-check/cp-1/3', machine: 'api-health-check', input: { member: 'etcd/cp-1', call: 3 } },
    ])
  })
})

describe('readers', () => {
  const reader = { from: 'request/cp-1/3', call: 9 }
  test('wait until the cache is as far as they must see', () => {
    const waiting = ready().on({ type: 'cache.awaited', revision: 12 }, reader)
    expect(waiting.asked).toEqual([])
    expect(waiting.on(watched(11, node('node-2', 11))).did('answer')).toEqual([])
    const reached = waiting.on(watched(12, node('node-2', 12)))
    expect(reached.did('answer')[0]).toMatchObject({
      to: 'request/cp-1/3',
      call: 9,
      event: { cache: { revision: 12 } },
    })
  })
  test('are answered at once when it is, and forgotten when they gave up', () => {
    expect(ready().on({ type: 'cache.awaited', revision: 10 }, reader).did('answer')).toHaveLength(1)
    const forgotten = ready()
      .on({ type: 'cache.awaited', revision: 12 }, reader)
      .on({ type: 'cache.forgotten', revision: 12 }, reader)
    expect(forgotten.context.waiting.size).toBe(0)
  })
})

describe('watchers', () => {
  test('are told what changed, once for each message of etcd', () => {
    const chart = ready()
      .on(watch, from(3))
      .on(watched(12, node('node-2', 11), node('node-1', 12)))
    expect(chart.did('push')).toMatchObject([
      {
        stream: 3,
        event: {
          changes: [
            { type: 'ADDED', key: 'node-2' },
            { type: 'MODIFIED', key: 'node-1' },
          ],
          resourceVersion: '12',
        },
      },
    ])
  })
  test('of one node hear only of its pods', () => {
    const watchOf = (name: string): ApiRequest => ({
      ...watch,
      resource: 'pods',
      options: { resourceVersion: '10', fieldSelector: `spec.nodeName=${name}` },
    })
    const both = ready()
      .on(watchOf('node-1'), from(3))
      .on(watchOf('node-2'), from(4))
      .on(watched(11, pod('p', 11)))
    expect(pushedTo(both)).toEqual([])
    expect(pushedTo(both.on(watched(12, pod('p', 12, 'node-1'))))).toEqual([3])
  })
  test('are forgotten when they hang up, and ended when their time is over', () => {
    const watching = ready().on(watch, from(3))
    const deaf = watching.on({ type: 'stream.closed', stream: 3 }).on(watched(11, node('node-2', 11)))
    expect(pushedTo(deaf)).toEqual([])
    expect(watching.on({ type: 'watch.expired', stream: 3 }).asked).toEqual([{ do: 'end', stream: 3 }])
  })
  test('who want bookmarks get one within a minute of a change that they did not see', () => {
    const options = { resourceVersion: '10', allowWatchBookmarks: true, fieldSelector: 'metadata.name=node-1' }
    const other = ready()
      .on({ ...watch, options }, from(3))
      .on(watched(11, node('node-2', 11)))
    expect(other.did('wake')).toMatchObject([{ key: 'bookmarks nodes', afterMs: 60_000 }])
    expect(other.on(watched(12, node('node-2', 12))).did('wake')).toEqual([])
    const told = other.on({ type: 'bookmarks.due', resource: 'nodes' })
    expect(told.did('push')).toMatchObject([{ stream: 3, event: { changes: [], resourceVersion: '11' } }])
  })
})

describe('a lost watch of etcd', () => {
  const ended = { type: 'stream.ended', line: 'watch', reason: 'reset' }
  test('goes on at the next member from the last revision, and reads are still answered', () => {
    const chart = ready()
      .on(watched(12, node('node-2', 12)))
      .on(ended)
    expect(chart.did('stream')[0]).toMatchObject({ to: 'etcd/cp-2', event: { startRevision: 13 } })
    const pausing = chart.on({ type: 'etcd.watched', revision: 12, events: [], canceled: 'etcdserver: no leader' })
    expect(pausing.state).toBe('ready.reconnecting')
    expect(answerOf(pausing.on(list, from(3))).code).toBe(200)
    expect(pausing.after('reconnect pause').did('stream')[0]?.to).toBe('etcd/cp-1')
  })
  test('whose history was compacted away has everything listed anew and all watchers list again', () => {
    const compacted = {
      type: 'etcd.watched',
      revision: 99,
      events: [],
      canceled: 'mvcc: compacted',
      compactRevision: 50,
    }
    const refilling = ready().on(watch, from(3)).on(compacted)
    expect(refilling.did('end')).toEqual([{ do: 'end', stream: 3 }])
    expect(answerOf(refilling.on(list, from(4))).code).toBe(429)
    expect(refilling.on({ type: 'api.health', path: '/readyz' }, from(4)).did('answer')[0]?.event).toMatchObject({
      ok: false,
    })
    const relisting = refilling.on({ type: 'call.lost', line: 'etcd', reason: 'reset' })
    expect(relisting.state).toBe('relisting')
    expect(answerOf(relisting.on(list, from(4))).code).toBe(429)
    expect(relisting.on({ type: 'api.health', path: '/readyz' }, from(4)).did('answer')).toHaveLength(1)
    expect(refilling.on({ type: 'etcd.failed', code: 14, error: 'no leader' }).state).toBe('relisting')
    expect(refilling.after('list timeout').state).toBe('relisting')
    const again = relisting.after('reconnect pause')
    expect(again.did('call')[0]?.to).toBe('etcd/cp-2')
    const filled = again.on(range(99, node('node-9', 98)))
    expect([filled.state, filled.context.cache.revision]).toEqual(['ready.watching', 99])
  })
  test('its first word says how far etcd is, not what it has told: the revision stays', () => {
    const created = { type: 'etcd.watched', revision: 15, events: [], created: true }
    const chart = ready().on(ended).on(created)
    expect(chart.context.cache.revision).toBe(10)
    expect(chart.on(watched(15, node('node-2', 12))).context.cache.revision).toBe(15)
  })
  test('progress moves the revision, what is old changes nothing', () => {
    const progress = { type: 'etcd.watched', revision: 15, events: [] }
    expect(ready().on(progress).context.cache.revision).toBe(15)
    expect(ready().on({ ...progress, revision: 9 }).context.cache.revision).toBe(10)
  })
})

expectWhole(kubeApiserver)
