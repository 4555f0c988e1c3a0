import { expect, test } from 'vitest'
import { podInfoOf } from '../../../../machines/scheduler/pod-info.ts'
import { type PodDisruptionBudget, split } from '../../../../machines/scheduler/policy.ts'
import { pod } from './cluster.ts'

const budget = (selector: object | undefined, status: object | undefined, namespace = 'default') =>
  ({
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'b', namespace },
    ...(selector === undefined ? {} : { spec: { selector } }),
    ...(status === undefined ? {} : { status }),
  }) as PodDisruptionBudget
const web = { matchLabels: { app: 'web' } }
const pods = ['a', 'b', 'c'].map((name) => podInfoOf(pod(name, { metadata: { labels: { app: 'web' } } } as object)))
const violating = (...budgets: PodDisruptionBudget[]) => split(pods, budgets).violating.map(({ key }) => key.slice(8))

test.each([
  ['the first pods use up what is allowed', [budget(web, { disruptionsAllowed: 1 })], ['b', 'c']],
  ['without a status nothing is allowed', [budget(web, undefined)], ['a', 'b', 'c']],
  ['a budget of another namespace means nothing', [budget(web, undefined, 'x')], []],
  ['nor does one that selects everything, or nothing', [budget({}, {}), budget(undefined, {})], []],
  ['who is disrupted already is counted already', [budget(web, { disruptedPods: { a: 'then' } })], ['b', 'c']],
  [
    'the strictest of several decides, and each counts',
    [budget(web, { disruptionsAllowed: 2 }), budget(web, { disruptionsAllowed: 1 })],
    ['b', 'c'],
  ],
])('%s', (_, budgets, names) => {
  expect(violating(...budgets)).toEqual(names)
})
test('the others keep their order', () => {
  expect(split(pods, []).others).toEqual(pods)
})
