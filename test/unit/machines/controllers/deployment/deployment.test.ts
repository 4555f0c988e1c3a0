import { describe, expect, test } from 'vitest'
import { deployment as machine } from '../../../../../machines/controllers/deployment/deployment.ts'
import type { ObjectInput, View } from '../../../../../machines/protocol/cache.ts'
import type { Deployment, Pod, ReplicaSet } from '../../../../../machines/protocol/objects.ts'
import { born, expectWhole } from '../../../../kit/chart.ts'
import { event, lost, ok, refused } from '../kit/replies.ts'
import { cacheOf, deployment, NAME_1, NAME_2, podOf, setOf, template, viewOf } from './examples.ts'

const input: ObjectInput = {
  key: 'default/web',
  supervisor: 'deployment-controller/cp-1',
  apiserver: 'kube-apiserver/cp-1',
  user: { name: 'system:serviceaccount:kube-system:deployment-controller', groups: [] },
  recorder: 'event-recorder/cp-1/deployment-controller',
  reflectors: 'reflector/cp-1/kube-controller-manager',
}
type Chart = ReturnType<typeof idle>
const idle = () => born(machine, input)
const sync = (view: View) => event({ type: 'sync.requested', view })
const seeing = (of: Deployment, sets: readonly ReplicaSet[] = []) => idle().on(sync(viewOf([of], sets)))
const request = (chart: Chart) => chart.did('call')[0]?.event as unknown as Record<string, unknown>
const body = (chart: Chart) => request(chart)?.body as Record<string, Record<string, unknown>>
const told = (chart: Chart) => chart.did('send').map(({ event }) => event as unknown as Record<string, unknown>)
const outcome = (chart: Chart) => told(chart).find(({ type }) => type === 'sync.finished')
const pods = (...all: Pod[]) => event({ type: 'cache.told', resource: 'pods', cache: cacheOf('pods', all) })
const REVISION = { annotations: { 'deployment.kubernetes.io/revision': '1' } }
const PROGRESS = {
  type: 'Progressing',
  status: 'True',
  reason: 'ReplicaSetUpdated',
  lastUpdateTime: '1970-01-01T23:59:00Z',
}
const CREATED = { conditions: [PROGRESS] }
/** A Deployment that has told what there is to tell before it rolls. */
const known = (spec = {}, status: object = CREATED, metadata = {}) =>
  deployment(spec, status, { ...REVISION, ...metadata })
const rolled = (spec = {}, status: object = CREATED) =>
  known({ template: template('img:2'), ...spec }, status, { annotations: { 'deployment.kubernetes.io/revision': '2' } })
const fresh = (size: number, available = size) =>
  setOf(
    'img:2',
    size,
    { replicas: size, readyReplicas: available, availableReplicas: available },
    { revision: 2, created: 5 },
  )
const RECREATE = { strategy: { type: 'Recreate' } }

/** Gives an answer the object that was asked for, as the server would have it. */
const done = (chart: Chart): Chart =>
  chart.on(ok({ ...body(chart), metadata: { uid: 'made', ...body(chart)?.metadata } }))

function expectFailed(chart: Chart): void {
  expect([chart.state, outcome(chart)?.outcome, chart.context.deployment]).toEqual(['backingOff', 'failed', undefined])
}
/** Every way in which the answer may not come. */
function expectGivenUp(chart: Chart): void {
  expectFailed(chart.on(refused(500, 'InternalError')))
  expectFailed(chart.on(lost()))
  expectFailed(chart.after('request timeout'))
}

