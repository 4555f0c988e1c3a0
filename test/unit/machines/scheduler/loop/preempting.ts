/** A pod that matters more takes the place of others. */
import { describe, expect, test } from 'vitest'
import { became, node, pod } from '../cluster.ts'
import { answered, events, inputOf, knowing, loop, lost, type Scheduler, START } from './start.ts'

export default (): void => {
  describe('a pod that matters more', () => {
    const low = (name: string, more: object = {}) =>
      pod(name, { spec: { nodeName: 'node-1', containers: main('2') }, ...more } as object)
    const main = (cpu: string) => [{ name: 'main', resources: { requests: { cpu } } }]
    const high = pod('high', { spec: { priority: 10, containers: main('4') } } as object)
    const preempting = (pods: readonly object[] = [], others: Readonly<Record<string, readonly object[]>> = {}) =>
      knowing([node('node-1')], [low('low-1'), low('low-2'), high, ...pods], {}, others).after('scheduling attempt')
    const evicted = (key: string, error?: string) => ({ type: 'eviction.finished', key: `default/${key}`, error })
    const over = (chart: Scheduler) => chart.on(evicted('low-1')).on(evicted('low-2'))

    test('has all its victims evicted at once, as fast as the client may', () => {
      const chart = preempting()
      expect(loop(chart)).toBe('loop.scheduling.preempting.evicting')
      expect(chart.did('spawn').map(({ address, input }) => [address, (input as { turns: number[] }).turns])).toEqual([
        ['eviction/cp/default/low-1', [START, START]],
        ['eviction/cp/default/low-2', [START, START]],
      ])
      expect(loop(chart.on(evicted('low-1')))).toBe('loop.scheduling.preempting.evicting')
    })
    test('is nominated to their node, in its status and at once in memory', () => {
      const chart = over(preempting())
      expect(loop(chart)).toBe('loop.scheduling.waitingForClient')
      expect(events(chart)).toEqual(['0/1 nodes are available: 1 Insufficient cpu.'])
      expect(chart.context.cache.nominations.nodes.get('default/high')).toBe('node-1')
      expect(chart.after('client rate limit').did('call')[0]?.event).toMatchObject({
        body: { status: { nominatedNodeName: 'node-1', conditions: [{ reason: 'Unschedulable' }] } },
      })
    })
    test('takes its place when they are gone, tried first of all nodes', () => {
      const nominee = { ...high, status: { nominatedNodeName: 'node-1' } }
      const waiting = over(preempting())
        .after('client rate limit')
        .on(answered(200))
        .on(became('pods', high, nominee))
      const free = waiting
        .on(became('pods', low('low-1'), undefined), { at: START + 2_000 })
        .on(became('pods', low('low-2'), undefined), { at: START + 2_000 })
      const bound = free.after('scheduling attempt')
      expect(inputOf(bound)).toMatchObject({ key: 'default/high', node: 'node-1' })
      expect(bound.context.cache.nominations.nodes.size).toBe(0)
    })
    test('hears of a victim that was gone before the attempt was over', () => {
      const soon = preempting().on(became('pods', low('low-1'), undefined))
      expect(over(soon).context.queue.pods.get('default/high')?.lane).toBe('backingOff')
      expect(over(preempting()).context.queue.pods.get('default/high')?.lane).toBe('unschedulable')
      const labelled = { ...high, metadata: { ...high.metadata, labels: { a: 'b' } } }
      expect(over(preempting().on(became('pods', high, labelled))).context.attempt?.since).toHaveLength(1)
    })
    test('that is deleted meanwhile is not queued again', () => {
      const gone = over(preempting().on(became('pods', high, undefined)))
      expect([gone.context.queue.pods.size, gone.context.cache.nominations.nodes.size]).toEqual([0, 0])
    })
    test('keeps who is there when one cannot be evicted', () => {
      const chart = preempting().on(evicted('low-1', 'not allowed')).on(evicted('low-2', 'nor this'))
      expect(events(chart)).toEqual(['0/1 nodes are available: 1 Insufficient cpu. preemption: not allowed'])
      expect(chart.context.cache.nominations.nodes.size).toBe(0)
    })
    test('takes the nominations of lesser pods away', () => {
      const nominee = pod('mid', {
        spec: { priority: 5, containers: main('4') },
        status: { nominatedNodeName: 'node-1' },
      } as object)
      const chart = over(preempting([nominee]))
      expect(loop(chart)).toBe('loop.scheduling.preempting.waitingForClient')
      const clearing = chart.after('client rate limit')
      expect(clearing.did('call')[0]?.event).toMatchObject({
        name: 'mid',
        body: { status: { nominatedNodeName: null } },
      })
      expect(loop(clearing.on(answered(200)))).toBe('loop.scheduling.waitingForClient')
      expect(loop(clearing.on(lost))).toBe('loop.scheduling.waitingForClient')
      expect(loop(clearing.after('request timeout'))).toBe('loop.scheduling.waitingForClient')
    })
    test('that nothing can help any more gives its own nomination back', () => {
      const cordoned = { ...node('node-1'), spec: { unschedulable: true } }
      const chart = knowing([cordoned], [{ ...high, status: { nominatedNodeName: 'node-1' } }]).after(
        'scheduling attempt',
      )
      expect(chart.after('client rate limit').did('call')[0]?.event).toMatchObject({ name: 'high' })
      expect(chart.context.attempt?.nominate).toBe('')
    })
  })
}
