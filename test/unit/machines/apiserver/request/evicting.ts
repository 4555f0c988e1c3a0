/** An eviction. */
import { describe, expect, test } from 'vitest'
import type { ApiRequest } from '../../../../../machines/protocol/api.ts'
import {
  answerOf,
  begun,
  cacheWith,
  creating,
  failed,
  full,
  messageOf,
  pod,
  proposalOf,
  range,
  stored,
  took,
} from './start.ts'

export default (): void => {
  describe('an eviction', () => {
    const key = '/registry/pods/default/p'
    const metadata = { name: 'p', namespace: 'default', uid: 'u-2' }
    const podIn = (phase: string) => ({
      ...{ apiVersion: 'v1', kind: 'Pod', metadata },
      spec: { ...pod.spec, nodeName: 'n' },
      status: { phase },
    })
    const at = (modRevision: number, phase = 'Running') => stored(key, podIn(phase), modRevision)
    const evict = (deleteOptions?: object): ApiRequest => ({
      ...creating,
      ...{ resource: 'pods', name: 'p', subresource: 'eviction' },
      body: { metadata: { name: 'p', namespace: 'default' }, ...(deleteOptions && { deleteOptions }) } as never,
    })
    const holding = (resourceVersion: string) => evict({ preconditions: { resourceVersion } })
    const asking = (request = evict()) => begun(request, cacheWith(at(7, 'Pending'))).on(range(at(8)))
    const granted = { type: 'disruption.judged' }
    const spared = { ...granted, sparedBy: 'b' } as { type: string }

    test('reads the pod itself, and asks the budgets before it touches it', () => {
      expect(begun(evict(), cacheWith(at(8))).state).toBe('handling.readingCurrent')
      expect(asking().did('spawn')).toMatchObject([{ address: 'disruption-claim/cp-1/5', machine: 'disruption-claim' }])
      expect(asking().did('call')).toMatchObject([
        { to: 'disruption-claim/cp-1/5', event: { type: 'disruption.claimed', dryRun: false, pod: { metadata } } },
      ])
    })
    test('tells the pod why, and then deletes what it wrote itself', () => {
      for (const request of [evict(), holding('8')]) {
        const told = asking(request).on(granted)
        expect(proposalOf(told)).toMatchObject({
          compare: [{ key, than: 8 }],
          success: [{ value: { status: { conditions: [{ type: 'DisruptionTarget', status: 'True' }] } } }],
        })
        const deleting = told.on(took)
        expect(proposalOf(deleting)).toMatchObject({
          compare: [{ key, than: 21 }],
          success: [{ value: { metadata: { deletionGracePeriodSeconds: 30 } } }],
        })
        expect(answerOf(deleting.on({ ...took, revision: 22 })).code).toBe(201)
      }
      expect(messageOf(asking(holding('7')))).toMatch(/the ResourceVersion in the precondition \(7\) does not match/)
    })
    test('is refused what a budget forbids, and fails when nobody judges', () => {
      const refusal = { kind: 'Status', code: 429, message: 'Cannot evict' }
      expect(answerOf(asking().on({ ...granted, refusal } as { type: string })).code).toBe(429)
      expect(
        answerOf(asking().on({ type: 'call.lost', line: 'budget', reason: 'reset' } as { type: string })).code,
      ).toBe(504)
    })
    test('of a pod that has not begun asks nobody, as long as it has not', () => {
      const told = begun(evict(), full).on(range(at(8, 'Pending')))
      expect(told.state).toBe('handling.storing')
      expect(told.on(failed(at(9, 'Pending'))).state).toBe('handling.storing')
      expect(told.on(failed(at(9))).state).toBe('handling.askingBudgets')
    })
    test('that is granted is tried until it holds; of a pod that is not well only while nothing changes', () => {
      expect(
        asking()
          .on(granted)
          .on(failed(at(9))).state,
      ).toBe('handling.storing')
      for (const late of [
        asking()
          .on(spared)
          .on(failed(at(9))),
        asking()
          .on(spared)
          .on(took)
          .on(failed(at(22))),
      ]) {
        expect(answerOf(late).status).toMatchObject({
          code: 429,
          details: { retryAfterSeconds: 10, causes: [{ reason: 'DisruptionBudget' }] },
        })
      }
      expect(
        answerOf(
          asking(holding('8'))
            .on(spared)
            .on(failed(at(9))),
        ).code,
      ).toBe(409)
    })
    test('of a pod that runs nowhere ends with its removal', () => {
      const nowhere = { ...podIn('Running'), spec: pod.spec }
      const removing = begun(evict(), full)
        .on(range(stored(key, nowhere, 8)))
        .on(spared)
        .on(took)
        .on({ ...took, revision: 22 })
      expect(removing.state).toBe('handling.removing')
      expect(answerOf(removing.on(failed(at(23)))).code).toBe(429)
    })
    test('that is a trial asks the budgets as one, and writes nothing', () => {
      const trial = asking(evict({ dryRun: ['All'] }))
      expect(trial.did('call')).toMatchObject([{ event: { dryRun: true } }])
      expect(answerOf(trial.on(granted)).code).toBe(201)
    })
    test('names the pod twice', () => {
      const other = { ...evict(), body: { metadata: { name: 'q' } } as never }
      expect(messageOf(begun(other, full).on(range(at(8))))).toBe('name in URL does not match name in Eviction object')
    })
  })
}
