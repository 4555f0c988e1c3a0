import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { filtered, preFiltered } from '../../../../machines/scheduler/attempt.ts'
import type { Cache } from '../../../../machines/scheduler/cache.ts'
import { podInfoOf } from '../../../../machines/scheduler/pod-info.ts'
import { best, scored } from '../../../../machines/scheduler/scoring.ts'
import { cacheWith, node, pod } from './cluster.ts'

const sized = (name: string, cpu: string) =>
  node(name, { status: { allocatable: { cpu, memory: '8Gi', pods: '110' } } } as object)
const info = podInfoOf(pod('web'))
const fitting = (cache: Cache) => filtered(info, cache, preFiltered(info, cache), 0).feasible

test('any of the best is taken', () => {
  const cache = cacheWith([sized('a', '4'), sized('b', '8'), sized('c', '8')])
  const { totals, byPlugin } = scored(info, cache, fitting(cache))
  expect(best(fitting(cache), totals).map(({ name }) => name)).toEqual(['b', 'c'])
  expect(byPlugin['NodeResourcesFit']?.raw).toEqual([81, 87, 87])
})

test('the order in which nodes came changes nothing but the order of the answer', () => {
  const cpus = fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 2, maxLength: 12 })
  fc.assert(
    fc.property(cpus, (list) => {
      const nodes = list.map((cpu, i) => sized(`n${i}`, `${cpu}`))
      const outcome = (cache: Cache) => {
        const fit = fitting(cache)
        const { totals } = scored(info, cache, fit)
        return fit.map(({ name }, i) => `${name} ${totals[i]}`).sort()
      }
      expect(outcome(cacheWith(nodes))).toEqual(outcome(cacheWith(nodes.toReversed())))
    }),
    { numRuns: 30 },
  )
})
