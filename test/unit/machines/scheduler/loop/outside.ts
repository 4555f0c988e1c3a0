/** Extenders and Permit plugins, which are asked outside. */
import { describe, expect, test } from 'vitest'
import { DEFAULT_PROFILE } from '../../../../../machines/scheduler/profile.ts'
import { became, node, pod } from '../cluster.ts'
import { answered, events, inputOf, knowing, loop, START } from './start.ts'

export default (): void => {
  describe('extenders', () => {
    const main = (cpu: string) => [{ name: 'main', resources: { requests: { cpu } } }]
    const extender = (verbs: object) => ({
      urlPrefix: 'http://outside',
      filterVerb: '',
      prioritizeVerb: '',
      preemptVerb: '',
      bindVerb: '',
      weight: 1,
      httpTimeoutMs: 5_000,
      nodeCacheCapable: true,
      managedResources: [],
      ignorable: false,
      ...verbs,
    })
    const asked = (verbs: object, pods: readonly object[] = [pod('web')]) =>
      knowing([node('a'), node('b')], pods, { extenders: [extender(verbs)] }).after('scheduling attempt')
    const heard = (round: object, error?: string) => ({ type: 'extenders.heard', round, error })
    const left = (...nodes: object[]) =>
      heard({ phase: 'filter', nodes, refused: { a: { code: 'Unschedulable', reason: 'not a' } } })

    test('say which of the nodes that fit they agree to', () => {
      const chart = asked({ filterVerb: 'filter' })
      expect(loop(chart)).toBe('loop.scheduling.filteringOutside')
      expect(chart.did('spawn')[0]).toMatchObject({
        address: 'extender-round/cp',
        input: { scheduler: 'scheduler/cp', round: { phase: 'filter', nodes: [{}, {}] } },
      })
      expect(inputOf(chart.on(left(node('b')))).node).toBe('b')
      expect(loop(chart.on(left(node('a'), node('b'))))).toBe('loop.idle')
    })
    test('may leave none: then anything that happens may help', () => {
      const chart = asked({ filterVerb: 'filter' }).on(left())
      expect(events(chart)[0]).toMatch(/^0\/2 nodes are available: 1 not a\./)
      expect(chart.context.attempt?.rejectedBy).toEqual(['Extender'])
      const waiting = chart.after('client rate limit').on(answered(200))
      const renamed = { ...node('b'), metadata: { ...node('b').metadata, labels: { some: 'label' } } }
      const helped = waiting.on(became('nodes', node('b'), renamed), { at: START + 2_000 })
      expect(helped.context.attempt?.key).toBe('default/web')
    })
    test('that fail, fail the attempt', () => {
      const chart = asked({ filterVerb: 'filter' }).on(
        heard({ phase: 'filter', nodes: [], refused: {} }, 'out of order'),
      )
      expect(events(chart)).toEqual(['out of order'])
      expect(chart.context.queue.pods.get('default/web')?.lane).toBe('backingOff')
    })
    test('may refuse the node that a pod is nominated to: then the others are looked at', () => {
      const nominee = pod('web', { status: { nominatedNodeName: 'a' } } as object)
      const chart = asked({ filterVerb: 'filter' }, [nominee])
      expect(chart.did('spawn')[0]?.input).toMatchObject({ round: { nodes: [{ metadata: { name: 'a' } }] } })
      const again = chart.on(left())
      expect(again.did('spawn')[0]?.input).toMatchObject({ round: { nodes: [{}, {}] } })
      expect(inputOf(again.on(left(node('b')))).node).toBe('b')
    })
    test('add to the scores', () => {
      const chart = asked({ prioritizeVerb: 'prioritize' })
      expect(loop(chart)).toBe('loop.scheduling.scoring.askingExtenders')
      for (const name of ['a', 'b'])
        expect(inputOf(chart.on(heard({ phase: 'prioritize', scores: { [name]: 100 } }))).node).toBe(name)
    })
    test('may spare victims', () => {
      const lows = ['a', 'b'].map((on) => pod(`low-${on}`, { spec: { nodeName: on, containers: main('4') } } as object))
      const high = pod('high', { spec: { priority: 10, containers: main('4') } } as object)
      const chart = asked({ preemptVerb: 'preempt' }, [...lows, high])
      expect(loop(chart)).toBe('loop.scheduling.preempting.askingExtenders')
      expect(chart.did('spawn')[0]?.input).toMatchObject({ round: { victims: { a: { violations: 0 }, b: {} } } })
      const one = chart.on(heard({ phase: 'preempt', victims: { b: { pods: [lows[1]], violations: 0 } } }))
      expect(one.did('spawn').map(({ address }) => address)).toEqual(['eviction/cp/default/low-b'])
      const none = chart.on(heard({ phase: 'preempt', victims: {} }))
      expect(events(none)).toEqual([
        '0/2 nodes are available: 2 Insufficient cpu. preemption: no candidate node for preemption',
      ])
      const failed = chart.on(heard({ phase: 'preempt', victims: {} }, 'out of order'))
      expect(events(failed)[0]).toContain('preemption: out of order')
    })
    test('may bind', () => {
      expect(inputOf(asked({ bindVerb: 'bind' })).binder).toMatchObject({ bindVerb: 'bind' })
    })
    test('take what they are not asked for what it is', () => {
      const chart = asked({ prioritizeVerb: 'prioritize' })
      expect(loop(chart.on(heard({ phase: 'preempt', victims: {} })))).toBe('loop.idle')
    })
  })

  describe("a Permit plugin of one's own", () => {
    const profile = {
      ...DEFAULT_PROFILE,
      plugins: { ...DEFAULT_PROFILE.plugins, permit: [{ name: 'gang', weight: 0 }] },
    }
    const asked = () => knowing([node('a')], [pod('web')], { profiles: [profile] }).after('scheduling attempt')
    const answer = (verdict: string, more: object = {}) => ({ type: 'permit.answered', verdict, ...more })

    test('is asked once a node is reserved', () => {
      const chart = asked()
      expect(loop(chart)).toBe('loop.scheduling.permitting.asking')
      expect(chart.did('call')[0]).toMatchObject({
        to: 'permit-plugin/cp/gang',
        event: { type: 'permit.asked', node: 'a', waiter: 'binding-cycle/cp/default/web' },
      })
      expect(inputOf(chart.on(answer('allow'))).permits).toBeUndefined()
    })
    test('may let the pod wait beside the loop, 15 minutes at most', () => {
      const permits = (more: object) => inputOf(asked().on(answer('wait', more))).permits
      expect(permits({ timeoutMs: 5_000 })).toEqual([{ plugin: 'gang', timeoutMs: 5_000, until: START + 5_000 }])
      expect(permits({})).toEqual([{ plugin: 'gang', timeoutMs: 900_000, until: START + 900_000 }])
      expect(loop(asked().on(answer('wait')))).toBe('loop.idle')
    })
    test('may refuse it: the place is free again, and anything that happens may help', () => {
      const chart = asked().on(answer('reject', { message: 'the gang is not complete' }))
      expect(events(chart)).toEqual(['0/1 nodes are available: 1 the gang is not complete.'])
      expect([chart.context.cache.placed.size, chart.context.queue.pods.get('default/web')?.rejectedBy]).toEqual([
        0,
        ['Extender'],
      ])
    })
    test('that cannot be asked fails the attempt', () => {
      const gone = { type: 'call.lost', line: 'permit', reason: 'refused' }
      expect(events(asked().on(gone))).toEqual(['running Permit plugin "gang": connection refused'])
      expect(events(asked().after('request timeout'))).toEqual([
        'running Permit plugin "gang": context deadline exceeded',
      ])
    })
    test('and may change its mind: then only news may help the pod', () => {
      const waiting = asked().on(answer('wait'))
      const refused = {
        type: 'binding.finished',
        key: 'default/web',
        uid: 'uid-web',
        bound: false,
        refusedBy: ['Extender'],
      }
      expect(waiting.on(refused).context.queue.pods.get('default/web')?.lane).toBe('unschedulable')
    })
  })
}
