/** The loop takes a pod, finds it a node and hands it on. */
import { describe, expect, test } from 'vitest'
import { became, changedTo, node, pod } from '../cluster.ts'
import { events, inputOf, knowing, loop, newborn } from './start.ts'

export default (): void => {
  describe('the scheduling loop', () => {
    test('decides nothing before every cache is filled', () => {
      const chart = newborn().on(changedTo('pods', [pod('web')]))
      expect(loop(chart)).toBe('loop.waitingForCaches')
      expect(loop(knowing([], []))).toBe('loop.idle')
    })
    test('counts a pod on its node and starts a binding cycle', () => {
      const chart = knowing([node('node-1')], [pod('web')])
      expect(loop(chart)).toBe('loop.scheduling.attempting')
      const after = chart.after('scheduling attempt')
      expect(loop(after)).toBe('loop.idle')
      expect(after.did('spawn')).toMatchObject([
        {
          address: 'binding-cycle/cp/default/web',
          machine: 'binding-cycle',
          input: { node: 'node-1', key: 'default/web', waitMs: 0 },
        },
      ])
      expect(after.context.cache.placed.get('default/web')).toMatchObject({ node: 'node-1', assumed: true })
      expect(after.context.attempt).toBeUndefined()
    })
    test('goes on with the next pod, which sees the first one counted', () => {
      const three = { spec: { containers: [{ name: 'main', resources: { requests: { cpu: '3' } } }] } }
      const chart = knowing([node('node-1'), node('node-2')], [pod('a', three), pod('b', three)])
      const first = chart.after('scheduling attempt')
      const second = first.after('scheduling attempt')
      const nodes = [first, second].map((one) => inputOf(one).node)
      expect(nodes.sort()).toEqual(['node-1', 'node-2'])
    })
    test('takes the higher priority first', () => {
      const chart = knowing([node('node-1')], [pod('low'), pod('high', { spec: { priority: 10 } })])
      expect(chart.context.attempt?.key).toBe('default/high')
      expect(chart.after('scheduling attempt').context.attempt?.key).toBe('default/low')
    })
    test('leaves pods of other schedulers alone', () => {
      const chart = knowing([node('node-1')], [pod('web', { spec: { schedulerName: 'mine' } })])
      expect(loop(chart)).toBe('loop.idle')
      const mine = knowing([node('node-1')], [pod('web', { spec: { schedulerName: 'mine' } })], {
        profile: { schedulerName: 'mine' },
      })
      expect(loop(mine)).toBe('loop.scheduling.attempting')
    })
    test('drops a pod that was deleted or bound by somebody else meanwhile', () => {
      const chart = knowing([node('node-1')], [pod('web')])
      const deleted = chart.on(became('pods', pod('web'), undefined)).after('scheduling attempt')
      expect([loop(deleted), deleted.did('spawn').length]).toEqual(['loop.idle', 0])
      const bound = chart
        .on(became('pods', pod('web'), pod('web', { spec: { nodeName: 'node-1' } })))
        .after('scheduling attempt')
      expect([loop(bound), bound.did('spawn').length, bound.context.queue.pods.size]).toEqual(['loop.idle', 0, 0])
    })
    test('does not place a pod that is being deleted', () => {
      const dying = pod('web', { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } })
      const after = knowing([node('node-1')], [dying]).after('scheduling attempt')
      expect(loop(after)).toBe('loop.idle')
      expect(events(after)).toEqual(['skip schedule deleting pod: default/web'])
      expect(after.context.queue.pods.size).toBe(0)
    })
    test('asks nothing of a pod with scheduling gates until the last one is gone', () => {
      const gated = pod('web', { spec: { schedulingGates: [{ name: 'example.com/quota' }] } })
      const chart = knowing([node('node-1')], [gated])
      expect(loop(chart)).toBe('loop.idle')
      expect(chart.context.queue.pods.get('default/web')?.lane).toBe('gated')
      expect(loop(chart.on(became('pods', gated, pod('web'))))).toBe('loop.scheduling.attempting')
    })
  })
}
