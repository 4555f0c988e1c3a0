import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isActive } from '../../../../../machines/controllers/kit/pods.ts'
import { replicaSetKind } from '../../../../../machines/controllers/replicaset/kind.ts'
import { replicaSetMachine } from '../../../../../machines/controllers/replicaset/replica-set.ts'
import type { ObjectInput, View } from '../../../../../machines/protocol/cache.ts'
import { keyOf, type Pod } from '../../../../../machines/protocol/objects.ts'
import { born, expectWhole } from '../../../../kit/chart.ts'
import { event, lost, ok, refused } from '../kit/replies.ts'
import { pod, replicaSet, viewOf } from './examples.ts'

const machine = replicaSetMachine(replicaSetKind)
const input: ObjectInput = {
  key: 'default/web',
  supervisor: 'replicaset-controller/cp-1',
  apiserver: 'kube-apiserver/cp-1',
  user: { name: 'system:serviceaccount:kube-system:replicaset-controller', groups: [] },
  recorder: 'event-recorder/cp-1/replicaset-controller',
  reflectors: 'reflector/cp-1/kube-controller-manager',
}
type Chart = ReturnType<typeof idle>
const idle = () => born(machine, input)
const sync = (view: View) => event({ type: 'sync.requested', view })
const seeing = (set: Parameters<typeof viewOf>[0][number], ...pods: Parameters<typeof pod>[]) =>
  idle().on(
    sync(
      viewOf(
        [set],
        pods.map((each) => pod(...each)),
      ),
    ),
  )
const requests = (chart: Chart) => chart.did('call').map(({ event }) => event as unknown as Record<string, unknown>)
const told = (chart: Chart) => chart.did('send').map(({ event }) => event as unknown as Record<string, unknown>)
const settled = { replicas: 2, fullyLabeledReplicas: 2, readyReplicas: 2, availableReplicas: 2, observedGeneration: 1 }
const newPods = (count: number, of: Chart): Chart => {
  let chart = of
  for (let i = 0; i < count; i++) {
    const made = pod(`web-${i}`, { version: 20 + i })
    chart = chart.on(ok(made), { line: `${i}` })
  }
  return chart
}

