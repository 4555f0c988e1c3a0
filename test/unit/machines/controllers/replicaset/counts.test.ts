import fc from 'fast-check'
import { expect, test } from 'vitest'
import { counted } from '../../../../../machines/controllers/replicaset/counts.ts'
import type { Pod } from '../../../../../machines/protocol/objects.ts'
import { Tree } from '../../../../../runtime/tree.ts'
import { type About, pod, replicaSet } from './examples.ts'

const about: fc.Arbitrary<About> = fc.record({
  ready: fc.boolean(),
  phase: fc.constantFrom('Pending', 'Running', 'Failed'),
  deleted: fc.boolean(),
  labels: fc.constantFrom({ app: 'web' }, { app: 'debug' }),
})

test('pods are counted alike in whichever order they came', () => {
  fc.assert(
    fc.property(fc.array(about), (all) => {
      const pods = all.map((each, i) => [`default/${i}`, pod(`${i}`, each)] as const)
      const active = all.filter(({ deleted, phase }) => deleted !== true && phase !== 'Failed')
      const expected = {
        active: active.length,
        ready: active.filter(({ ready }) => ready).length,
        available: active.filter(({ ready }) => ready).length,
        fullyLabeled: active.filter(({ labels }) => (labels as { app: string }).app === 'web').length,
      }
      expect(counted(replicaSet(), Tree.of(pods), 1)).toEqual(expected)
      expect(counted(replicaSet(), Tree.of([...pods].reverse()), 1)).toEqual(expected)
    }),
  )
})

test('after every change they are counted as if they had never been counted before', () => {
  const changes = fc.array(fc.record({ name: fc.nat(60), about: fc.option(about, { nil: undefined }) }), {
    maxLength: 80,
  })
  fc.assert(
    fc.property(changes, (all) => {
      const set = replicaSet()
      let pods = Tree.of<Pod>()
      for (const { name, about: to } of all) {
        pods = to === undefined ? pods.delete(`${name}`) : pods.set(`${name}`, pod(`${name}`, to))
        expect(counted(set, pods, 1)).toEqual(counted(structuredClone(set), pods, 1))
      }
    }),
    { numRuns: 30 },
  )
})

test('with minReadySeconds a ready pod becomes available in time', () => {
  const set = replicaSet({ minReadySeconds: 3 })
  const pods = Tree.of([['default/a', pod('a', { since: '1970-01-01T00:00:10Z' })] as const])
  expect(counted(set, pods, 13_000).available).toBe(0)
  expect(counted(set, pods, 13_001).available).toBe(1)
})
