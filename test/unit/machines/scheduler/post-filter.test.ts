import { describe, expect, test } from 'vitest'
import { filtered, preFiltered } from '../../../../machines/scheduler/attempt.ts'
import type { Cache } from '../../../../machines/scheduler/cache.ts'
import { podInfoOf } from '../../../../machines/scheduler/pod-info.ts'
import { postFiltered } from '../../../../machines/scheduler/post-filter.ts'
import { DEFAULT_PROFILE } from '../../../../machines/scheduler/profile.ts'
import { cacheWith, node, pod } from './cluster.ts'

const big = { containers: [{ name: 'c', resources: { requests: { cpu: '4' } } }] }
const other = (nodeName: string, priority = 0) => pod(`on-${nodeName}`, { spec: { nodeName, priority } })
function asked(spec: object, cache: Cache, status: object = {}, profile = DEFAULT_PROFILE) {
  const info = podInfoOf(pod('web', { spec: { ...big, ...spec }, status } as object))
  const pre = preFiltered(info, cache, profile)
  const found = pre.rejection === undefined ? filtered(info, cache, pre, 0, profile) : undefined
  return postFiltered({ pod: info, snapshot: cache, preFiltered: pre, filtered: found, profile }, (n) => n - 1)
}
const cordoned = { ...node('b'), spec: { unschedulable: true } }

describe('would it help to remove pods?', () => {
  test('not where nobody has a lower priority, nor where the node itself is the reason', () => {
    const { message, nominate, hopeless } = asked({}, cacheWith([node('a'), cordoned], [other('a')]))
    expect(message).toBe(
      'preemption: 0/2 nodes are available: 1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling.',
    )
    expect([nominate, hopeless]).toEqual(['', false])
  })
  test('not when too little would be free', () => {
    const busy = [other('a', 10), pod('small', { spec: { nodeName: 'a' } })]
    expect(asked({ priority: 5 }, cacheWith([node('a')], busy)).message).toBe(
      'preemption: 0/1 nodes are available: 1 Insufficient cpu.',
    )
  })
  test('yes where it would fit without them: then nothing is said', () => {
    const found = asked({ priority: 5 }, cacheWith([node('a')], [other('a')]))
    expect(found).toMatchObject({ message: '', candidates: [{ node: 'a', violations: 0 }], nominate: undefined })
    expect(found.best[0]?.victims.map(({ key }) => key)).toEqual(['default/on-a'])
  })
  test('a pod that may not preempt is told so, and keeps its nomination', () => {
    const found = asked({ preemptionPolicy: 'Never' }, cacheWith([node('a')], [other('a')]))
    expect(found).toMatchObject({ message: 'preemption: not eligible due to preemptionPolicy=Never.' })
    expect(found.nominate).toBeUndefined()
  })
  test('where nothing can help, a nomination is void at once', () => {
    const found = asked({}, cacheWith([cordoned]), { nominatedNodeName: 'b' })
    expect(found).toMatchObject({ nominate: '', hopeless: true })
  })
  test('nobody is asked when the profile does not preempt', () => {
    const plugins = { ...DEFAULT_PROFILE.plugins, postFilter: [] }
    const found = asked({ priority: 5 }, cacheWith([node('a')], [other('a')]), {}, { ...DEFAULT_PROFILE, plugins })
    expect(found).toMatchObject({ message: '', candidates: [], nominate: undefined })
  })
})