describe('a ReplicaSet', () => {
  test('asks for nothing when nothing is missing, and when it is gone ends', () => {
    const chart = seeing(replicaSet({}, settled), ['a'], ['b'])
    expect([chart.state, requests(chart)]).toEqual(['idle', []])
    expect(told(chart)).toMatchObject([{ type: 'sync.finished', outcome: 'done' }])
    expect(chart.context.view).toBeUndefined()
    const gone = idle().on(sync(viewOf([], [])))
    expect([gone.done, told(gone)[0]?.outcome]).toEqual([true, 'gone'])
  })

  test('makes missing pods in batches of 1, 2, 4 … and then says what it had found', () => {
    let chart = seeing(replicaSet({ replicas: 8 }))
    expect(requests(chart)).toMatchObject([
      { verb: 'create', resource: 'pods', namespace: 'default', body: { metadata: { generateName: 'web-' } } },
    ])
    chart = chart.on(ok(pod('web-x', { version: 11 })), { line: '0' })
    expect(told(chart)).toMatchObject([{ reason: 'SuccessfulCreate', message: 'Created pod: web-x', kind: 'Normal' }])
    expect(requests(chart)).toHaveLength(2)
    chart = newPods(2, chart)
    expect(requests(chart)).toHaveLength(4)
    chart = newPods(4, chart)
    expect(requests(chart)).toHaveLength(1)
    chart = newPods(1, chart)
    expect(requests(chart)).toMatchObject([
      {
        verb: 'update',
        subresource: 'status',
        body: { status: { replicas: 0, observedGeneration: 1 }, metadata: { resourceVersion: '5' } },
      },
    ])
    const done = chart.on(ok())
    expect([done.state, told(done)[0]?.outcome]).toEqual(['idle', 'done'])
  })

  test('makes nothing more until it has seen what it made', () => {
    const chart = newPods(1, newPods(1, seeing(replicaSet()))).on(ok())
    const unseen = chart.on(sync(viewOf([replicaSet({}, { replicas: 0, observedGeneration: 1 })], [], '15')))
    expect([unseen.state, requests(unseen)]).toEqual(['idle', []])
    const half = unseen.on(sync(viewOf([replicaSet({}, settled)], [pod('web-0')], '20')))
    expect(requests(half)).toMatchObject([{ verb: 'create' }])
  })

  test('stops at the first batch that fails, says so once and backs off', () => {
    const refusal = refused(403, 'Forbidden', 'pods "web-a" is forbidden: exceeded quota')
    const chart = seeing(replicaSet({ replicas: 8 })).on(refusal)
    expect(told(chart)).toMatchObject([
      { kind: 'Warning', reason: 'FailedCreate', message: 'Error creating: pods "web-a" is forbidden: exceeded quota' },
    ])
    const status = (requests(chart)[0]?.body as { status: object }).status
    expect(status).toMatchObject({
      conditions: [
        { type: 'ReplicaFailure', reason: 'FailedCreate', message: 'pods "web-a" is forbidden: exceeded quota' },
      ],
    })
    const over = chart.on(ok())
    expect([over.state, told(over)[0]?.outcome]).toEqual(['backingOff', 'failed'])
    const again = over.on(sync(viewOf([replicaSet({ replicas: 8 }, status)], []))).on(refusal)
    expect([again.state, requests(again)]).toEqual(['backingOff', []])
  })

  test('takes a lost answer for a failure', () => {
    const chart = seeing(replicaSet()).on(lost('0'))
    expect(told(chart)).toMatchObject([{ message: 'Error creating: unexpected EOF' }])
    expect(chart.state).toBe('reportingStatus')
    const late = seeing(replicaSet()).after('request timeout')
    expect(late.did('hangUp')).toHaveLength(1)
    expect(late.context.failure?.message).toBe('context deadline exceeded')
  })

  test('makes nothing of it when the namespace is ending', () => {
    const refusal = refused(403, 'Forbidden')
    const ending = {
      ...refusal,
      status: { ...refusal.status, details: { causes: [{ reason: 'NamespaceTerminating', message: '' }] } },
    }
    const chart = seeing(replicaSet({ replicas: 1 })).on(ending)
    expect(told(chart)).toEqual([])
    expect(chart.state).toBe('reportingStatus')
    expect(told(chart.on(ok()))[0]?.outcome).toBe('done')
  })

  test('deletes those that matter least, all at once', () => {
    const chart = seeing(
      replicaSet({ replicas: 1 }),
      ['a'],
      ['b', { ready: false }],
      ['c', { phase: 'Pending', node: '' }],
    )
    expect(requests(chart).map(({ verb, name }) => [verb, name])).toEqual([
      ['delete', 'c'],
      ['delete', 'b'],
    ])
    const one = chart.on(ok(), { line: '1' })
    expect(told(one)).toMatchObject([{ reason: 'SuccessfulDelete', message: 'Deleted pod: b' }])
    const both = one.on(refused(404, 'NotFound'), { line: '0' })
    expect([both.state, told(both)]).toEqual(['reportingStatus', []])
    const next = both.on(ok())
    expect(next.state).toBe('idle')
    const old = next.on(sync(viewOf([replicaSet({ replicas: 1 })], [pod('a'), pod('b'), pod('c')])))
    expect(requests(old).map(({ verb }) => verb)).toEqual(['update'])
    const seen = next.on(sync(viewOf([replicaSet({ replicas: 1 })], [pod('a'), pod('b', { deleted: true }), pod('c')])))
    expect(requests(seen).map(({ verb }) => verb)).toEqual(['delete'])
  })

  test('backs off when a deletion fails', () => {
    const deleting = () => seeing(replicaSet({ replicas: 0 }), ['a'])
    const failed = deleting().on(refused(500, 'InternalError', 'no'), { line: '0' })
    expect(told(failed)).toMatchObject([{ reason: 'FailedDelete', message: 'Error deleting: no' }])
    expect((requests(failed)[0]?.body as { status: { conditions: object[] } }).status.conditions).toMatchObject([
      { reason: 'FailedDelete' },
    ])
    expect(told(deleting().on(lost('0')))).toMatchObject([{ message: 'Error deleting: unexpected EOF' }])
    const late = deleting().after('request timeout')
    expect(late.did('hangUp')).toHaveLength(1)
    expect(late.context.expectations.deletions).toEqual([])
  })

  test('counts pods of all sets of its controller when it chooses by node', () => {
    const owner = {
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'd', controller: true }],
    }
    const set = replicaSet({ replicas: 1 }, settled, owner)
    const old = replicaSet({ replicas: 1 }, settled, { ...owner, name: 'old', uid: 'old' })
    const pods = [
      pod('a', { node: 'node-1' }),
      pod('b', { node: 'node-2' }),
      pod('old-a', { owner: 'old', node: 'node-2' }),
    ]
    const chart = idle().on(sync(viewOf([set, old], pods)))
    expect(requests(chart)).toMatchObject([{ verb: 'delete', name: 'b' }])
  })

  test('does nothing to its pods while it is being deleted', () => {
    const dying = replicaSet({ replicas: 5 }, settled, { deletionTimestamp: '1970-01-01T00:00:00Z' })
    const chart = seeing(dying, ['a'], ['b'])
    expect([chart.state, requests(chart)]).toEqual(['idle', []])
  })

  test('looks again for pods that are only to become available', () => {
    const { availableReplicas: _, ...waiting } = settled
    const set = replicaSet({ minReadySeconds: 5 }, waiting)
    const now = { since: '1970-01-02T00:00:00Z' }
    expect(told(seeing(set, ['a', now], ['b', now]))).toMatchObject([{ outcome: 'done', againAfterMs: 5_000 }])
  })
})

