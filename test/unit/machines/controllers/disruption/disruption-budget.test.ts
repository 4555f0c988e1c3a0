import { describe, expect, test } from 'vitest'
import { disruptionBudget } from '../../../../../machines/controllers/disruption/disruption-budget.ts'
import type { Pod } from '../../../../../machines/protocol/objects.ts'
import { born, expectWhole } from '../../../../kit/chart.ts'
import { lost, ok, refused } from '../kit/replies.ts'
import { objectInput, pod, sync, viewOf } from '../objects.ts'
import { BUDGETS, budget, owner, podOf, workload } from './budgets.ts'

const synced = (of = [budget()], pods: readonly Pod[] = [pod('a'), pod('b')]) =>
  born(disruptionBudget, objectInput('default/b')).on(sync(viewOf({ [BUDGETS]: of, pods })))
type Synced = ReturnType<typeof synced>
const finishedOf = (chart: Synced) =>
  chart.did('send').flatMap(({ event }) => {
    const { outcome, againAfterMs } = event as { outcome?: string; againAfterMs?: number }
    return outcome === undefined ? [] : [againAfterMs === undefined ? outcome : `${outcome}, again in ${againAfterMs}`]
  })
const toldOf = (chart: Synced) => chart.did('send').flatMap(({ event }) => (event as { reason?: string }).reason ?? [])
const gone = owner('ReplicaSet', 'gone')
const asking = () => synced([budget({ maxUnavailable: 1 })], [podOf('a', gone)])
const uncountable = () => synced([budget({ maxUnavailable: 1 })], [podOf('a', owner('Job', 'j', 'batch/v1'))])

describe('a budget', () => {
  test('is counted, and its status written', () => {
    const writing = synced()
    expect(writing.did('call')[0]?.event).toMatchObject({
      ...{ verb: 'update', resource: BUDGETS, subresource: 'status', name: 'b' },
      body: { status: { expectedPods: 2, disruptionsAllowed: 1 }, metadata: { resourceVersion: '1' } },
    })
    const done = writing.on(ok())
    expect([done.state, finishedOf(done), done.context.view]).toEqual(['idle', ['done'], undefined])
  })
  test('that is right is left alone, until those who were to go should be gone', () => {
    const right = (synced().context.count.right as ReturnType<typeof budget>) ?? budget()
    expect(finishedOf(synced([right]))).toEqual(['done'])
    const granted = budget({ minAvailable: 1 }, { disruptedPods: { a: '1970-01-02T00:00:00Z' } })
    expect(finishedOf(synced([granted]).on(ok()))).toEqual(['done, again in 120005'])
  })
  test('of nobody says so', () => {
    expect(toldOf(synced([budget()], []))).toEqual(['NoPods'])
  })
  test('that is gone ends its actor', () => {
    const chart = synced([])
    expect([chart.done, finishedOf(chart)]).toEqual([true, ['gone']])
  })
})

describe('a scale that no cache has', () => {
  test('is asked for before anything is said', () => {
    expect(asking().did('call')[0]?.event).toMatchObject({
      ...{ verb: 'get', resource: 'replicasets.apps', namespace: 'default', name: 'gone', subresource: 'scale' },
    })
    expect(toldOf(asking())).toEqual([])
    const counted = asking().on(ok(workload('ReplicaSet', 'gone', 3)))
    expect(counted.did('call')[0]?.event).toMatchObject({ body: { status: { expectedPods: 3, desiredHealthy: 2 } } })
  })
  test('that is not there leaves the pods without a controller', () => {
    const failing = asking().on(refused(404, 'NotFound'))
    expect([failing.state, toldOf(failing)]).toEqual(['failingSafe', ['CalculateExpectedPodCountFailed']])
    expect(failing.did('call')[0]?.event).toMatchObject({
      body: { status: { conditions: [{ message: 'found no controllers for pod "a"' }] } },
    })
  })
  test('that nobody may tell, or that is not answered', () => {
    const failing = asking().on(refused(403, 'Forbidden', 'no scale for you'))
    expect([failing.state, toldOf(failing)]).toEqual(['failingSafe', ['CalculateExpectedPodCountFailed']])
    expect(failing.did('call')[0]?.event).toMatchObject({
      body: { status: { conditions: [{ message: 'no scale for you' }] } },
    })
    expect(finishedOf(asking().on(lost()))).toEqual(['failed'])
    expect(finishedOf(asking().after('request timeout'))).toEqual(['failed'])
  })
})

describe('what goes wrong', () => {
  test('allows nobody to go', () => {
    const failing = uncountable()
    expect(toldOf(failing)).toEqual(['CalculateExpectedPodCountFailed'])
    expect(failing.did('call')[0]?.event).toMatchObject({
      body: {
        status: {
          disruptionsAllowed: 0,
          conditions: [{ reason: 'SyncFailed', message: 'jobs.batch does not implement the scale subresource' }],
        },
      },
    })
    expect(finishedOf(failing.on(ok()))).toEqual(['done'])
    expect(finishedOf(failing.on(refused(409, 'Conflict')))).toEqual(['failed'])
    expect(finishedOf(failing.on(lost()))).toEqual(['failed'])
    expect(finishedOf(failing.after('request timeout'))).toEqual(['failed'])
  })
  test('is tried again when somebody wrote first, or nobody answers', () => {
    expect(finishedOf(synced().on(refused(409, 'Conflict')))).toEqual(['failed'])
    expect(finishedOf(synced().on(lost()))).toEqual(['failed'])
    const late = synced().after('request timeout')
    expect([finishedOf(late), late.did('hangUp').length]).toEqual([['failed'], 1])
  })
  test('with the writing itself is written down', () => {
    const failing = synced().on(refused(422, 'Invalid', 'too much'))
    expect(failing.did('call')[0]?.event).toMatchObject({
      body: { status: { conditions: [{ reason: 'SyncFailed', message: 'too much' }] } },
    })
  })
})

expectWhole(disruptionBudget)
