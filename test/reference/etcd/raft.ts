/**
 * Recorded clusters: members killed, stopped, added, removed, without space. Over up to 200 seeds, one run of ours must
 * show every member doing what its counterpart did, in the same order, and the same answers; and each recorded duration
 * must lie between the shortest and the longest of ours, give or take 0.2 s.
 */
import { join } from 'node:path'
import { type Family, type Judgement, type Options, result } from '../family.ts'
import { linesOf } from '../folder.ts'
import { Durations, differences } from './raft/comparison.ts'
import type { Recording } from './raft/recording.ts'
import { run } from './raft/run.ts'
import { matchedWith, seedsFor } from './raft/seeds.ts'

const SEEDS = 200
/** Where there is little time: the order alone is held, by the seed that is known to show it. */
const FEW = 3

export const clusters: Family = {
  area: 'etcd',
  family: 'raft',
  judge(folder, options) {
    const all = linesOf<Recording>(join(folder, 'etcd', 'raft.jsonl'))
    if (all === undefined || all.length === 0) return undefined
    return result(
      'etcd',
      'raft',
      all.map((recording) => judged(recording, options)),
    )
  },
}

/** Ends as soon as one seed has matched and the durations fit. */
function judged(recording: Recording, { quick }: Options): Judgement {
  const durations = new Durations(recording)
  let nearest: readonly string[] | undefined
  for (const seed of seedsFor(recording, SEEDS).slice(0, quick ? FEW : SEEDS)) {
    const ours = run(recording, seed)
    durations.add(ours)
    if (nearest?.length !== 0) {
      const found = differences(recording, ours)
      if (found.length === 0) matchedWith(recording, seed)
      if (nearest === undefined || found.length < nearest.length) nearest = found
    }
    if (nearest.length === 0 && (quick || durations.misfits().length === 0)) break
  }
  return { name: recording.name, differences: [...(nearest ?? []), ...(quick ? [] : durations.misfits())] }
}
