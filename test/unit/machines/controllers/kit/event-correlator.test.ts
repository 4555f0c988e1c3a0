import { describe, expect, test } from 'vitest'
import {
  type Correlated,
  correlated,
  newCorrelator,
  settled,
} from '../../../../../machines/controllers/kit/event-correlator.ts'
import type { EventHappened } from '../../../../../machines/protocol/cache.ts'

const happened = (message: string, reason = 'FailedCreate'): EventHappened => ({
  type: 'event.happened',
  about: { apiVersion: 'apps/v1', kind: 'ReplicaSet', namespace: 'default', name: 'web', uid: 'u' },
  kind: 'Warning',
  reason,
  message,
})
function all(messages: readonly string[], gapMs = 1_000): (Correlated | undefined)[] {
  let correlator = newCorrelator()
  return messages.map((message, i) => {
    const [next, out] = correlated(correlator, happened(message), () => `web.${i}`, i * gapMs)
    correlator = next
    return out
  })
}

describe('events', () => {
  test('that repeat are counted on the first one', () => {
    const [first, second, third] = all(['no room', 'no room', 'no room'])
    expect(first).toMatchObject({ name: 'web.0', count: 1, repeated: false })
    expect(second).toMatchObject({ name: 'web.0', count: 2, repeated: true, firstAt: 0 })
    expect(third).toMatchObject({ name: 'web.0', count: 3, repeated: true })
  })

  test('that are similar become one from the tenth on', () => {
    const out = all(Array.from({ length: 12 }, (_, i) => `no room for ${i}`))
    expect(out.slice(0, 9).map((each) => each?.happened.message)).toEqual(
      Array.from({ length: 9 }, (_, i) => `no room for ${i}`),
    )
    expect(out[9]).toMatchObject({ count: 1, repeated: false, name: 'web.9' })
    expect(out[9]?.happened.message).toBe('(combined from similar events): no room for 9')
    expect(out[11]).toMatchObject({ count: 3, repeated: true, name: 'web.9' })
  })

  test('that are similar but more than ten minutes apart stay single', () => {
    const out = all(
      Array.from({ length: 12 }, (_, i) => `no room for ${i}`),
      600_001,
    )
    expect(out[11]?.happened.message).toBe('no room for 11')
  })

  test('of one object are silenced after 25, but for one in five minutes', () => {
    const out = all(
      Array.from({ length: 30 }, () => 'no room'),
      10,
    )
    expect(out.filter((each) => each !== undefined)).toHaveLength(25)
    let correlator = newCorrelator()
    for (let i = 0; i < 30; i++) correlator = correlated(correlator, happened('no room'), () => 'web.x', 0)[0]
    expect(correlated(correlator, happened('no room'), () => 'web.y', 300_001)[1]).toMatchObject({ count: 31 })
  })

  test('go on from what the server holds', () => {
    const [correlator, first] = correlated(newCorrelator(), happened('no room'), () => 'web.0', 0)
    const known = settled(correlator, first?.key ?? '', { name: 'web.other', count: 7, firstAt: 0 })
    expect(correlated(known, happened('no room'), () => 'web.1', 1)[1]).toMatchObject({ name: 'web.other', count: 8 })
  })
})
