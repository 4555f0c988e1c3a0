import { describe, expect, test } from 'vitest'
import {
  deletionOptions,
  following,
  holdsForOneVersion,
  isDryRun,
  mayGoWhileUnhealthy,
  namesAnother,
  needsNoBudget,
  refusalBy,
  stillProcessed,
  withOneLess,
} from '../../../../../machines/apiserver/registry/eviction.ts'
import type { ApiRequest } from '../../../../../machines/protocol/api.ts'
import type { Pod, PodDisruptionBudget } from '../../../../../machines/protocol/objects.ts'
import { AT, attempt, object } from '../attempts.ts'

const pod = (phase: string, ready = 'True', metadata = {}) =>
  object('Pod', { status: { phase, conditions: [{ type: 'Ready', status: ready }] } }, metadata) as Pod
const budget = (status: object, spec: object = {}) =>
  object('PodDisruptionBudget', { spec, status }, { name: 'b', generation: 2 }) as PodDisruptionBudget
const KEPT = { observedGeneration: 2, disruptionsAllowed: 1, currentHealthy: 2, desiredHealthy: 1, expectedPods: 2 }
const evicting = (body: object, options = {}): ApiRequest =>
  attempt({ verb: 'create', resource: 'pods', subresource: 'eviction', body, options } as never).request

describe('who may go without a budget', () => {
  test('has not begun, has ended or is on the way out', () => {
    expect(['Pending', 'Succeeded', 'Failed', 'Running', 'Unknown'].map((phase) => needsNoBudget(pod(phase)))).toEqual([
      ...[true, true, true, false, false],
    ])
    expect(needsNoBudget(pod('Running', 'True', { deletionTimestamp: 'x' }))).toBe(true)
  })
  test('is not well, and its budget is kept or lets all such go', () => {
    const may = (ready: string, status: object, spec?: object) =>
      mayGoWhileUnhealthy(pod('Running', ready), budget(status, spec))
    expect(may('True', KEPT)).toBe(false)
    expect(may('False', KEPT)).toBe(true)
    expect(may('False', { ...KEPT, currentHealthy: 0 })).toBe(false)
    expect(may('False', { ...KEPT, desiredHealthy: 0 })).toBe(false)
    expect(may('False', {}, { unhealthyPodEvictionPolicy: 'AlwaysAllow' })).toBe(true)
    expect(may('False', { ...KEPT, currentHealthy: 0 }, { unhealthyPodEvictionPolicy: 'IfHealthyBudget' })).toBe(false)
  })
})

describe('a budget', () => {
  test('that the controller has not seen yet, or that is used up, refuses in its own words', () => {
    expect(refusalBy(budget(KEPT))).toBeUndefined()
    expect(refusalBy(budget({ ...KEPT, observedGeneration: 1 }))).toEqual(stillProcessed('b'))
    expect(stillProcessed('b')).toMatchObject({
      ...{ code: 429, reason: 'TooManyRequests' },
      message: "Cannot evict pod as it would violate the pod's disruption budget.",
      details: {
        causes: [
          { reason: 'DisruptionBudget', message: 'The disruption budget b is still being processed by the server.' },
        ],
        retryAfterSeconds: 10,
      },
    })
    expect(refusalBy(budget({ ...KEPT, disruptionsAllowed: 0 }))?.details).toEqual({
      causes: [
        { reason: 'DisruptionBudget', message: 'The disruption budget b needs 1 healthy pods and has 2 currently' },
      ],
    })
  })
  test('that cannot be right is forbidden to take from', () => {
    expect(refusalBy(budget({ ...KEPT, disruptionsAllowed: -1 }))?.message).toBe(
      'poddisruptionbudget.policy "b" is forbidden: pdb disruptions allowed is negative',
    )
    const disruptedPods = Object.fromEntries(Array.from({ length: 2_001 }, (_, i) => [`p${i}`, 'x']))
    expect(refusalBy(budget({ ...KEPT, disruptedPods }))?.message).toMatch(/DisruptedPods map too big/)
  })
  test('knows who goes; only when nothing is left it says so in words', () => {
    const [one, none] = [
      withOneLess(budget({ ...KEPT, disruptionsAllowed: 2 }), 'p', AT),
      withOneLess(budget(KEPT), 'p', AT),
    ]
    expect(one).toMatchObject({ status: { disruptionsAllowed: 1, disruptedPods: { p: '2026-01-01T00:00:00Z' } } })
    expect(one).not.toHaveProperty('status.conditions')
    expect(none).toMatchObject({ status: { conditions: [{ status: 'False', reason: 'InsufficientPods' }] } })
  })
})

describe('the options of an eviction', () => {
  const held = evicting({ deleteOptions: { preconditions: { resourceVersion: '5' }, gracePeriodSeconds: 3 } })
  test('are those that it holds, else those of the request', () => {
    expect(deletionOptions(held).gracePeriodSeconds).toBe(3)
    expect(deletionOptions(evicting({}, { gracePeriodSeconds: 4 })).gracePeriodSeconds).toBe(4)
    expect([
      isDryRun(held),
      isDryRun(evicting({}, { dryRun: true })),
      isDryRun(evicting({ deleteOptions: { dryRun: ['All'] } })),
    ]).toEqual([...[false, true, true]])
  })
  test('hold for the version that the eviction itself writes', () => {
    expect([holdsForOneVersion(held), holdsForOneVersion(evicting({}))]).toEqual([true, false])
    expect(deletionOptions(following(held, 9))).toMatchObject({
      preconditions: { resourceVersion: '9' },
      gracePeriodSeconds: 3,
    })
    const free = evicting({})
    expect(following(free, 9)).toBe(free)
  })
  test('are of the pod that the URL names', () => {
    expect([
      namesAnother(evicting({ metadata: { name: 'x' } })),
      namesAnother(evicting({ metadata: { name: 'y' } })),
    ]).toEqual([...[false, true]])
  })
})
