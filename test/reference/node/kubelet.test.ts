/**
 * The comparison judged, for every family: our own run stands for the recorded one, so that it is the same to the
 * instant; told otherwise than it happened, it must be seen.
 */
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { linesOf, OWN_COPY } from '../folder.ts'
import type { Run } from './intervals.ts'
import { compared, FAMILIES } from './kubelet.ts'
import { Play, type Scenario, type Sequence } from './scenario.ts'

/** A state that is followed so soon may not have been written: that is no difference. */
const MERGED_SECONDS = 1.1

describe.each(FAMILIES)('of %s', (family) => {
  const all = linesOf<Scenario>(join(OWN_COPY, 'node/kubelet', `${family}.jsonl`)) ?? []
  const scenario =
    all.find(({ timeline }) => timeline.filter(({ ev }) => ev === 'pod').length > 3) ?? (all[0] as Scenario)
  const ours = Play.of(scenario, 7).toEnd()
  const pods = scenario.pods.map(({ manifest }) => manifest.metadata.name)
  const sequences: Run['sequences'] = Object.fromEntries(pods.map((pod) => [pod, distinct(ours.sequences[pod] ?? [])]))
  const seen = (run: Partial<Run>): readonly string[] =>
    compared(ours, scenario, { sequences, events: ours.events, ...run })
  const states = pods.flatMap((pod) => (sequences[pod] ?? []).map((_, i) => [pod, i] as const))
  const changed = (pod: string, to: (all: Sequence) => Sequence): Partial<Run> => ({
    sequences: { ...sequences, [pod]: to(sequences[pod] ?? []) },
  })

  test('nothing differs as it happened', () => {
    expect(seen({})).toEqual([])
    expect(states.length).toBeGreaterThan(1)
  })
  test('a wrong reason, a missing and a doubled Event are seen', () => {
    ours.events.forEach((text, i) => {
      expect(seen({ events: ours.events.with(i, text.replace(/ \w+:/, ' Otherwise:')) })).not.toEqual([])
      expect(seen({ events: ours.events.with(i, `${text} or so`) })).not.toEqual([])
      expect(seen({ events: ours.events.toSpliced(i, 1) })).not.toEqual([])
      expect(seen({ events: [...ours.events, text] })).not.toEqual([])
    })
  })
  test('a state that is another is seen', () => {
    for (const [pod, i] of states)
      expect(seen(changed(pod, (all) => all.with(i, [all[i]?.[0] ?? 0, `${all[i]?.[1]} x`])))).not.toEqual([])
  })
  test('a missing write is seen', () => {
    for (const [pod, i] of states) {
      const [own, next] = [sequences[pod]?.[i], sequences[pod]?.[i + 1]]
      if (own !== undefined && next !== undefined && next[0] - own[0] <= MERGED_SECONDS) continue
      expect(seen(changed(pod, (all) => all.toSpliced(i, 1)))).not.toEqual([])
    }
  })
  test('a swapped order is seen', () => {
    for (const [pod, i] of states) {
      const [a, b] = [sequences[pod]?.[i], sequences[pod]?.[i + 1]]
      if (a === undefined || b === undefined) continue
      expect(seen(changed(pod, (all) => all.with(i, [a[0], b[1]]).with(i + 1, [b[0], a[1]])))).not.toEqual([])
    }
  })
  test('a timer off by two seconds is seen, wherever it is', () => {
    for (const [pod, i] of states)
      for (const by of [2, -2])
        expect(seen(changed(pod, (all) => all.map(([t, brief], k) => [k < i ? t : t + by, brief])))).not.toEqual([])
  })
})

function distinct(all: Sequence): Sequence {
  return all.filter(([, brief], i) => brief !== all[i - 1]?.[1])
}
