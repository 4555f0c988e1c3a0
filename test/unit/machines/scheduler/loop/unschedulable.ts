/** A pod that fits nowhere waits for what may help it. */
import { describe, expect, test } from 'vitest'
import { became, node, pod } from '../cluster.ts'
import { answered, big, events, knowing, loop, lost, region, roomy, START } from './start.ts'

export default (): void => {
  describe('a pod that fits nowhere', () => {
    const failed = () => knowing([node('node-1')], [pod('web', big)]).after('scheduling attempt')
    const MESSAGE =
      '0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.'
    test('is told why in an Event and in its condition', () => {
      const chart = failed()
      expect(loop(chart)).toBe('loop.scheduling.waitingForClient')
      expect(events(chart)).toEqual([MESSAGE])
      const reporting = chart.after('client rate limit')
      expect(loop(reporting)).toBe('loop.scheduling.reportingFailure')
      expect(reporting.did('call')[0]?.event).toMatchObject({
        verb: 'patch',
        resource: 'pods',
        subresource: 'status',
        name: 'web',
        body: {
          status: {
            conditions: [
              {
                type: 'PodScheduled',
                status: 'False',
                reason: 'Unschedulable',
                message: MESSAGE,
                lastTransitionTime: '1970-01-02T00:00:00Z',
              },
            ],
          },
        },
      })
    })
    test('holds the loop up until the condition is written, or cannot be', () => {
      const reporting = failed().after('client rate limit')
      expect(loop(reporting.on(answered(200)))).toBe('loop.idle')
      expect(loop(reporting.on(lost))).toBe('loop.idle')
      expect(loop(reporting.after('request timeout'))).toBe('loop.idle')
    })
    test('does not get the same condition twice', () => {
      const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: MESSAGE }
      const told = pod('web', { ...big, status: { conditions: [condition] } } as object)
      const chart = knowing([node('node-1')], [told]).after('scheduling attempt')
      expect([loop(chart), events(chart)]).toEqual(['loop.idle', [MESSAGE]])
    })
    test('is tried again when a node comes on which it may fit, after its back-off', () => {
      const waiting = failed().after('client rate limit').on(answered(200))
      expect(waiting.context.queue.unschedulable.values()).toEqual(['default/web'])
      const soon = waiting.on(became('nodes', undefined, node('node-2', roomy)), { at: START + 200 })
      expect(region(soon, 'backOffQueue')).toBe('backOffQueue.ticking')
      const early = soon.after('back-off flush', { at: START + 500 })
      expect(region(early, 'backOffQueue')).toBe('backOffQueue.ticking')
      const over = soon.after('back-off flush', { at: START + 1_000 })
      expect(loop(over)).toBe('loop.scheduling.attempting')
      const late = waiting.on(became('nodes', undefined, node('node-2', roomy)), { at: START + 1_200 })
      expect(loop(late)).toBe('loop.scheduling.attempting')
    })
    test('is tried again without a reason after five minutes', () => {
      const waiting = failed().after('client rate limit').on(answered(200))
      expect(region(waiting, 'unschedulablePods')).toBe('unschedulablePods.ticking')
      const early = waiting.after('flush of unschedulable pods', { at: START + 300_000 })
      expect(region(early, 'unschedulablePods')).toBe('unschedulablePods.ticking')
      expect(loop(waiting.after('flush of unschedulable pods', { at: START + 330_000 }))).toBe(
        'loop.scheduling.attempting',
      )
    })
    test('backs off when there is no node at all', () => {
      const chart = knowing([], [pod('web')]).after('scheduling attempt')
      expect(events(chart)).toEqual(['no nodes available to schedule pods'])
      expect(chart.context.queue.pods.get('default/web')?.lane).toBe('backingOff')
    })
    test('may be rejected before any node is looked at', () => {
      const names = (...values: string[]) => ({ key: 'metadata.name', operator: 'In', values })
      const terms = [{ matchFields: [names('a'), names('b')] }]
      const torn = {
        nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } },
      }
      const chart = knowing([node('node-1')], [pod('web', { spec: { affinity: torn } } as object)])
      expect(events(chart.after('scheduling attempt'))).toEqual([
        '0/1 nodes are available: pod affinity terms conflict. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
      ])
    })
    test('or fail a plugin', () => {
      const term = { matchExpressions: [{ key: 'gen', operator: 'Gt', values: ['-1'] }] }
      const preferred = { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: term }] }
      const odd = pod('web', { spec: { affinity: { nodeAffinity: preferred } } } as object)
      const chart = knowing([node('node-1'), node('node-2')], [odd]).after('scheduling attempt')
      expect(chart.context.attempt?.failure?.reason).toBe('SchedulerError')
      expect(events(chart)[0]).toMatch(/^running PreScore plugin "NodeAffinity": \[0\]\.matchExpressions\[0\]/)
      expect(chart.context.queue.pods.get('default/web')?.lane).toBe('backingOff')
    })
  })
}
