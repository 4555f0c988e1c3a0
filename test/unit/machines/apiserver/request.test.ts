import { describe, expect, test } from 'vitest'
import { apiRequest } from '../../../../machines/apiserver/request.ts'
import type { RequestInput } from '../../../../machines/apiserver/request-context.ts'
import { served } from '../../../../machines/apiserver/served.ts'
import { filled, type WatchCache } from '../../../../machines/apiserver/watch-cache.ts'
import type { ApiAnswered, ApiRequest } from '../../../../machines/protocol/api.ts'
import type { KeyValue } from '../../../../machines/protocol/etcd.ts'
import { born, expectWhole } from '../../../kit/chart.ts'

const NONE = [] as const
const stored = (key: string, value: unknown, modRevision: number): KeyValue => ({
  key,
  value,
  createRevision: modRevision,
  modRevision,
  version: 1,
})
const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' }, status: { phase: 'Active' } }
const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'default' } }
const settings = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', namespace: 'default', uid: 'u-1' },
  data: { k: 'v' },
}
const NAMESPACE = stored('/registry/namespaces/default', namespace, 2)
const ACCOUNT = stored('/registry/serviceaccounts/default/default', account, 3)
const SETTINGS = stored('/registry/configmaps/default/a', settings, 4)
const cacheWith = (...kvs: readonly KeyValue[]): WatchCache => filled(kvs, 10, served(NONE).prefixes)
const full = cacheWith(NAMESPACE, ACCOUNT, SETTINGS)

const admin = { name: 'kubernetes-admin', groups: ['system:masters'] }
const a: ApiRequest = {
  type: 'api.request',
  user: admin,
  verb: 'update',
  resource: 'configmaps',
  namespace: 'default',
  name: 'a',
}
const changing = { ...a, body: { ...settings, data: { k: 'w' } } }
const creating: ApiRequest = { ...a, verb: 'create', name: 'b', body: { metadata: { name: 'b' } } }
const pod = { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'nginx' }] } }
const creatingPod: ApiRequest = { ...creating, resource: 'pods', name: 'p', body: pod }

const begun = (request: ApiRequest, cache = full, etcd = ['etcd/cp-1'], lease?: number) => {
  const input: RequestInput = {
    request,
    client: 'kubectl/workstation/1',
    call: 5,
    server: 'kube-apiserver/cp-1',
    etcd,
    ownKinds: NONE,
    cache,
    dice: 7,
    ordinal: 0,
    lease,
  }
  return born(apiRequest, input, 'request/cp-1/5')
}
const range = (...kvs: readonly KeyValue[]) => ({
  type: 'etcd.answered',
  revision: 20,
  reply: { kvs, count: kvs.length, more: false },
})
const took = { type: 'etcd.answered', revision: 21, reply: { succeeded: true, replies: [{}] } }
const failed = (...kvs: readonly KeyValue[]) => ({
  type: 'etcd.answered',
  revision: 21,
  reply: { succeeded: false, replies: [{ kvs, count: kvs.length, more: false }] },
})
type Begun = ReturnType<typeof begun>
const answerOf = (chart: Begun): ApiAnswered => chart.did('answer')[0]?.event as ApiAnswered
const messageOf = (chart: Begun): string | undefined => answerOf(chart).status?.message
const proposalOf = (chart: Begun) =>
  chart.did('call')[0]?.event as { type: string; compare?: unknown; success?: unknown; key?: string }

describe('who asks', () => {
  test('nobody known is Unauthorized', () => {
    const chart = begun({ ...a, user: { name: '', groups: [] } })
    expect([answerOf(chart).code, chart.done]).toEqual([401, true])
  })
  test('somebody unknown is told what is forbidden', () => {
    const chart = begun({ ...a, user: { name: 'system:anonymous', groups: ['system:unauthenticated'] } })
    expect(messageOf(chart)).toBe(
      'configmaps "a" is forbidden: User "system:anonymous" cannot update resource "configmaps" in API group "" in the namespace "default"',
    )
  })
})