describe('a Deployment', () => {
  test('ends when it is gone', () => {
    const gone = idle().on(sync(viewOf([])))
    expect([gone.done, outcome(gone)?.outcome]).toEqual([true, 'gone'])
  })

  test('makes its replica set, says so, and is refused its second status', () => {
    const asking = seeing(deployment())
    expect(request(asking)).toMatchObject({ verb: 'create', resource: 'replicasets.apps', name: NAME_1 })
    expect(body(asking)?.spec?.replicas).toBe(4)
    const telling = done(asking)
    expect(told(telling)).toMatchObject([
      { kind: 'Normal', reason: 'ScalingReplicaSet', message: `Scaled up replica set ${NAME_1} from 0 to 4` },
    ])
    expect(request(telling)).toMatchObject({
      verb: 'update',
      subresource: 'status',
      body: {
        metadata: { resourceVersion: '3', annotations: { 'deployment.kubernetes.io/revision': '1' } },
        status: { conditions: [{ reason: 'NewReplicaSetCreated', message: `Created new replica set "${NAME_1}"` }] },
      },
    })
    const reporting = telling.on(ok())
    expect(body(reporting)).toMatchObject({ metadata: { resourceVersion: '3' }, status: { unavailableReplicas: 4 } })
    expectFailed(reporting.on(refused(409, 'Conflict')))
    expectGivenUp(telling)
    expectGivenUp(reporting)
  })

  test('asks for nothing once its rollout is complete and told', () => {
    const first = seeing(known(), [setOf('img:1', 4)])
    expect(first.state).toBe('reportingStatus')
    const { status } = body(first)
    const over = first.on(ok())
    expect([over.state, outcome(over)?.outcome]).toEqual(['idle', 'done'])
    const again = seeing(known({}, status), [setOf('img:1', 4)])
    expect([again.state, again.did('call')]).toEqual(['idle', []])
  })

  test('that selects everything does nothing but say so', () => {
    const chart = seeing(deployment({ selector: {} }))
    expect(told(chart)).toMatchObject([{ kind: 'Warning', reason: 'SelectingAll' }])
    expect(body(chart)?.status).toEqual({ observedGeneration: 1 })
    expect(chart.on(ok()).state).toBe('idle')
    expect(seeing(deployment({ selector: {} }, { observedGeneration: 1 })).state).toBe('idle')
    expectGivenUp(chart)
  })

  test('that is being deleted only tells its status', () => {
    const dying = known({}, CREATED, { deletionTimestamp: '1970-01-01T00:00:00Z' })
    const sets = [setOf('img:1', 4), setOf('img:0', 2, undefined, { revision: 0 })]
    const chart = seeing(dying, sets)
    expect([chart.state, body(chart)?.status]).toMatchObject(['reportingStatus', { replicas: 6 }])
    expect(chart.on(ok()).state).toBe('idle')
    const told = { ...dying, status: body(chart)?.status } as unknown as Deployment
    expect(seeing(told, sets).did('call')).toEqual([])
  })
})

describe('replica sets', () => {
  const orphan = { ...setOf('img:1', 4), metadata: { ...setOf('img:1', 4).metadata, ownerReferences: [] } }

  test('that are orphans are adopted, once it is sure to live', () => {
    const asking = seeing(known(), [orphan])
    expect(request(asking)).toMatchObject({ verb: 'get', resource: 'deployments.apps' })
    const patching = asking.on(ok(deployment()))
    expect(request(patching)).toMatchObject({ verb: 'patch', name: NAME_1, patchType: 'strategic' })
    const adopted = patching.on(ok())
    expect(adopted.state).toBe('reportingStatus')
    expectFailed(asking.on(ok(deployment({}, {}, { uid: 'another' }))))
    expectGivenUp(asking)
    expectGivenUp(patching)
  })

  test('that no longer match are released', () => {
    const other = setOf('img:0', 0, {}, { labels: { app: 'other' } })
    const releasing = seeing(known(), [setOf('img:1', 4), other])
    expect(request(releasing)).toMatchObject({ verb: 'patch', name: other.metadata.name })
  })

  test('that are the new one get annotations and revision, and the Deployment theirs', () => {
    const noted = known({}, CREATED, { annotations: { ...REVISION.annotations, note: 'b' } })
    const annotating = seeing(noted, [setOf('img:1', 4)])
    expect(request(annotating)).toMatchObject({
      verb: 'update',
      resource: 'replicasets.apps',
      body: { metadata: { annotations: { note: 'b' } } },
    })
    expectFailed(annotating.on(ok(setOf('img:1', 4))))
    expectGivenUp(annotating)
    const paused = known({ paused: true, progressDeadlineSeconds: 2_147_483_647 }, {}, { annotations: { note: 'b' } })
    expect(seeing(paused, [setOf('img:1', 4)]).on(ok(setOf('img:1', 4))).state).toBe('reportingStatus')

    const telling = seeing(deployment(), [setOf('img:1', 4)])
    expect([telling.state, body(telling)?.status]).toMatchObject([
      'tellingRevision',
      { conditions: [{ reason: 'FoundNewReplicaSet' }] },
    ])
    expect(telling.on(ok()).state).toBe('reportingStatus')
    expectGivenUp(telling)
  })
})

