import { expect, test } from 'vitest'
import {
  isHealthy,
  isSaid,
  protecting,
  protects,
  saidInWords,
  sayingThatItFailed,
  statusOf,
  withStatus,
} from '../../../../machines/lib/disruption-budget.ts'
import type { Pod, PodDisruptionBudget } from '../../../../machines/protocol/objects.ts'
import { Tree } from '../../../../runtime/tree.ts'

const AT = Date.UTC(2026, 0, 1)
const budget = (spec: object, status?: object, name = 'b') =>
  ({
    metadata: { name, namespace: 'default', generation: 3 },
    spec,
    ...(status && { status }),
  }) as unknown as PodDisruptionBudget
const pod = (labels: object, conditions: readonly object[] = []) =>
  ({ metadata: { name: 'p', labels }, status: { conditions } }) as unknown as Pod
const web = { selector: { matchLabels: { app: 'web' } } }
const ZERO = { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 }

test('a budget protects whom it selects: everybody with an empty selector, nobody without one', () => {
  const all = [budget(web), budget({ selector: {} }), budget({})]
  expect(all.map((each) => protects(each, pod({ app: 'web' })))).toEqual([true, true, false])
  expect(protects(budget(web), pod({ app: 'db' }))).toBe(false)
})
test('budgets are found by name', () => {
  const tree = Tree.of([budget(web, {}, 'z'), budget(web, {}, 'a')].map((each) => [each.metadata.name, each] as const))
  expect(protecting(tree, pod({ app: 'web' })).map(({ metadata }) => metadata.name)).toEqual(['a', 'z'])
  expect([protecting(undefined, pod({})), protecting(tree, undefined)]).toEqual([[], []])
})
test('a pod is healthy while it is ready', () => {
  const ready = (status: string) => pod({}, [{ type: 'Ready', status }])
  expect([isHealthy(ready('True')), isHealthy(ready('False')), isHealthy(pod({}))]).toEqual([true, false, false])
})
test('what is allowed is said in words, dated when it changes', () => {
  const first = saidInWords({ ...ZERO, observedGeneration: 3, disruptionsAllowed: 1 }, AT)
  expect(first.conditions).toEqual([
    {
      ...{ type: 'DisruptionAllowed', status: 'True', reason: 'SufficientPods', message: '', observedGeneration: 3 },
      lastTransitionTime: '2026-01-01T00:00:00Z',
    },
  ])
  const same = saidInWords({ ...first, disruptionsAllowed: 2 }, AT + 5_000)
  expect(same.conditions).toEqual(first.conditions)
  const other = saidInWords({ ...first, disruptionsAllowed: 0 }, AT + 5_000)
  expect(other.conditions).toMatchObject([
    { status: 'False', reason: 'InsufficientPods', lastTransitionTime: '2026-01-01T00:00:05Z' },
  ])
  const foreign = { ...first, conditions: [{ ...first.conditions?.[0], type: 'Other' }] } as typeof first
  expect(saidInWords(foreign, AT).conditions).toHaveLength(2)
})
test('a budget that cannot be counted allows nobody to go, and says why', () => {
  const failed = sayingThatItFailed({ ...ZERO, disruptionsAllowed: 2 }, 'no', AT)
  expect(failed).toMatchObject({
    disruptionsAllowed: 0,
    conditions: [{ status: 'False', reason: 'SyncFailed', message: 'no' }],
  })
})
test('it is said when words and number agree, for the wishes of now', () => {
  const said = saidInWords({ ...ZERO, observedGeneration: 3, disruptionsAllowed: 1 }, AT)
  expect(isSaid(budget({}, said))).toBe(true)
  expect(isSaid(budget({}, saidInWords({ ...ZERO, observedGeneration: 3 }, AT)))).toBe(true)
  expect(isSaid(budget({}, { ...said, disruptionsAllowed: 0 }))).toBe(false)
  expect(isSaid(budget({}, { ...said, observedGeneration: 2 }))).toBe(false)
  expect(isSaid(budget({}, ZERO))).toBe(false)
  expect(isSaid(budget({}))).toBe(false)
})
test('a new budget counts nothing', () => {
  expect(statusOf(budget({}))).toEqual(ZERO)
  expect(withStatus(budget({}), { ...ZERO, expectedPods: 1 })).toMatchObject({ status: { expectedPods: 1 } })
})