describe('an update', () => {
  test('of what the cache has is proposed at once, and answered with the new revision', () => {
    const chart = begun(changing)
    expect(chart.state).toBe('handling.storing')
    expect(proposalOf(chart)).toMatchObject({
      compare: [{ key: '/registry/configmaps/default/a', target: 'mod', than: 4 }],
    })
    const done = chart.on(took)
    expect(answerOf(done)).toMatchObject({
      code: 200,
      object: { metadata: { resourceVersion: '21' }, data: { k: 'w' } },
    })
  })
  test('of what the cache does not have is read from etcd first', () => {
    const chart = begun(changing, cacheWith(NAMESPACE))
    expect([chart.state, proposalOf(chart).key]).toEqual(['handling.readingCurrent', '/registry/configmaps/default/a'])
    expect(chart.on(range(SETTINGS)).state).toBe('handling.storing')
    expect(messageOf(chart.on(range()))).toMatch(/UID in precondition: u-1, UID in object meta: $/)
    const anonymous = begun({ ...a, body: { metadata: { name: 'a' } } }, cacheWith(NAMESPACE)).on(range())
    expect(messageOf(anonymous)).toBe('configmaps "a" not found')
  })
  test('that does not fit the cached object is checked against etcd before it is refused', () => {
    const outdated = { ...changing, body: { ...settings, metadata: { ...settings.metadata, resourceVersion: '6' } } }
    const chart = begun(outdated)
    expect(chart.state).toBe('handling.readingCurrent')
    expect(messageOf(chart.on(range(SETTINGS)))).toMatch(
      /^Operation cannot be fulfilled on configmaps "a": the object has been modified/,
    )
    expect(chart.on(range(stored(SETTINGS.key, { ...settings, data: {} }, 6))).state).toBe('handling.storing')
  })
  test('that lost the race is applied again to what etcd has', () => {
    const again = begun(changing).on(failed(stored(SETTINGS.key, { ...settings, data: { k: 'x' } }, 15)))
    expect(proposalOf(again)).toMatchObject({ compare: [{ than: 15 }] })
  })
  test('that changes nothing is not written, once etcd says the same', () => {
    const chart = begun({ ...a, body: settings })
    expect(chart.state).toBe('handling.readingCurrent')
    expect(answerOf(chart.on(range(SETTINGS)))).toMatchObject({
      code: 200,
      object: { metadata: { resourceVersion: '4' } },
    })
  })
  test('as a dry run writes nothing', () => {
    const chart = begun({ ...changing, options: { dryRun: true } })
    expect([chart.done, answerOf(chart).object]).toMatchObject([
      true,
      { data: { k: 'w' }, metadata: { resourceVersion: '4' } },
    ])
  })
})

describe('a creation', () => {
  test('is proposed for a key that must not exist', () => {
    const chart = begun(creating)
    expect(proposalOf(chart)).toMatchObject({ compare: [{ key: '/registry/configmaps/default/b', than: 0 }] })
    expect(answerOf(chart.on(took))).toMatchObject({
      code: 201,
      object: { metadata: { name: 'b', resourceVersion: '21' } },
    })
    expect(messageOf(chart.on(failed(SETTINGS)))).toBe('configmaps "b" already exists')
    const going = stored('k', { ...settings, metadata: { ...settings.metadata, deletionTimestamp: 'now' } }, 9)
    expect(messageOf(chart.on(failed(going)))).toBe('object is being deleted: configmaps "b" already exists')
  })
  test('with a generated name draws eight names', () => {
    let chart = begun({ ...creating, name: '', body: { metadata: { generateName: 'g-' } } })
    const names = new Set<string>()
    for (let i = 0; i < 8; i++) {
      names.add(JSON.stringify(proposalOf(chart).compare))
      chart = chart.on(failed(SETTINGS))
    }
    expect(names.size).toBe(8)
    expect(messageOf(chart)).toMatch(
      /^configmaps "g-\w{5}" already exists, the server was not able to generate a unique name/,
    )
  })
  test('as a dry run only looks whether the name is taken', () => {
    const chart = begun({ ...creating, options: { dryRun: true } })
    expect(chart.state).toBe('handling.checkingAbsence')
    expect(answerOf(chart.on(range())).code).toBe(201)
    expect(answerOf(chart.on(range(SETTINGS))).code).toBe(409)
  })
  test('of nonsense is refused at once', () => {
    expect(answerOf(begun({ ...creating, body: 'nonsense' })).code).toBe(400)
  })
  test('in a namespace that the cache does not know asks etcd once', () => {
    const chart = begun(creating, cacheWith())
    expect([chart.state, proposalOf(chart).key]).toEqual(['handling.lookingUp', '/registry/namespaces/default'])
    expect(chart.on(range(NAMESPACE)).state).toBe('handling.storing')
    expect(messageOf(chart.on(range()))).toBe('namespaces "default" not found')
  })
  test('of a pod waits a little for the ServiceAccount default', () => {
    let chart = begun(creatingPod, cacheWith(NAMESPACE))
    for (let i = 0; i < 9; i++) {
      chart = chart.on(range())
      expect(chart.state).toBe('handling.pausing')
      chart = chart.after('look-up interval')
    }
    expect(chart.on(range(ACCOUNT)).state).toBe('handling.storing')
    expect(messageOf(chart.on(range()))).toBe(
      'pods "p" is forbidden: error looking up service account default/default: serviceaccount "default" not found',
    )
  })
  test('of a pod does not wait for any other', () => {
    const body = {
      metadata: { name: 'p' },
      spec: { serviceAccountName: 'bot', containers: [{ name: 'c', image: 'i' }] },
    }
    expect(messageOf(begun({ ...creatingPod, body }, cacheWith(NAMESPACE)).on(range()))).toMatch(
      /^pods "p" is forbidden: error looking up service account default\/bot:/,
    )
  })
})