describe('a ReplicaSet claims', () => {
  const orphan: [string, object] = ['a', { owner: undefined }]

  test('an orphan, once it has made sure that it lives', () => {
    const asking = seeing(replicaSet({ replicas: 1 }), orphan)
    expect(requests(asking)).toMatchObject([{ verb: 'get', resource: 'replicasets.apps', name: 'web' }])
    const adopting = asking.on(ok(replicaSet()))
    expect(requests(adopting)).toMatchObject([
      { verb: 'patch', patchType: 'strategic', name: 'a', body: { metadata: { uid: 'uid-a' } } },
    ])
    const counted = adopting.on(ok(pod('a')))
    expect((requests(counted)[0]?.body as { status: object }).status).toMatchObject({ replicas: 1, readyReplicas: 1 })
  })

  test('nothing when it has died meanwhile, or nobody answers', () => {
    const asking = () => seeing(replicaSet(), orphan)
    const dying = replicaSet({}, {}, { deletionTimestamp: '1970-01-01T00:00:00Z' })
    for (const chart of [asking().on(ok(dying)), asking().on(lost()), asking().after('request timeout')])
      expect([chart.state, told(chart)[0]?.outcome]).toEqual(['backingOff', 'failed'])
  })

  test('all orphans after asking once', () => {
    const first = seeing(replicaSet(), orphan, ['b', { owner: undefined }]).on(ok(replicaSet()))
    expect(requests(first.on(ok(pod('a'))))).toMatchObject([{ verb: 'patch', name: 'b' }])
  })

  test('no pod whose label was changed: it is released and replaced', () => {
    const releasing = seeing(replicaSet({}, settled), ['a', { labels: { app: 'debug' } }], ['b'])
    expect(requests(releasing)).toMatchObject([
      { verb: 'patch', name: 'a', body: { metadata: { ownerReferences: [{ $patch: 'delete', uid: 'set' }] } } },
    ])
    const replacing = releasing.on(ok())
    expect(requests(replacing)).toMatchObject([{ verb: 'create' }])
    for (const chart of [
      releasing.on(refused(500, 'InternalError')),
      releasing.on(lost()),
      releasing.after('request timeout'),
    ])
      expect([chart.state, told(chart)[0]?.outcome]).toEqual(['backingOff', 'failed'])
  })
})

describe('the status of a ReplicaSet', () => {
  const reporting = () => seeing(replicaSet(), ['a'], ['b'])
  const refreshing = () => reporting().on(refused(409, 'Conflict'))

  test('is tried once more on the newest version', () => {
    expect(requests(refreshing())).toMatchObject([{ verb: 'get' }])
    const again = refreshing().on(ok(replicaSet({}, {}, { resourceVersion: '9' })))
    expect(requests(again)).toMatchObject([
      { verb: 'update', body: { metadata: { resourceVersion: '9' }, status: { replicas: 2 } } },
    ])
    expect(again.on(ok()).state).toBe('idle')
    expect(again.on(refused(409, 'Conflict')).state).toBe('backingOff')
    expect(again.on(lost()).state).toBe('backingOff')
  })

  test('is given up when the newest version is not to be had', () => {
    expect(reporting().on(lost()).state).toBe('refreshing')
    expect(reporting().after('request timeout').state).toBe('backingOff')
    expect(refreshing().on(refused(404, 'NotFound')).state).toBe('backingOff')
    expect(refreshing().on(lost()).state).toBe('backingOff')
    expect(refreshing().after('request timeout').state).toBe('backingOff')
  })
})

/** Answers everything that a sync asks of pods. @returns the pods there are then, and the chart at rest. */
function synced(before: Chart, set: ReturnType<typeof replicaSet>, pods: readonly Pod[]) {
  let now = pods
  let version = 100
  let chart = before.on(sync(viewOf([set], pods, '100')))
  for (let asked = chart.did('call'); asked.length > 0; asked = chart.did('call'))
    for (const { event, line } of asked) {
      const { verb, resource, name } = event as unknown as { verb: string; resource: string; name: string }
      const made = pod(`new-${version}`, { version: ++version })
      if (verb === 'create') now = [...now, made]
      if (verb === 'delete') now = now.filter(({ metadata }) => metadata.name !== name)
      chart = chart.on(ok(resource === 'pods' && verb === 'create' ? made : set), { line })
    }
  return { chart, pods: now }
}

const some = fc.array(fc.record({ ready: fc.boolean(), phase: fc.constantFrom('Pending', 'Running', 'Failed') }), {
  maxLength: 9,
})

test('one pass makes or deletes what is needed, a second one nothing, and the order of pods changes nothing', () => {
  fc.assert(
    fc.property(some, fc.nat(12), (all, replicas) => {
      const set = replicaSet({ replicas })
      const pods = all.map((about, i) => pod(`p${i}`, about))
      const first = synced(idle(), set, pods)
      expect(first.pods.filter(isActive)).toHaveLength(replicas)
      expect(
        synced(idle(), set, [...pods].reverse())
          .pods.map(keyOf)
          .sort(),
      ).toEqual(first.pods.map(keyOf).sort())
      expect(synced(first.chart, set, first.pods).pods).toEqual(first.pods)
    }),
    { numRuns: 60 },
  )
})

expectWhole(machine)
