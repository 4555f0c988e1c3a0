/**
 * Recorded clusters: members killed, stopped, added, removed, without space. Over up to 200 seeds, one run of ours must
 * show every member doing what its counterpart did, in the same order, and the same answers; and each recorded duration
 * must lie between the shortest and the longest of ours, give or take 0.2 s.
 */
import { join } from 'node:path'
import { cases, type Family, type Judgement } from '../family.ts'
import { linesOf } from '../folder.ts'
import { Durations, differences } from './raft/comparison.ts'
import type { Recording } from './raft/recording.ts'
import { run } from './raft/run.ts'

const SEEDS = 200

export const clusters: Family = cases(
  'etcd',
  'raft',
  (folder) => linesOf<Recording>(join(folder, 'etcd', 'raft.jsonl')),
  judged,
)

/** One seed after the other, until one has matched and the durations of all so far hold the recorded ones. */
function judged(recording: Recording): Judgement {
  const durations = new Durations(recording)
  let nearest: readonly string[] | undefined
  for (let seed = 1; seed <= SEEDS; seed++) {
    const ours = run(recording, seed)
    durations.add(ours)
    if (nearest?.length !== 0) {
      const found = differences(recording, ours)
      if (nearest === undefined || found.length < nearest.length) nearest = found
    }
    if (nearest.length === 0 && durations.misfits().length === 0) break
  }
  return { name: recording.name, differences: [...(nearest ?? []), ...durations.misfits()] }
}