describe('a creation in a namespace with quotas', () => {
  const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'q', namespace: 'default' } }
  const held = cacheWith(NAMESPACE, ACCOUNT, SETTINGS, stored('/registry/resourcequotas/default/q', quota, 5))
  const refusal = { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: 403, reason: 'Forbidden', message: 'no' }
  test('claims what it uses before it is stored', () => {
    const chart = begun(creating, held)
    expect(chart.did('call')).toMatchObject([
      { to: 'quota-evaluator/cp-1/default', event: { resource: 'configmaps', object: { metadata: { name: 'b' } } } },
    ])
    expect(chart.on({ type: 'quota.judged' }).state).toBe('handling.storing')
  })
  test('is forbidden what exceeds them', () => {
    expect(answerOf(begun(creating, held).on({ type: 'quota.judged', refusal } as { type: string })).code).toBe(403)
  })
  test('that nobody judges fails', () => {
    expect(messageOf(begun(creating, held).after('quota timeout'))).toBe('resource quota evaluation timed out')
    const lost = { type: 'call.lost', line: 'quota', reason: 'reset' }
    expect(answerOf(begun(creating, held).on(lost)).code).toBe(500)
  })
  test('no other request claims anything', () => {
    expect(begun(changing, held).state).toBe('handling.storing')
  })
})

describe('an Event', () => {
  const happened = { metadata: { name: 'e' }, involvedObject: { kind: 'Pod', name: 'p', namespace: 'default' } }
  const event: ApiRequest = { ...creating, resource: 'events', name: 'e', body: happened }
  test('is stored under a lease of an hour, which others may share', () => {
    const chart = begun(event)
    expect(chart.did('call')[0]?.event).toMatchObject({ type: 'etcd.LeaseGrant', ttlSeconds: 3660 })
    const storing = chart.on({ type: 'etcd.answered', revision: 20, reply: { id: 77, ttlSeconds: 3660 } })
    expect(storing.did('send')[0]).toMatchObject({
      to: 'kube-apiserver/cp-1',
      event: { type: 'lease.granted', id: 77 },
    })
    expect(proposalOf(storing)).toMatchObject({ success: [{ type: 'etcd.Put', lease: 77 }] })
  })
  test('takes the lease that the server has', () => {
    expect(proposalOf(begun(event, full, ['etcd/cp-1'], 78))).toMatchObject({ success: [{ lease: 78 }] })
  })
})