describe('a paused Deployment', () => {
  test('says so and follows its size only', () => {
    const telling = seeing(deployment({ paused: true, replicas: 6 }), [setOf('img:1', 4)])
    expect([telling.state, body(telling)?.status]).toMatchObject([
      'tellingPause',
      { conditions: [{ reason: 'DeploymentPaused' }] },
    ])
    expectGivenUp(telling)
    const scaling = telling.on(ok()).on(ok())
    expect([scaling.state, body(scaling)?.spec]).toMatchObject(['paused.scaling', { replicas: 6 }])
    expectGivenUp(scaling)
    const reporting = done(scaling)
    expect(told(reporting)).toMatchObject([{ message: `Scaled up replica set ${NAME_1} from 4 to 6` }])
    const resting = reporting.on(ok())
    expect([resting.state, outcome(resting)?.outcome]).toEqual(['paused.waitingToResume', 'done'])
  })

  test('shares its size out over all its replica sets', () => {
    const paused = rolled({ paused: true, replicas: 8 }, { conditions: [{ ...PROGRESS, reason: 'DeploymentPaused' }] })
    const first = seeing(paused, [setOf('img:1', 4), fresh(1, 0)])
    expect(body(first)?.spec).toMatchObject({ replicas: 8 })
    const second = done(first)
    expect([second.state, body(second)?.spec]).toMatchObject(['paused.scaling', { replicas: 2 }])
    expect(done(second).state).toBe('reportingStatus')
  })

  test('keeps to its history', () => {
    const paused = rolled(
      { paused: true, revisionHistoryLimit: 0 },
      { conditions: [{ ...PROGRESS, reason: 'DeploymentPaused' }] },
    )
    const removing = seeing(paused, [setOf('img:1', 0, {}), fresh(4)])
    expect([removing.state, request(removing)]).toMatchObject(['cleaningUp.removing', { verb: 'delete', name: NAME_1 }])
    expect(removing.on(ok()).state).toBe('reportingStatus')
    expect(removing.on(refused(404, 'NotFound')).state).toBe('reportingStatus')
    expectGivenUp(removing)
  })
})

describe('a change of size', () => {
  test('goes to all replica sets in proportion before anything else', () => {
    const first = seeing(rolled({ replicas: 8 }), [setOf('img:1', 4), fresh(1, 0)])
    expect([first.state, request(first)]).toMatchObject(['scaling.writing', { name: NAME_1 }])
    const second = done(first)
    expect(request(second)).toMatchObject({ name: NAME_2 })
    expect(done(second).state).toBe('reportingStatus')
    expectGivenUp(first)
  })

  test('of what has it already is only told', () => {
    expect(seeing(known({ replicas: 6 }), [setOf('img:1', 6)]).state).toBe('reportingStatus')
  })
})

describe('a rolling update', () => {
  test('makes the new replica set as large as the surge allows, then takes from the old', () => {
    const asking = seeing(known({ template: template('img:2') }), [setOf('img:1', 4)])
    expect(body(asking)?.spec?.replicas).toBe(1)
    const scaling = done(asking).on(ok())
    expect([scaling.state, body(scaling)?.spec]).toMatchObject(['rolling.scalingDownOld', { replicas: 3 }])
    const reporting = done(scaling)
    expect(told(reporting)).toMatchObject([{ message: `Scaled down replica set ${NAME_1} from 4 to 3` }])
    expect(reporting.on(ok()).state).toBe('rolling.waitingForPods')
  })

  test('grows the new one when there is room', () => {
    const scaling = seeing(rolled(), [setOf('img:1', 3), fresh(1, 0)])
    expect([scaling.state, body(scaling)?.spec]).toMatchObject(['rolling.scalingUp', { replicas: 2 }])
    expect(done(scaling).state).toBe('reportingStatus')
    expectGivenUp(scaling)
  })

  test('passes over a failure with the old ones', () => {
    const scaling = seeing(rolled(), [setOf('img:1', 4, { replicas: 4, availableReplicas: 3 }), fresh(1, 1)])
    expect(request(scaling)).toMatchObject({ name: NAME_1 })
    expect(scaling.on(refused(409, 'Conflict')).state).toBe('reportingStatus')
    const second = done(scaling)
    expect([second.state, body(second)?.spec]).toMatchObject(['rolling.scalingDownOld', { replicas: 2 }])
    expectFailed(scaling.on(lost()))
    expectFailed(scaling.after('request timeout'))
  })

  test('that waits looks again when its deadline will have passed', () => {
    const first = seeing(rolled(), [setOf('img:1', 3), fresh(2, 0)])
    const { status } = body(first)
    const waiting = seeing(rolled({}, status), [setOf('img:1', 3), fresh(2, 0)])
    expect([waiting.state, outcome(waiting)?.againAfterMs]).toEqual(['rolling.waitingForPods', 601_000])
  })

  test('that is complete forgets old replica sets', () => {
    const complete = { ...CREATED, replicas: 4, updatedReplicas: 4, availableReplicas: 4, observedGeneration: 1 }
    const sets = [setOf('img:1', 0, {}), setOf('img:0', 0, {}), fresh(4)]
    const removing = seeing(rolled({ revisionHistoryLimit: 0 }, complete), sets)
    expect(request(removing)).toMatchObject({ verb: 'delete' })
    const second = removing.on(ok())
    expect([second.state, request(second)]).toMatchObject(['cleaningUp.removing', { verb: 'delete' }])
    expect(second.on(ok()).state).toBe('reportingStatus')
  })
})

