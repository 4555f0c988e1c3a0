import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { budgetAt, counted, namespaceOf, podsOf } from '../../../../../machines/controllers/disruption/count.ts'
import type { Pod, PodDisruptionBudget } from '../../../../../machines/protocol/objects.ts'
import { AT, CREATED, pod, viewOf } from '../objects.ts'
import { BUDGETS, budget, owner, podOf, workload } from './budgets.ts'

const rs = owner('ReplicaSet', 'rs')
const viewWith = (pods: readonly Pod[], replicas = 4) =>
  viewOf({ pods, 'replicasets.apps': [workload('ReplicaSet', 'rs', replicas)] })
const four = ['a', 'b', 'c', 'd'].map((name) => podOf(name, rs))
const count = (of: PodDisruptionBudget, pods: readonly Pod[] = four, at = AT) => counted(of, viewWith(pods), {}, at)
const numbersOf = (of: PodDisruptionBudget, pods?: readonly Pod[]) => {
  const { currentHealthy, desiredHealthy, disruptionsAllowed, expectedPods } =
    (count(of, pods).right as PodDisruptionBudget | undefined)?.status ?? {}
  return [expectedPods, desiredHealthy, currentHealthy, disruptionsAllowed]
}
const reasonsOf = ({ events }: ReturnType<typeof count>) => events.map(({ kind, reason }) => `${kind} ${reason}`)
const going = pod('a', { metadata: { deletionTimestamp: CREATED } })

describe('how many may go', () => {
  test('is what is well beyond what must stay: a number, or a share of what is expected, rounded up', () => {
    expect(numbersOf(budget({ minAvailable: 3 }))).toEqual([4, 3, 4, 1])
    expect(numbersOf(budget({ minAvailable: '60%' }))).toEqual([4, 3, 4, 1])
    expect(numbersOf(budget({ maxUnavailable: 1 }))).toEqual([4, 3, 4, 1])
    expect(numbersOf(budget({ maxUnavailable: '30%' }))).toEqual([4, 2, 4, 2])
    expect(numbersOf(budget({ maxUnavailable: 9 }))).toEqual([4, 0, 4, 4])
    expect(numbersOf(budget({ minAvailable: 9 }))).toEqual([4, 9, 4, 0])
  })
  test('counts those that are ready and stay', () => {
    const unready = pod('b', { ready: false })
    expect(numbersOf(budget({ minAvailable: 0 }), [going, unready, pod('c')])).toEqual([3, 0, 1, 1])
  })
  test('is none of a budget that protects nobody, and that is told', () => {
    expect(numbersOf(budget({ minAvailable: 0 }), [])).toEqual([0, 0, 0, 0])
    expect(reasonsOf(count(budget(), []))).toEqual(['Normal NoPods'])
    expect(numbersOf(budget({}))).toEqual([0, 0, 4, 0])
  })
  test('is said in words, and written once', () => {
    const { right } = count(budget({ minAvailable: 3 }))
    expect(right).toMatchObject({
      status: {
        observedGeneration: 1,
        conditions: [{ status: 'True', reason: 'SufficientPods', observedGeneration: 1 }],
      },
    })
    expect(count(right as PodDisruptionBudget)).toEqual({ events: [] })
  })
})