describe('a deletion', () => {
  const deleting: ApiRequest = { ...a, verb: 'delete' }
  test('without grace removes the object and is answered with a Status', () => {
    const chart = begun(deleting)
    expect(chart.state).toBe('handling.removing')
    expect(answerOf(chart.on(took)).status).toMatchObject({
      status: 'Success',
      details: { name: 'a', kind: 'configmaps' },
    })
    expect(chart.on(failed(stored(SETTINGS.key, settings, 15))).state).toBe('handling.removing')
    expect(messageOf(chart.on(failed()))).toBe('configmaps "a" not found')
  })
  test('of a pod that runs nowhere writes it once more, then removes it', () => {
    const key = '/registry/pods/default/p'
    const value = { ...pod, apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'default', uid: 'u-2' } }
    const chart = begun({ ...deleting, resource: 'pods', name: 'p' }, cacheWith(stored(key, value, 8))).on(took)
    expect(proposalOf(chart)).toMatchObject({ compare: [{ key, than: 21 }], success: [{ type: 'etcd.DeleteRange' }] })
    expect(answerOf(chart.on({ ...took, revision: 22 })).object?.metadata).toMatchObject({
      deletionGracePeriodSeconds: 0,
      resourceVersion: '22',
    })
  })
  test('with a precondition is refused only by what etcd has', () => {
    const chart = begun({ ...deleting, options: { preconditions: { uid: 'other' } } })
    expect(messageOf(chart.on(range(SETTINGS)))).toMatch(
      /the UID in the precondition \(other\) does not match the UID in record \(u-1\)/,
    )
  })
})

describe('an eviction', () => {
  const key = '/registry/pods/default/p'
  const metadata = { name: 'p', namespace: 'default', uid: 'u-2' }
  const podIn = (phase: string) => ({
    ...{ apiVersion: 'v1', kind: 'Pod', metadata },
    spec: { ...pod.spec, nodeName: 'n' },
    status: { phase },
  })
  const at = (modRevision: number, phase = 'Running') => stored(key, podIn(phase), modRevision)
  const evict = (deleteOptions?: object): ApiRequest => ({
    ...creating,
    ...{ resource: 'pods', name: 'p', subresource: 'eviction' },
    body: { metadata: { name: 'p', namespace: 'default' }, ...(deleteOptions && { deleteOptions }) } as never,
  })
  const holding = (resourceVersion: string) => evict({ preconditions: { resourceVersion } })
  const asking = (request = evict()) => begun(request, cacheWith(at(7, 'Pending'))).on(range(at(8)))
  const granted = { type: 'disruption.judged' }
  const spared = { ...granted, sparedBy: 'b' } as { type: string }

  test('reads the pod itself, and asks the budgets before it touches it', () => {
    expect(begun(evict(), cacheWith(at(8))).state).toBe('handling.readingCurrent')
    expect(asking().did('spawn')).toMatchObject([{ address: 'disruption-claim/cp-1/5', machine: 'disruption-claim' }])
    expect(asking().did('call')).toMatchObject([
      { to: 'disruption-claim/cp-1/5', event: { type: 'disruption.claimed', dryRun: false, pod: { metadata } } },
    ])
  })
  test('tells the pod why, and then deletes what it wrote itself', () => {
    for (const request of [evict(), holding('8')]) {
      const told = asking(request).on(granted)
      expect(proposalOf(told)).toMatchObject({
        compare: [{ key, than: 8 }],
        success: [{ value: { status: { conditions: [{ type: 'DisruptionTarget', status: 'True' }] } } }],
      })
      const deleting = told.on(took)
      expect(proposalOf(deleting)).toMatchObject({
        compare: [{ key, than: 21 }],
        success: [{ value: { metadata: { deletionGracePeriodSeconds: 30 } } }],
      })
      expect(answerOf(deleting.on({ ...took, revision: 22 })).code).toBe(201)
    }
    expect(messageOf(asking(holding('7')))).toMatch(/the ResourceVersion in the precondition \(7\) does not match/)
  })
  test('is refused what a budget forbids, and fails when nobody judges', () => {
    const refusal = { kind: 'Status', code: 429, message: 'Cannot evict' }
    expect(answerOf(asking().on({ ...granted, refusal } as { type: string })).code).toBe(429)
    expect(answerOf(asking().on({ type: 'call.lost', line: 'budget', reason: 'reset' } as { type: string })).code).toBe(
      504,
    )
  })
  test('of a pod that has not begun asks nobody, as long as it has not', () => {
    const told = begun(evict(), full).on(range(at(8, 'Pending')))
    expect(told.state).toBe('handling.storing')
    expect(told.on(failed(at(9, 'Pending'))).state).toBe('handling.storing')
    expect(told.on(failed(at(9))).state).toBe('handling.askingBudgets')
  })
  test('that is granted is tried until it holds; of a pod that is not well only while nothing changes', () => {
    expect(
      asking()
        .on(granted)
        .on(failed(at(9))).state,
    ).toBe('handling.storing')
    for (const late of [
      asking()
        .on(spared)
        .on(failed(at(9))),
      asking()
        .on(spared)
        .on(took)
        .on(failed(at(22))),
    ]) {
      expect(answerOf(late).status).toMatchObject({
        code: 429,
        details: { retryAfterSeconds: 10, causes: [{ reason: 'DisruptionBudget' }] },
      })
    }
    expect(
      answerOf(
        asking(holding('8'))
          .on(spared)
          .on(failed(at(9))),
      ).code,
    ).toBe(409)
  })
  test('of a pod that runs nowhere ends with its removal', () => {
    const nowhere = { ...podIn('Running'), spec: pod.spec }
    const removing = begun(evict(), full)
      .on(range(stored(key, nowhere, 8)))
      .on(spared)
      .on(took)
      .on({ ...took, revision: 22 })
    expect(removing.state).toBe('handling.removing')
    expect(answerOf(removing.on(failed(at(23)))).code).toBe(429)
  })
  test('that is a trial asks the budgets as one, and writes nothing', () => {
    const trial = asking(evict({ dryRun: ['All'] }))
    expect(trial.did('call')).toMatchObject([{ event: { dryRun: true } }])
    expect(answerOf(trial.on(granted)).code).toBe(201)
  })
  test('names the pod twice', () => {
    const other = { ...evict(), body: { metadata: { name: 'q' } } as never }
    expect(messageOf(begun(other, full).on(range(at(8))))).toBe('name in URL does not match name in Eviction object')
  })
})

