import { describe, expect, test } from 'vitest'
import { disruptionClaim } from '../../../../machines/apiserver/disruption-claim.ts'
import { born, expectWhole } from '../../../kit/chart.ts'
import { event, listed, lost, ok, refused } from '../controllers/kit/replies.ts'
import { object } from './attempts.ts'

const selector = { matchLabels: { app: 'web' } }
const budget = (status: object = {}, spec: object = {}, name = 'b') =>
  object(
    'PodDisruptionBudget',
    {
      spec: { minAvailable: 1, selector, ...spec },
      status: {
        ...{ observedGeneration: 1, disruptionsAllowed: 1, currentHealthy: 2, desiredHealthy: 1, expectedPods: 2 },
        ...status,
      },
    },
    { name, generation: 1 },
  )
const podWith = (ready: string) =>
  object(
    'Pod',
    { spec: { containers: [] }, status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready }] } },
    { name: 'p', labels: { app: 'web' } },
  )
const claimed = (ready = 'True', dryRun = false) =>
  born(disruptionClaim, { server: 'kube-apiserver/cp-1' }).on(
    event({ type: 'disruption.claimed', pod: podWith(ready), dryRun }),
    { from: 'request/cp-1/5', call: 9 },
  )
type Claim = ReturnType<typeof claimed>
const verdictOf = (chart: Claim) => {
  const [answer] = chart.did('answer')
  const { type: _, ...verdict } = (answer?.event ?? {}) as {
    type?: string
    refusal?: { code: number; message: string }
  }
  return answer === undefined ? undefined : { to: [answer.to, answer.call], ...verdict }
}
const TO = ['request/cp-1/5', 9]
const writing = () => claimed().on(listed([budget()], '9'))
const conflict = refused(409, 'Conflict')

describe('a claim', () => {
  test('looks for budgets in the namespace of the pod, and is granted when none protects it', () => {
    const asking = claimed()
    expect(asking.did('call')).toMatchObject([
      { event: { verb: 'list', resource: 'poddisruptionbudgets.policy', namespace: 'default' } },
    ])
    const others = [budget({ disruptionsAllowed: 0 }, { selector: { matchLabels: { app: 'db' } } })]
    expect(verdictOf(asking.on(listed(others, '9')))).toEqual({ to: TO })
  })
  test('is taken from the budget before it is granted', () => {
    const chart = writing()
    expect(chart.did('call')[0]?.event).toMatchObject({
      ...{ verb: 'update', subresource: 'status', name: 'b', user: { name: 'system:apiserver' } },
      body: {
        metadata: { resourceVersion: '5' },
        status: {
          disruptionsAllowed: 0,
          disruptedPods: { p: '1970-01-02T00:00:00Z' },
          conditions: [{ type: 'DisruptionAllowed', status: 'False', reason: 'InsufficientPods' }],
        },
      },
    })
    const done = chart.on(ok())
    expect([verdictOf(done), done.done]).toEqual([{ to: TO }, true])
  })
  test('that is a trial takes nothing', () => {
    const chart = claimed('True', true).on(listed([budget()], '9'))
    expect([verdictOf(chart), chart.did('call')]).toEqual([{ to: TO }, []])
  })
  test('is refused when nothing is left, and by more than one budget', () => {
    expect(verdictOf(claimed().on(listed([budget({ disruptionsAllowed: 0 })], '9')))).toMatchObject({
      refusal: {
        code: 429,
        details: { causes: [{ message: 'The disruption budget b needs 1 healthy pods and has 2 currently' }] },
      },
    })
    expect(verdictOf(claimed().on(listed([budget(), budget({}, {}, 'c')], '9')))).toMatchObject({
      refusal: { code: 500, message: /more than one PodDisruptionBudget/ },
    })
  })
  test('for a pod that is not well takes nothing from a budget that is kept', () => {
    const spared = claimed('False').on(listed([budget({ disruptionsAllowed: 0 })], '9'))
    expect(verdictOf(spared)).toEqual({ to: TO, sparedBy: 'b' })
    const broken = claimed('False').on(listed([budget({ disruptionsAllowed: 0, currentHealthy: 0 })], '9'))
    expect(verdictOf(broken)).toMatchObject({ refusal: { code: 429 } })
  })
})

describe('somebody else who wrote first', () => {
  test('has the budget read again after half a second', () => {
    const pausing = writing().on(conflict)
    const [wake] = pausing.did('wake')
    expect([pausing.state, (wake?.afterMs ?? 0) >= 500, (wake?.afterMs ?? 0) <= 550]).toEqual([
      'claiming.pausing',
      true,
      true,
    ])
    const reading = pausing.after('conflict pause')
    expect(reading.did('call')[0]?.event).toMatchObject({ verb: 'get', name: 'b' })
    expect(reading.on(ok(budget())).state).toBe('claiming.writing')
    expect(verdictOf(reading.on(ok(budget({ disruptionsAllowed: 0 }))))).toMatchObject({ refusal: { code: 429 } })
    expect(verdictOf(reading.on(refused(404, 'NotFound')))).toMatchObject({ refusal: { code: 404 } })
  })
  test('twenty times running fails the claim', () => {
    let chart = writing()
    for (let i = 1; i < 20; i++) chart = chart.on(conflict).after('conflict pause').on(ok(budget()))
    expect(verdictOf(chart.on(conflict))).toMatchObject({ refusal: { code: 409 } })
  })
})

test('a server that does not answer itself fails the claim', () => {
  expect(verdictOf(claimed().on(refused(500, 'InternalError')))).toMatchObject({ refusal: { code: 500 } })
  expect(verdictOf(writing().on(refused(403, 'Forbidden')))).toMatchObject({ refusal: { code: 403 } })
  expect(verdictOf(claimed().on(lost()))).toMatchObject({ refusal: { code: 504 } })
  const late = writing().after('request timeout')
  expect([verdictOf(late), late.did('hangUp').length]).toMatchObject([{ refusal: { code: 504 } }, 1])
})

expectWhole(disruptionClaim)
