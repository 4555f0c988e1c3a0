import { describe, expect, test } from 'vitest'
import { eventRecorder } from '../../../../../machines/controllers/kit/event-recorder.ts'
import type { ApiAnswered } from '../../../../../machines/protocol/api.ts'
import type { EventHappened, EventRecorderInput } from '../../../../../machines/protocol/cache.ts'
import { born, expectWhole } from '../../../../kit/chart.ts'
import { lost, ok, refused } from './replies.ts'

const input: EventRecorderInput = {
  apiserver: 'kube-apiserver/cp-1',
  user: { name: 'kubelet', groups: [] },
  component: 'kubelet',
  host: 'node-1',
}
const event = (message: string, namespace?: string): EventHappened => ({
  type: 'event.happened',
  about: { apiVersion: 'v1', kind: 'Pod', name: 'web', uid: 'u', ...(namespace === undefined ? {} : { namespace }) },
  kind: 'Warning',
  reason: 'BackOff',
  message,
})
const answered: ApiAnswered = { type: 'api.answered', code: 200 }
const idle = () => born(eventRecorder, input)
const bodyOf = (chart: ReturnType<typeof idle>) => chart.did('call')[0]?.event as unknown as Record<string, unknown>

describe('an event recorder', () => {
  test('writes what happened as a core/v1 Event', () => {
    const writing = idle().on(event('restarting', 'default'))
    expect(bodyOf(writing)).toMatchObject({
      verb: 'create',
      resource: 'events',
      namespace: 'default',
      name: expect.stringMatching(/^web\.[0-9a-f]+$/),
      body: {
        involvedObject: { kind: 'Pod', name: 'web', namespace: 'default' },
        reason: 'BackOff',
        message: 'restarting',
        type: 'Warning',
        count: 1,
        firstTimestamp: '1970-01-02T00:00:00Z',
        lastTimestamp: '1970-01-02T00:00:00Z',
        source: { component: 'kubelet', host: 'node-1' },
        reportingComponent: 'kubelet',
        reportingInstance: 'node-1',
        eventTime: null,
      },
    })
    expect(writing.on(ok({ metadata: { name: 'web.1' }, count: 1 })).state).toBe('idle')
  })

  test('writes an Event about a thing without namespace to the default one, without a host when it has none', () => {
    const { host: _, ...controller } = input
    const writing = born(eventRecorder, controller).on(event('ready'))
    expect(bodyOf(writing)).toMatchObject({
      namespace: 'default',
      body: { source: { component: 'kubelet' }, reportingInstance: '' },
    })
  })

  test('counts a repetition on the first one', () => {
    const known = idle()
      .on(event('restarting'))
      .on(ok({ metadata: { name: 'web.1' }, count: 1 }))
    const patching = known.on(event('restarting'), { at: 86_401_000 })
    expect(bodyOf(patching)).toMatchObject({
      verb: 'patch',
      name: 'web.1',
      body: { count: 2, lastTimestamp: '1970-01-02T00:00:01Z', message: 'restarting' },
    })
    const anew = patching.on(refused(404, 'NotFound'))
    expect(bodyOf(anew)).toMatchObject({ verb: 'create', name: 'web.1', body: { count: 2 } })
  })

  test('writes one at a time, in order', () => {
    const writing = idle().on(event('first')).on(event('second')).on(event('third'))
    expect(writing.asked).toEqual([])
    const next = writing.on(ok({ metadata: { name: 'web.1' }, count: 1 }))
    expect(bodyOf(next)).toMatchObject({ body: { message: 'second' } })
  })

  test('does not try again what the server refuses', () => {
    expect(idle().on(event('restarting')).on(refused(403, 'Forbidden')).state).toBe('idle')
    expect(idle().on(event('restarting')).on(answered).state).toBe('idle')
  })

  test('tries twelve times while the server is away, then forgets', () => {
    let chart = idle().on(event('restarting')).after('request timeout')
    expect(chart.state).toBe('waitingToRetry')
    expect(chart.did('wake')[0]?.afterMs).toBeLessThan(10_000)
    for (let tries = 2; tries <= 11; tries++) {
      chart = chart.after('retry interval').on(lost())
      expect(chart.state).toBe('waitingToRetry')
      expect(chart.did('wake')[0]?.afterMs).toBe(10_000)
    }
    expect(chart.after('retry interval').on(lost()).state).toBe('idle')
  })

  test('is silent after 25 about one object', () => {
    let chart = idle()
    for (let i = 0; i < 25; i++)
      chart = chart.on(event('restarting')).on(ok({ metadata: { name: 'web.1' }, count: i + 1 }))
    const silent = chart.on(event('restarting'))
    expect([silent.state, silent.did('call')]).toEqual(['idle', []])
  })

  test('drops what comes when a thousand wait', () => {
    let chart = idle()
    for (let i = 0; i < 1_003; i++) chart = chart.on(event(`${i}`))
    expect(chart.context.queue.size).toBe(1_000)
  })
})

expectWhole(eventRecorder)
