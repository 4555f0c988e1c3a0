import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  allToZero,
  isScalingEvent,
  newSize,
  type Scaling,
  scaledAll,
  scaledNew,
  scaledOld,
} from '../../../../../machines/controllers/deployment/scaling.ts'
import { maxUnavailable } from '../../../../../machines/controllers/deployment/surge.ts'
import type { ReplicaSet } from '../../../../../machines/protocol/objects.ts'
import { deployment, NAME_1, NAME_2, setOf } from './examples.ts'

const available = (count: number) => ({ replicas: count, readyReplicas: count, availableReplicas: count })
const old = (size: number, healthy = size, about = {}) => setOf('img:1', size, available(healthy), about)
const fresh = (size: number, healthy = size, about = {}) =>
  setOf('img:2', size, available(healthy), { created: 5, ...about })
const next = deployment({ template: { metadata: { labels: { app: 'web' } }, spec: { containers: [] } } })

describe('the new replica set', () => {
  test('gets what the surge leaves room for', () => {
    expect(newSize(next, [old(4)], 0)).toBe(1)
    expect(newSize(next, [old(5)], 0)).toBe(0)
    expect(newSize(next, [], 0)).toBe(4)
    expect(newSize(deployment({ strategy: { type: 'Recreate' } }), [old(4)], 0)).toBe(4)
    expect(scaledNew(next, [old(3)], fresh(1))).toEqual([{ name: NAME_2, to: 2 }])
    expect(scaledNew(next, [old(4)], fresh(1))).toEqual([])
    expect(scaledNew(next, [], fresh(6))).toEqual([{ name: NAME_2, to: 4 }])
    expect(scaledNew(next, [old(3)], fresh(4))).toEqual([])
  })
})

describe('old replica sets', () => {
  test('give way as far as enough stay available', () => {
    expect(scaledOld(next, [old(4)], fresh(1, 0))).toEqual([{ name: NAME_1, to: 3 }])
    expect(scaledOld(next, [old(3)], fresh(2, 0))).toEqual([])
    expect(scaledOld(next, [old(3)], fresh(2, 1))).toEqual([{ name: NAME_1, to: 2 }])
    expect(scaledOld(next, [old(0)], fresh(4))).toEqual([])
  })

  test('lose their unhealthy pods first', () => {
    const two = [old(3, 1), setOf('img:0', 2, available(2), { created: 3 })]
    expect(scaledOld(next, two, fresh(0))).toEqual([{ name: NAME_1, to: 1 }])
    expect(scaledOld(next, [old(4, 3)], fresh(1, 1))).toEqual([
      { name: NAME_1, to: 3 },
      { name: NAME_1, to: 2 },
    ])
  })

  test('are emptied when it re-creates', () => {
    expect(allToZero([old(4), setOf('img:0', 0)])).toEqual([{ name: NAME_1, to: 0 }])
  })
})

describe('a change of size', () => {
  test('is seen by the annotations of active replica sets', () => {
    expect(isScalingEvent(deployment({ replicas: 6 }), [old(4)])).toBe(true)
    expect(isScalingEvent(deployment(), [old(4)])).toBe(false)
    expect(isScalingEvent(deployment({ replicas: 6 }), [old(0)])).toBe(false)
  })

  test('goes to the one that is active, or to the newest', () => {
    expect(scaledAll(deployment({ replicas: 6 }), [old(0)], fresh(4))).toEqual([{ name: NAME_2, to: 6 }])
    expect(scaledAll(deployment({ replicas: 6 }), [], fresh(6))).toEqual([])
    expect(scaledAll(deployment({ replicas: 2 }), [], fresh(0))).toEqual([{ name: NAME_2, to: 2 }])
    expect(scaledAll(deployment({ replicas: 2 }), [old(0)], undefined)).toEqual([{ name: NAME_1, to: 2 }])
    expect(scaledAll(deployment({ replicas: 2 }), [], undefined)).toEqual([])
  })

  test('empties old ones beside a saturated new one', () => {
    expect(scaledAll(deployment(), [old(1)], fresh(4))).toEqual([{ name: NAME_1, to: 0 }])
  })

  test('is shared out in proportion, the rest to the largest', () => {
    const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } }
    const about = { desired: 10, max: 13 }
    const grown = deployment({ replicas: 15, strategy })
    expect(scaledAll(grown, [old(8, 8, about)], fresh(5, 0, about))).toEqual([
      { name: NAME_1, to: 11 },
      { name: NAME_2, to: 7 },
    ])
    const shrunk = deployment({ replicas: 5, strategy })
    expect(scaledAll(shrunk, [old(8, 8, about)], fresh(5, 0, about))).toEqual([
      { name: NAME_1, to: 5 },
      { name: NAME_2, to: 3 },
    ])
    expect(scaledAll(deployment({ replicas: 0, strategy }), [old(8, 8, about)], fresh(5, 0, about))).toEqual([
      { name: NAME_1, to: 0 },
      { name: NAME_2, to: 0 },
    ])
    expect(scaledAll(deployment({ replicas: 10, strategy }), [old(8, 8, about)], fresh(5, 0, about))).toEqual([
      { name: NAME_1, to: 8 },
      { name: NAME_2, to: 5 },
    ])
    const bare = (set: ReplicaSet) => ({ ...set, metadata: { ...set.metadata, annotations: {} } })
    expect(scaledAll(grown, [bare(old(8))], bare(fresh(5, 0)))).toEqual([
      { name: NAME_1, to: 13 },
      { name: NAME_2, to: 5 },
    ])
    expect(scaledAll(deployment({ strategy: { type: 'Recreate' } }), [old(2)], fresh(1))).toEqual([])
  })
})

const applied = (sets: readonly ReplicaSet[], scalings: readonly Scaling[]): readonly ReplicaSet[] =>
  scalings.reduce(
    (all, { name, to }) =>
      all.map((set) => (set.metadata.name === name ? { ...set, spec: { ...set.spec, replicas: to } } : set)),
    sets,
  )
const count = fc.nat(12)

test('one pass of sharing out reaches the size that is wanted', () => {
  fc.assert(
    fc.property(count, count, count, (a, b, wanted) => {
      fc.pre(a > 0 && b > 0 && wanted > 0)
      const about = { desired: a + b, max: a + b }
      const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 2, maxUnavailable: 0 } }
      const grown = deployment({ replicas: wanted, strategy })
      const sets = [old(a, 0, about), fresh(b, 0, about)]
      const after = applied(sets, scaledAll(grown, [sets[0] as ReplicaSet], sets[1]))
      expect((after[0]?.spec.replicas ?? 0) + (after[1]?.spec.replicas ?? 0)).toBe(wanted + 2)
    }),
  )
})

test('a step of a rollout never leaves fewer available than allowed, whatever order sets are listed in', () => {
  const some = fc.tuple(count, count).map(([size, healthy]) => [size, Math.min(size, healthy)] as const)
  fc.assert(
    fc.property(some, some, some, ([a, ah], [b, bh], [c, ch]) => {
      const olds = [old(a, ah), setOf('img:0', b, available(bh), { created: 3 })]
      const current = fresh(c, ch)
      const scalings = scaledOld(next, olds, current)
      expect(scaledOld(next, [...olds].reverse(), current)).toEqual(scalings)
      const after = applied(olds, scalings)
      const left = after.reduce((sum, set, i) => sum + Math.min(set.spec.replicas ?? 0, [ah, bh][i] as number), ch)
      const before = ah + bh + ch
      expect(left).toBeGreaterThanOrEqual(Math.min(before, 4 - maxUnavailable(next)))
    }),
  )
})
