import { expect, test } from 'vitest'
import { staleInMs, takenBack } from '../../../../../machines/controllers/disruption/stale-condition.ts'
import { AT, CREATED, pod } from '../objects.ts'

const told = (more: object = {}, status: object = {}, metadata: object = {}) =>
  pod('a', {
    metadata: { ...metadata },
    status: {
      conditions: [
        { type: 'Ready', status: 'True', lastTransitionTime: CREATED },
        {
          type: 'DisruptionTarget',
          status: 'True',
          reason: 'EvictionByEvictionAPI',
          lastTransitionTime: CREATED,
          ...more,
        },
      ],
      ...status,
    },
  })

test('who was told to go and does not go may stay after two minutes', () => {
  expect(staleInMs(told(), AT + 30_000)).toBe(90_000)
  expect(staleInMs(told(), AT + 130_000)).toBe(0)
  expect(takenBack(told(), AT + 120_000).status?.conditions).toEqual([
    { type: 'Ready', status: 'True', lastTransitionTime: CREATED },
    { type: 'DisruptionTarget', status: 'False', lastProbeTime: null, lastTransitionTime: '2026-01-01T00:02:00Z' },
  ])
})
test('who goes, has ended, was told by its kubelet or not at all is left alone', () => {
  const none = [
    told({ status: 'False' }),
    told({ reason: 'TerminationByKubelet' }),
    told({}, { phase: 'Failed' }),
    told({}, { phase: 'Succeeded' }),
    told({}, {}, { deletionTimestamp: CREATED }),
    pod('a'),
  ]
  expect(none.map((each) => staleInMs(each, AT))).toEqual(none.map(() => undefined))
})
