/** What the loop learns when a binding has ended. */
import { describe, expect, test } from 'vitest'
import { became, node, pod } from '../cluster.ts'
import { inputOf, knowing, loop, roomy } from './start.ts'

export default (): void => {
  describe('after the binding cycle', () => {
    const assumed = () => knowing([node('node-1')], [pod('web')]).after('scheduling attempt')
    const finished = (bound: boolean, uid = 'uid-web') => ({ type: 'binding.finished', key: 'default/web', uid, bound })
    test('a bound pod leaves the queue and stays counted', () => {
      const chart = assumed().on(finished(true))
      expect(chart.context.queue.pods.size).toBe(0)
      expect(chart.context.cache.placed.has('default/web')).toBe(true)
      const seen = chart.on(became('pods', pod('web'), pod('web', { spec: { nodeName: 'node-1' } })))
      expect(seen.context.cache.placed.get('default/web')?.assumed).toBe(false)
      expect(seen.context.cache.nodes.get('node-1')?.requested.milliCpu).toBe(1_000)
    })
    test('a pod that was not bound gives its place up and backs off', () => {
      const chart = assumed().on(finished(false))
      expect(chart.context.cache.placed.size).toBe(0)
      expect(chart.context.cache.nodes.get('node-1')?.requested.milliCpu).toBe(0)
      expect(chart.context.queue.pods.get('default/web')?.lane).toBe('backingOff')
    })
    test('what is said of an earlier pod of the same name changes nothing', () => {
      const chart = assumed().on(finished(false, 'uid-of-old'))
      expect(chart.context.cache.placed.has('default/web')).toBe(true)
      expect(assumed().on(finished(true, 'uid-of-old')).context.queue.pods.size).toBe(1)
    })
    test('a new pod of the same name ends the cycle of the old one', () => {
      const again = pod('web', { metadata: { uid: 'uid-again' } })
      const chart = assumed()
        .on(became('pods', pod('web'), undefined))
        .on(became('pods', undefined, again))
      expect(loop(chart)).toBe('loop.scheduling.attempting')
      const after = chart.after('scheduling attempt')
      expect(after.context.cache.placed.get('default/web')?.info.pod.metadata.uid).toBe('uid-again')
      expect(after.did('stop')).toEqual([{ do: 'stop', address: 'binding-cycle/cp/default/web' }])
      expect(after.did('spawn')).toHaveLength(1)
    })
    test('the client holds back what is more than 100 at once and 50 a second', () => {
      const pods = ['a', 'b', 'c'].map((name) => pod(name))
      let chart = knowing([node('node-1', roomy)], pods, { client: { qps: 50, burst: 1 } })
      const waits: number[] = []
      for (const _ of pods) {
        chart = chart.after('scheduling attempt')
        waits.push(inputOf(chart).waitMs)
      }
      expect(waits).toEqual([0, 20, 40])
    })
  })
}
