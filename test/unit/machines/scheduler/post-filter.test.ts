import { describe, expect, test } from 'vitest'
import { filtered, preFiltered } from '../../../../machines/scheduler/attempt.ts'
import type { Cache } from '../../../../machines/scheduler/cache.ts'
import { podInfoOf } from '../../../../machines/scheduler/pod-info.ts'
import { postFiltered } from '../../../../machines/scheduler/post-filter.ts'
import { DEFAULT_PROFILE } from '../../../../machines/scheduler/profile.ts'
import { cacheWith, node, pod } from './cluster.ts'

const big = { containers: [{ name: 'c', resources: { requests: { cpu: '4' } } }] }
const other = (nodeName: string, priority = 0) => pod(`on-${nodeName}`, { spec: { nodeName, priority } })
function asked(spec: object, cache: Cache) {
  const info = podInfoOf(pod('web', { spec: { ...big, ...spec } } as object))
  return postFiltered(info, cache, filtered(info, cache, preFiltered(info, cache), 0, DEFAULT_PROFILE))
}

describe('would it help to remove pods?', () => {
  const cordoned = { ...node('b'), spec: { unschedulable: true } }
  test('not where nobody has a lower priority, nor where the node itself is the reason', () => {
    expect(asked({}, cacheWith([node('a'), cordoned], [other('a')])).message).toBe(
      'preemption: 0/2 nodes are available: 1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling.',
    )
  })
  test('not when too little would be free', () => {
    const busy = [other('a', 10), pod('small', { spec: { nodeName: 'a' } })]
    expect(asked({ priority: 5 }, cacheWith([node('a')], busy)).message).toBe(
      'preemption: 0/1 nodes are available: 1 Insufficient cpu.',
    )
  })
  test('yes where it would fit without them: then nothing is said', () => {
    expect(asked({ priority: 5 }, cacheWith([node('a')], [other('a')]))).toEqual({ message: '', candidates: ['a'] })
  })
  test('a pod that may not preempt is told so', () => {
    expect(asked({ preemptionPolicy: 'Never' }, cacheWith([node('a')], [other('a')])).message).toBe(
      'preemption: not eligible due to preemptionPolicy=Never.',
    )
  })
})
