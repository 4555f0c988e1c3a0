import { describe, expect, test } from 'vitest'
import { eviction } from '../../../../machines/scheduler/eviction.ts'
import { born, expectWhole } from '../../../kit/chart.ts'
import { pod } from './cluster.ts'

const START = 86_400_000
const input = {
  victim: pod('low'),
  key: 'default/low',
  preemptor: pod('high', { spec: { schedulerName: 'default-scheduler' } }),
  node: 'node-1',
  scheduler: 'scheduler/cp',
  apiserver: 'kube-apiserver/cp',
  user: { name: 'system:kube-scheduler', groups: [] },
  recorder: 'event-recorder/cp/kube-scheduler',
  turns: [START, START + 20] as const,
}
const newborn = (more: object = {}) => born(eviction, { ...input, ...more }, 'eviction/cp/default/low')
const marking = () => newborn().after('client rate limit')
const deleting = () => marking().on(answered(200)).after('client rate limit again')
const answered = (code: number, reason = '') => ({
  type: 'api.answered',
  code,
  ...(code < 300 ? {} : { status: { message: `no: ${reason}`, reason } }),
})
const lost = { type: 'call.lost', line: 'condition', reason: 'reset' }
const told = (chart: ReturnType<typeof newborn>) =>
  chart.did('send').map(({ event }) => event as unknown as { type: string; error?: string; message?: string })

describe('the eviction of a victim', () => {
  test('first says why in its status, then deletes it, and tells everybody', () => {
    expect(marking().did('call')[0]?.event).toMatchObject({
      verb: 'patch',
      subresource: 'status',
      body: { status: { conditions: [{ type: 'DisruptionTarget', reason: 'PreemptionByScheduler' }] } },
    })
    expect(deleting().did('call')[0]?.event).toMatchObject({ verb: 'delete', resource: 'pods', name: 'low' })
    const over = deleting().on(answered(200))
    expect([over.state, over.done]).toEqual(['over', true])
    expect(told(over)).toMatchObject([
      { reason: 'Preempted', message: 'Preempted by pod uid-high on node node-1' },
      { type: 'eviction.finished', key: 'default/low', error: undefined },
    ])
  })
  test('does not write again what its status says already', () => {
    const conditions = [
      {
        type: 'DisruptionTarget',
        status: 'True',
        reason: 'PreemptionByScheduler',
        message: 'default-scheduler: preempting to accommodate a higher priority pod',
      },
    ]
    expect(newborn({ victim: pod('low', { status: { conditions } } as object) }).state).toBe('waitingForClientAgain')
  })
  test('is content with a victim that is gone, and says nothing of it', () => {
    for (const chart of [marking(), deleting()]) {
      const over = chart.on(answered(404, 'NotFound'))
      expect(over.state).toBe('over')
      expect(told(over)).toMatchObject([{ type: 'eviction.finished', error: undefined }])
    }
  })
  test('fails when the API server refuses, is lost, or does not answer', () => {
    for (const chart of [marking(), deleting()]) {
      expect(told(chart.on(answered(403, 'Forbidden')))).toMatchObject([{ error: 'no: Forbidden' }])
      expect(told(chart.on({ type: 'api.answered', code: 500 }))).toMatchObject([{ error: 'code 500' }])
      expect(told(chart.on(lost))).toMatchObject([{ error: 'connection reset' }])
      expect(told(chart.after('request timeout'))).toMatchObject([{ error: 'context deadline exceeded' }])
    }
  })
})

expectWhole(eviction)