describe('a re-creation', () => {
  const recreating = (status: object = CREATED) => known({ ...RECREATE, template: template('img:2') }, status)
  const again = (status: object = CREATED) => rolled(RECREATE, status)

  test('empties the old ones first', () => {
    const first = seeing(recreating(), [setOf('img:1', 4), setOf('img:0', 1)])
    expect([first.state, body(first)?.spec]).toMatchObject(['recreating.scalingDownOld', { replicas: 0 }])
    const second = done(first)
    expect(second.state).toBe('recreating.scalingDownOld')
    const waiting = done(second).on(ok())
    expect(waiting.state).toBe('recreating.waitingForOldPods')
    expectGivenUp(first)
  })

  test('waits until the last old pod has ended', () => {
    const old = setOf('img:1', 0, {})
    const looking = seeing(recreating(), [old])
    expect(looking.did('call')).toMatchObject([{ to: 'reflector/cp-1/kube-controller-manager/pods' }])
    const waiting = looking.on(pods(podOf(old, 'a'))).on(ok())
    expect(waiting.state).toBe('recreating.waitingForOldPods')
    const asking = looking.on(pods(podOf(old, 'a', 'Failed')))
    expect([asking.state, body(asking)?.spec]).toMatchObject(['creatingReplicaSet.asking', { replicas: 4 }])
    expect(done(asking).on(ok()).state).toBe('reportingStatus')
    expectFailed(looking.on(lost()))
    expectFailed(looking.after('request timeout'))
  })

  test('gives the new one its size at once and waits for its pods', () => {
    const scaling = seeing(again(), [setOf('img:1', 0, {}), fresh(0)]).on(pods())
    expect([scaling.state, body(scaling)?.spec]).toMatchObject(['recreating.scalingUp', { replicas: 4 }])
    expect(done(scaling).on(ok()).state).toBe('recreating.waitingForPods')
    expectGivenUp(scaling)
  })

  test('is over when its pods are there', () => {
    const over = seeing(again(), [setOf('img:1', 0, {}), fresh(4)])
      .on(pods())
      .on(ok())
    expect(over.state).toBe('idle')
  })
})

describe('a new replica set that cannot be made', () => {
  const asking = (spec = {}) => seeing(deployment(spec))

  test('is told as a condition and an event', () => {
    const telling = asking().on(refused(403, 'Forbidden', 'exceeded quota'))
    const message = `Failed to create new replica set "${NAME_1}": exceeded quota`
    expect(told(telling)).toMatchObject([{ kind: 'Warning', reason: 'ReplicaSetCreateError', message }])
    expect(body(telling)?.status).toMatchObject({
      conditions: [{ status: 'False', reason: 'ReplicaSetCreateError', message }],
    })
    expectFailed(telling.on(ok()))
    expectGivenUp(telling)
    const silent = asking({ progressDeadlineSeconds: 2_147_483_647 }).on(lost())
    expect(told(silent)).toMatchObject([
      { message: `Failed to create new replica set "${NAME_1}": unexpected EOF` },
      { outcome: 'failed' },
    ])
    const late = asking().after('request timeout')
    expect(told(late)).toMatchObject([
      { message: `Failed to create new replica set "${NAME_1}": context deadline exceeded` },
    ])
  })

  test('is of no interest when the namespace is ending', () => {
    const refusal = refused(403, 'Forbidden')
    const ending = {
      ...refusal,
      status: { ...refusal.status, details: { causes: [{ reason: 'NamespaceTerminating', message: '' }] } },
    }
    const over = asking().on(ending)
    expect([over.state, outcome(over)?.outcome]).toEqual(['idle', 'done'])
  })

  test('since another one has its name: the collision is counted', () => {
    const foreign = {
      ...setOf('img:9', 0),
      metadata: { name: NAME_1, namespace: 'default', uid: 'foreign' },
    } as ReplicaSet
    const telling = seeing(deployment(), [foreign]).on(refused(409, 'AlreadyExists'))
    expect(body(telling)?.status).toEqual({ collisionCount: 1 })
    expectFailed(telling.on(ok()))
    expectFailed(telling.after('request timeout'))
  })

  test('since its cache has not yet seen it: it looks again', () => {
    expectFailed(asking().on(refused(409, 'AlreadyExists')))
  })
})

expectWhole(machine)