describe('pods without a controller', () => {
  test('are told of when they had to be counted', () => {
    const bare = [pod('a'), pod('b')]
    const seen = count(budget({ maxUnavailable: 1 }), bare)
    expect(seen.events).toMatchObject([
      { about: { name: 'b' }, reason: 'UnmanagedPods', message: /\(selector: &LabelSelector\{/ },
    ])
    expect(numbersOf(budget({ maxUnavailable: 1 }), bare)).toEqual([0, 0, 2, 0])
    expect(count(budget({ minAvailable: 1 }), bare).events).toEqual([])
  })
  test('that have one of another kind make it uncountable', () => {
    const seen = count(budget({ maxUnavailable: 1 }), [podOf('j', owner('Job', 'j', 'batch/v1'))])
    expect(seen.why).toBe('jobs.batch does not implement the scale subresource')
    expect(seen.events).toMatchObject([
      {
        message: 'Failed to calculate the number of expected pods: jobs.batch does not implement the scale subresource',
      },
    ])
  })
  test('that have one nobody has seen have it asked for first', () => {
    expect(count(budget({ minAvailable: '50%' }), [podOf('x', owner('ReplicaSet', 'new'))])).toMatchObject({
      ...{ events: [], ask: { name: 'new' } },
    })
  })
})

describe('a pod whose eviction was granted', () => {
  const granted = budget({ minAvailable: 3 }, { disruptedPods: { a: CREATED, elsewhere: CREATED } })
  const disrupted = (seen: ReturnType<typeof count>) => (seen.right as PodDisruptionBudget).status?.disruptedPods
  test('counts as gone for two minutes, and is then looked for', () => {
    const seen = count(granted, four, AT + 10_000)
    expect(seen.recheckMs).toBe(110_005)
    expect(seen.right).toMatchObject({
      status: { currentHealthy: 3, disruptionsAllowed: 0, disruptedPods: { a: CREATED } },
    })
    expect(disrupted(seen)).toEqual({ a: CREATED })
  })
  test('is off the list as soon as it is on its way out', () => {
    const seen = count(granted, [going, ...four.slice(1)])
    expect([disrupted(seen), seen.recheckMs]).toEqual([undefined, undefined])
  })
  test('that stays counts again after two minutes, and is told of', () => {
    const seen = count(granted, four, AT + 120_005)
    expect(seen.right).toMatchObject({ status: { currentHealthy: 4 } })
    expect(seen.events).toMatchObject([
      {
        ...{ about: { kind: 'Pod', name: 'a' }, kind: 'Warning', reason: 'NotDeleted' },
        message: "Pod was expected by PDB default/default to be deleted but it wasn't",
      },
    ])
    expect(disrupted(seen)).toBeUndefined()
    expect(count(granted, four, AT + 120_000).events).toEqual([])
  })
})

test('pods are those of the namespace that it selects', () => {
  const view = viewOf({
    pods: [pod('a'), pod('b', { metadata: { labels: {} } }), pod('c', { metadata: { namespace: 'other' } })],
    [BUDGETS]: [budget()],
  })
  expect(podsOf(budget(), view).map(({ metadata }) => metadata.name)).toEqual(['a'])
  expect(podsOf(budget(), viewOf({}))).toEqual([])
  expect([budgetAt(view, 'default/b')?.metadata.name, budgetAt(view, 'default/c')]).toEqual(['b', undefined])
  expect(namespaceOf('default/b')).toBe('default')
})

test('one count makes it right, whatever it was', () => {
  const amount = fc.oneof(
    fc.nat(6),
    fc.nat(100).map((share) => `${share}%`),
  )
  const spec = fc.oneof(
    amount.map((minAvailable) => ({ minAvailable })),
    amount.map((maxUnavailable) => ({ maxUnavailable })),
  )
  const names = fc.subarray(['a', 'b', 'c', 'd'])
  fc.assert(
    fc.property(spec, names, names, fc.nat(6), (wanted, there, disrupted, replicas) => {
      const pods = there.map((name) => podOf(name, rs))
      const known = budget(wanted, { disruptedPods: Object.fromEntries(disrupted.map((name) => [name, CREATED])) })
      const view = viewWith(pods, replicas)
      const right = counted(known, view, {}, AT).right as PodDisruptionBudget
      const { currentHealthy = 0, desiredHealthy = 0, disruptionsAllowed = 0 } = right.status ?? {}
      expect(disruptionsAllowed).toBeLessThanOrEqual(Math.max(0, currentHealthy - desiredHealthy))
      expect(counted(right, view, {}, AT).right).toBeUndefined()
    }),
  )
})