describe('an admission plugin that refuses', () => {
  test('because of a cached object has it read first', () => {
    const address = {
      kind: 'Service',
      apiVersion: 'v1',
      metadata: { name: 's', namespace: 'default', uid: 'u-3' },
      spec: { clusterIP: '10.96.9.9', clusterIPs: ['10.96.9.9'], ports: [{ port: 80 }] },
    }
    const other = {
      ...address,
      metadata: { ...address.metadata, name: 't', uid: 'u-4' },
      spec: { ...address.spec, clusterIP: '10.96.9.8', clusterIPs: ['10.96.9.8'] },
    }
    const cache = cacheWith(
      stored('/registry/services/specs/default/s', address, 5),
      stored('/registry/services/specs/default/t', other, 6),
    )
    const stolen = { ...other, spec: address.spec }
    const chart = begun({ ...a, resource: 'services', name: 't', body: stolen }, cache)
    expect(chart.state).toBe('handling.readingCurrent')
    const refused = chart.on(range(stored('/registry/services/specs/default/t', other, 6)))
    expect(messageOf(refused)).toMatch(/provided IP is already allocated/)
  })
})

describe('etcd', () => {
  test('that fails is told as it said it', () => {
    const error = { type: 'etcd.failed', code: 14, error: 'etcdserver: request timed out' }
    expect(answerOf(begun(changing).on(error))).toMatchObject({
      code: 500,
      status: { reason: '', message: error.error },
    })
  })
  test('that does not answer ends the request after 34 s', () => {
    expect(messageOf(begun(changing).after('request timeout'))).toMatch(
      /request did not complete within requested timeout/,
    )
  })
  test('that refuses is asked for at the next member; a broken write is not tried again', () => {
    const two = ['etcd/cp-1', 'etcd/cp-2']
    const refused = { type: 'call.lost', line: 'etcd', reason: 'refused' }
    const again = begun(changing, full, two).on(refused)
    expect([again.state, again.did('call')[0]?.to]).toEqual(['handling.storing', 'etcd/cp-2'])
    expect(answerOf(again.on(refused)).code).toBe(500)
    expect(answerOf(begun(changing, full, two).on({ ...refused, reason: 'reset' })).code).toBe(500)
    const reading = begun(changing, cacheWith(NAMESPACE), two).on({ ...refused, reason: 'reset' })
    expect(reading.did('call')[0]?.to).toBe('etcd/cp-2')
  })
})

expectWhole(apiRequest)
