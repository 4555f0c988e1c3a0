/** Recorded conversations with etcd: every answer of its API, and what its watches tell. */
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { EventObject } from 'xstate'
import { type Json, jsonOf, jsonOfEvent, requestAt } from '../../../machines/etcd/gateway.ts'
import { Cluster } from '../../unit/machines/etcd/cluster.ts'
import { cases, type Family } from '../family.ts'
import { linesOf } from '../folder.ts'

interface Step {
  readonly path: string
  readonly req: Json
  readonly res: Json
}
interface Sequence {
  readonly name: string
  readonly steps: readonly Step[]
}

export const sequences: readonly Family[] = ['kv-1', 'kv-2'].map((family) =>
  cases(
    'etcd',
    family,
    (folder) => linesOf<Sequence>(join(folder, 'etcd', `${family}.jsonl`)),
    (sequence) => ({ name: sequence.name, differences: [differenceIn(sequence) ?? []].flat() }),
  ),
)

/** A store that has been compacted at revision 1, as at the beginning of each recording. */
function fresh(): Cluster {
  const cluster = new Cluster(1)
  cluster.checks = false
  cluster.run(2_000)
  cluster.reply(member, { type: 'etcd.Compact', revision: 1 } as EventObject)
  return cluster
}
const member = 'etcd/cp-1'

function differenceIn({ name, steps }: Sequence): string | undefined {
  const cluster = fresh()
  const watches: (readonly [Step, number])[] = []
  for (const [i, step] of steps.entries()) {
    const request = requestAt(step.path, step.req)
    if (request?.type === 'etcd.Watch') {
      watches.push([step, cluster.watch(member, request)])
      cluster.run(160)
      continue
    }
    const call = cluster.ask(member, request as never)
    cluster.until(() => cluster.answers.has(call))
    if ('crash' in step.res) return undefined
    const answer = sorted(jsonOf(step.path, cluster.answers.get(call) as never))
    if (!isDeepStrictEqual(answer, step.res)) return shown(name, i, step, answer)
  }
  cluster.run(160)
  for (const [step, stream] of watches) {
    const answer = watched(cluster, stream)
    if (!isDeepStrictEqual(answer, ofThisSequence(step.res))) return shown(name, steps.indexOf(step), step, answer)
  }
  return undefined
}

/**
 * Deletions at revision 1 are how the recorder swept up after the sequence before: a watch from there saw them, but
 * nothing in this sequence tells which keys those were.
 */
function ofThisSequence({ events, ...rest }: Json): Json {
  const own = (events as { kv: { mod_revision: number } }[]).filter(({ kv }) => kv.mod_revision > 1)
  return { ...rest, events: own }
}

function sorted(answer: Json): Json {
  const { keys } = answer
  return Array.isArray(keys) ? { ...answer, keys: keys.toSorted() } : answer
}

function watched(cluster: Cluster, stream: number): Json {
  const all = cluster.watched.get(stream) ?? []
  const events = all.flatMap((response) => response.events.map(jsonOfEvent))
  const over = all.find(({ canceled }) => canceled !== undefined)
  const end = over && { canceled: true, cancel_reason: over.canceled }
  const compacted = over?.compactRevision === undefined ? {} : { compact_revision: over.compactRevision }
  return { created: all[0]?.created === true, events, ...end, ...compacted }
}

const shown = (name: string, i: number, { path, req, res }: Step, answer: Json): string =>
  `${name} step ${i} ${path}\n${JSON.stringify(req)}\nwanted ${JSON.stringify(res)}\n   got ${JSON.stringify(answer)}`
