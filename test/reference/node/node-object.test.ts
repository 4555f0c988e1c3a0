/** The comparison judged: what is recorded otherwise than it happened must be seen. */
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { jsonOf, OWN_COPY } from '../folder.ts'
import { judged, plays, type Recorded } from './node-object.ts'
import type { Began } from './registration.ts'

const recorded = jsonOf<Recorded>(join(OWN_COPY, 'node/node-object/registration.json')) as Recorded
const wrongIn = (ours: Began, theirs: Recorded): readonly string[] =>
  judged(ours, theirs).flatMap(({ name, differences }) => (differences.length > 0 ? [name] : []))
const swapped = <T>(all: readonly T[], i: number): readonly T[] =>
  all.map((each, k) => (k === i ? all[i + 1] : k === i + 1 ? all[i] : each) as T)
const without = <T>(all: readonly T[], i: number): readonly T[] => all.filter((_, k) => k !== i)

describe('a node that registers', () => {
  const ours = [...plays(recorded)].find((each) => wrongIn(each, recorded).length === 0) as Began
  const wrong = (theirs: Partial<Recorded>): readonly string[] => wrongIn(ours, { ...recorded, ...theirs })
  const { registration, events, lease, nodeStatusWrites_t: times } = recorded

  test('nothing differs as it was recorded', () => {
    expect(ours).toBeDefined()
    expect(wrong({})).toEqual([])
  })
  test('a wrong reason is seen', () => {
    events.forEach((_, i) => {
      const other = events.map((event, k) => (k === i ? { ...event, reason: 'Otherwise' } : event))
      expect(wrong({ events: other })).toEqual([`event ${i + 1} Otherwise`])
    })
    const text = JSON.stringify(registration).replace('kubelet has no disk pressure', 'otherwise')
    expect(wrong({ registration: JSON.parse(text) as Recorded['registration'] })).toEqual(['write 1'])
  })
  test('a field that is another, is missing, or should not be, is seen', () => {
    const text = JSON.stringify(registration)
    for (const [from, to] of [
      ['"243497856212"', '"243497856213"'],
      ['"kubeProxyVersion":"v1.32.5",', ''],
      ['"architecture":', '"more":"x","architecture":'],
      ['"type":"Hostname"', '"type":"ExternalIP"'],
    ] as const)
      expect(wrong({ registration: JSON.parse(text.replace(from, to)) as Recorded['registration'] })).toEqual([
        'write 1',
      ])
  })
  test('a missing write and a missing Event are seen', () => {
    registration.forEach((_, i) => expect(wrong({ registration: without(registration, i) })).not.toEqual([]))
    events.forEach((_, i) => expect(wrong({ events: without(events, i) })).not.toEqual([]))
    times.forEach((t, i) => t > 60 && expect(wrong({ nodeStatusWrites_t: without(times, i) })).not.toEqual([]))
    const { renewals_t, intervals } = lease
    const fewer = { ...lease, renewals_t: without(renewals_t, 7), intervals }
    expect(wrong({ lease: fewer })).not.toEqual([])
  })
  test('a swapped order is seen', () => {
    for (let i = 0; i + 1 < registration.length; i++)
      expect(wrong({ registration: swapped(registration, i) })).not.toEqual([])
    for (let i = 0; i + 1 < events.length; i++) expect(wrong({ events: swapped(events, i) })).not.toEqual([])
  })
  test('a timer off by two seconds is seen', () => {
    for (const by of [2, -2]) {
      registration.forEach((_, i) => {
        const later = registration.map((write, k) => (k === i ? { ...write, t: write.t + by } : write))
        expect(wrong({ registration: later })).toEqual([`write ${i + 1}`])
      })
      events.forEach((_, i) => {
        const later = events.map((event, k) => (k === i ? { ...event, t: event.t + by } : event))
        expect(wrong({ events: later })).toHaveLength(1)
      })
      expect(wrong({ lease: { ...lease, renewals_t: lease.renewals_t.map((t) => t + by) } })).not.toEqual([])
      const intervals = lease.intervals.map((each) => each + by)
      const renewals_t = lease.renewals_t.map((t, i) => t + by * i)
      expect(wrong({ lease: { ...lease, intervals, renewals_t } })).not.toEqual([])
      expect(wrong({ nodeStatusWrites_t: times.map((t) => (t > 300 && t < 310 ? t + by : t)) })).not.toEqual([])
    }
  })
})
