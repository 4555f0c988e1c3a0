import { describe, expect, test } from 'vitest'
import { podEviction } from '../../../../../machines/controllers/taint-eviction/pod-eviction.ts'
import { born, expectWhole } from '../../../../kit/chart.ts'
import { lost, ok, refused } from '../kit/replies.ts'
import { AT, controllerInput, pod } from '../objects.ts'

const start = (afterMs: number) =>
  born(
    podEviction,
    { ...controllerInput, pod: 'default/p', uid: 'uid-p', afterMs, controller: 'taint-eviction-controller/cp-1' },
    'taint-eviction-controller/cp-1/default/p',
    { at: AT },
  )
const cancel = { type: 'eviction.cancelled' }
const ended = { event: { type: 'eviction.ended', pod: 'default/p', uid: 'uid-p' } }
const marked = pod('p', {
  status: {
    conditions: [
      {
        type: 'DisruptionTarget',
        status: 'True',
        reason: 'DeletionByTaintManager',
        message: 'Taint manager: deleting due to NoExecute taint',
      },
    ],
  },
})

describe('the eviction of a pod', () => {
  test('waits while it tolerates, marks why, and deletes', () => {
    const waiting = start(10_000)
    expect(waiting.state).toBe('tolerating')
    const reading = waiting.after('toleration seconds')
    expect(reading.did('send')).toMatchObject([
      {
        event: {
          reason: 'TaintManagerEviction',
          message: 'Marking for deletion Pod default/p',
          about: { kind: 'Pod', namespace: 'default', name: 'p' },
        },
      },
    ])
    const marking = reading.on(ok(pod('p')))
    expect(marking.did('call')[0]?.event).toMatchObject({
      verb: 'patch',
      subresource: 'status',
      body: { metadata: { uid: 'uid-p' }, status: { conditions: [{ reason: 'DeletionByTaintManager' }] } },
    })
    const deleting = marking.on(ok())
    expect(deleting.did('call')[0]?.event).toMatchObject({ verb: 'delete', name: 'p' })
    const over = deleting.on(ok())
    expect(over.state).toBe('evicted')
    expect(over.on(cancel).did('send')).toMatchObject([ended])
  })

  test('does not wait for a pod that bears nothing, nor mark one twice', () => {
    const reading = start(0)
    expect(reading.state).toBe('evicting.reading')
    expect(reading.on(ok(marked)).state).toBe('evicting.deleting')
  })

  test('is cancelled, or hurried', () => {
    const over = start(10_000).on(cancel)
    expect([over.done, over.did('send')]).toMatchObject([
      true,
      [{ event: { message: 'Cancelling deletion of Pod default/p' } }, ended],
    ])
    const hurried = start(10_000).on({ type: 'patience.ended' })
    expect(hurried.did('send')).toMatchObject([
      { event: { message: 'Cancelling deletion of Pod default/p' } },
      { event: { message: 'Marking for deletion Pod default/p' } },
    ])
  })

  test('ends at once when the pod was gone before the answer came', () => {
    const over = start(0).on(ok(marked)).on(cancel).on(ok())
    expect([over.done, over.did('send')]).toMatchObject([true, [ended]])
  })

  test('tries five times, 10 ms apart', () => {
    let chart = start(0)
    for (const fail of [refused(500, 'x'), lost(), refused(404, 'NotFound'), lost()]) {
      chart = chart.on(fail).after('retry')
      expect(chart.state).toBe('evicting.reading')
    }
    expect(chart.on(ok(pod('p'))).on(lost()).state).toBe('evicting.waiting')
    expect(chart.on(ok(pod('p'))).on(refused(409, 'Conflict')).state).toBe('evicting.waiting')
    expect(chart.on(ok(marked)).on(lost()).state).toBe('evicting.waiting')
    const last = chart.on(ok(marked)).on(refused(500, 'x')).after('retry')
    expect([last.done, last.did('send')]).toMatchObject([true, [ended]])
    expect(start(0).after('request timeout').done).toBe(true)
  })
})

expectWhole(podEviction)
