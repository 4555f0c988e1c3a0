import { expect, test } from 'vitest'
import { disruptionController, podDisruptionController } from '../../../../../machines/controllers/disruption/index.ts'
import { CREATED, pod, viewOf } from '../objects.ts'
import { BUDGETS, budget } from './budgets.ts'

const view = viewOf({ [BUDGETS]: [budget({}, {}, 'z'), budget()] })
const one = viewOf({ [BUDGETS]: [budget()] })
const now = pod('a')
const key = 'default/a'
const told = pod('a', {
  status: { conditions: [{ type: 'DisruptionTarget', status: 'True', lastTransitionTime: CREATED }] },
})

test('every change of a budget concerns it, and every change of a pod the first that protects it', () => {
  const { concerns } = disruptionController
  expect(concerns(BUDGETS, { key: 'default/b', was: budget(), now: undefined }, view)).toEqual(['default/b'])
  expect(concerns('pods', { key, was: undefined, now }, view)).toEqual(['default/b'])
  expect(concerns('pods', { key, was: now, now: undefined }, view)).toEqual(['default/b'])
  expect(concerns('pods', { key, was: now, now: pod('a', { metadata: { labels: {} } }) }, view)).toEqual([])
  expect(concerns('pods', { key, was: undefined, now }, viewOf({}))).toEqual([])
  expect(concerns('replicasets.apps', { key, was: undefined, now }, view)).toEqual([])
})
test('a pod is looked at when it was told to go, or when several budgets protect it', () => {
  const { concerns } = podDisruptionController
  expect(concerns('pods', { key, was: now, now: told }, one)).toEqual([key])
  expect(concerns('pods', { key, was: now, now }, one)).toEqual([])
  expect(concerns('pods', { key, was: now, now }, view)).toEqual([key])
  expect(concerns('pods', { key, was: now, now: undefined }, view)).toEqual([])
  expect(concerns(BUDGETS, { key, was: undefined, now: budget() }, view)).toEqual([])
})
test('both write and tell as the disruption controller does', () => {
  for (const { component, serviceAccount, workers } of [disruptionController, podDisruptionController])
    expect([component, serviceAccount, workers]).toEqual(['controllermanager', 'disruption-controller', 1])
})
