/** The comparison judged: what is recorded otherwise than it happened must be seen. */
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { linesOf, OWN_COPY } from '../folder.ts'
import { compared } from './kubelet.ts'
import { type Entry, played, type Scenario } from './scenario.ts'

const SCENARIOS = [
  ['termination', 'term-delete-then-force'],
  ['hooks', 'hook-poststart-blocks-next-container'],
] as const

describe.each(SCENARIOS)('of %s: %s', (file, name) => {
  const all = linesOf<Scenario>(join(OWN_COPY, 'node/kubelet', `${file}.jsonl`)) ?? []
  const scenario = all.find((each) => each.name === name) as Scenario
  const ours = played(scenario, 7)
  const seen = (timeline: readonly Entry[]): readonly string[] => compared(ours, { ...scenario, timeline }, undefined)
  const { timeline } = scenario
  const changed = (i: number, to: Partial<Entry>): readonly Entry[] =>
    timeline.map((entry, k) => (k === i ? { ...entry, ...to } : entry))
  const indexes = (ev: Entry['ev']): readonly number[] => timeline.flatMap((entry, i) => (entry.ev === ev ? [i] : []))

  test('nothing differs as it was recorded', () => {
    expect(seen(timeline)).toEqual([])
  })
  test('a wrong reason, a wrong message, a missing and a doubled Event are seen', () => {
    for (const i of indexes('event')) {
      expect(seen(changed(i, { reason: 'Otherwise' }))).not.toEqual([])
      expect(seen(changed(i, { message: 'otherwise' }))).not.toEqual([])
      expect(seen(timeline.filter((_, k) => k !== i))).not.toEqual([])
      expect(seen([...timeline, timeline[i] as Entry])).not.toEqual([])
    }
  })
  test('a state that is another is seen', () => {
    for (const i of indexes('pod')) expect(seen(changed(i, { brief: `${timeline[i]?.brief} x` }))).not.toEqual([])
  })
  test('a swapped order of states is seen', () => {
    const [last, before] = indexes('pod').toReversed()
    const [a, b] = [timeline[before ?? 0] as Entry, timeline[last ?? 0] as Entry]
    const swapped = timeline.map((entry) => (entry === a ? { ...b, t: a.t } : entry === b ? { ...a, t: b.t } : entry))
    if (a.brief !== b.brief) expect(seen(swapped)).not.toEqual([])
  })
  test('a timer off by two seconds is seen', () => {
    const running = timeline.findIndex(({ brief }) => brief?.startsWith('Running') === true)
    expect(seen(timeline.map((entry, i) => (i < running ? entry : { ...entry, t: entry.t + 2.5 })))).not.toEqual([])
  })
})
