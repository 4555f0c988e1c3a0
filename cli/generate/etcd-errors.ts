/**
 * The page of the five errors that can be put back into etcd: each found by a search, made simple, and told as a
 * sequence. `npx tsx cli/generate/etcd-errors.ts` searches anew and writes docs/etcd-errors; with `--page` it tells the
 * schedules that lie there once more.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { EventObject } from 'xstate'
import { simplest } from '../../machines/cluster/etcd-alone/simplest.ts'
import { lived, type Schedule } from '../../machines/cluster/etcd-alone/trial.ts'
import { ofBug } from '../../machines/cluster/etcd-alone/weather.ts'
import { BUGS, type Bug } from '../../machines/etcd/bug.ts'
import { type Said, sequenceDiagram } from '../../runtime/inspect/sequence.ts'
import type { Operation } from '../../runtime/world.ts'

const FOLDER = fileURLToPath(new URL('../../docs/etcd-errors/', import.meta.url))
const SEEDS = 1_000

/** What happened, in words; and what keeps it from happening. */
const STORIES: Readonly<Record<Bug, readonly [title: string, story: string]>> = {
  'stale-read-index': [
    'A stale read that reuses a ReadIndex request',
    `A follower asks the leader how far to apply before it answers a read. When no word comes for half a second it asks
again. With the error it asks under the same name. The leader has long confirmed the first asking; then it is cut off and
freezes, and another is elected and takes a write. When the old leader wakes, a client asks it for a read; behind that the
second asking arrives, and behind that an acknowledgement of a heartbeat of the *first*. It counts for the second, which
has the same name, and a confirmed asking confirms all that were queued before it: the client is answered from a store
that lacks the write. etcd had this until its issue 20418. Each asking now has a name of its own.`,
  ],
  'deposed-leader-reads': [
    'A read served by a deposed leader',
    `A leader that is cut off, or was frozen, does not know that there is another. With the error it answers reads from its
own store without asking a majority whether it still leads. ReadIndex exists for this: one round of heartbeats between the
question and the answer.`,
  ],
  'answered-before-sync': [
    'An acknowledged write lost by a single member',
    `A cluster of one has its majority at once: itself. With the error an entry counts as committed when it is written,
not when it is on the disk; the client is answered, the power goes, and the write is gone. etcd 3.5.0 to 3.5.4 did this
(issue 14370): the log was applied beside the sync, not after it.`,
  ],
  'compacted-deletion': [
    'A watch that drops an event when compaction meets a delete',
    `A compaction to a revision keeps what is of that revision, so that a watch may begin there. With the error a deletion
made at exactly that revision is swept away as any older one: the watch begins, and tells the next change as if the key
had never been deleted (issue 18089). Whoever keeps a cache by such a watch keeps a ghost.`,
  ],
  'progress-ahead': [
    'A progress notification ahead of its events',
    `A watch that begins in the past is told what was by a loop that turns every tenth of a second. A client that asks for
progress meanwhile is told, with the error, the revision of the store: as if it had been told all up to there. It notes
that, loses its connection, goes on from there, and has lost what lay between (issue 15220).`,
  ],
}

export const scheduleIn = (bug: Bug): Schedule => JSON.parse(readFileSync(`${FOLDER}${bug}.json`, 'utf8')) as Schedule
export const pageIn = (): string => readFileSync(`${FOLDER}README.md`, 'utf8')

/** The page, from schedules that were found. */
export function page(scheduleOf: (bug: Bug) => Schedule): string {
  const chapters = BUGS.map((bug) => chapter(bug, scheduleOf(bug)))
  return `# Five errors of etcd, and how they are found

Each can be put back by the option \`bug:\` of a member or a cluster (\`orrery check --bug … --linearizable\`). A search
over random schedules of requests and faults finds each within seconds, by asking of every history: is it linearizable,
key by key, and is every watch whole and in order? What was found is made as simple as it goes and told here: the
schedules lie beside this page, and a test lives through them again, with the error and without.
This page is written by \`npx tsx cli/generate/etcd-errors.ts\`.

${chapters.join('\n')}`
}

function chapter(bug: Bug, schedule: Schedule): string {
  const [title, story] = STORIES[bug]
  const said: Said[] = []
  const { broken } = lived(schedule, { before: (world) => listen(world, said) })
  const faults = schedule.moves.filter(({ operation }) => !isRequest(operation))
  const struck = faults.map(({ at, operation }) => ({
    at,
    from: 'fate',
    to: victim(operation),
    words: inWords(operation),
  }))
  const first = schedule.moves.find(({ operation }) => isRequest(operation))?.at ?? 0
  const all = [...said, ...struck].filter(({ at }) => at >= Math.min(first, ...struck.map((each) => each.at)))
  const shown = all.sort((a, b) => a.at - b.at).slice(0, MOST_ARROWS)
  return `## ${title}

\`bug: '${bug}'\` · [the schedule](${bug}.json)

${story}

\`\`\`mermaid
${sequenceDiagram(shown)}\`\`\`

What the search says: *${(broken[0] ?? 'nothing').replaceAll('*', '\\*')}*
`
}
const MOST_ARROWS = 70

type Watched = Parameters<NonNullable<NonNullable<Parameters<typeof lived>[1]>['before']>>[0]

/** What members and clients say to each other, heartbeats left out that confirm no read. */
function listen(world: Watched, said: Said[]): void {
  world.observe(({ at, from, to, event }) => {
    const words = from === to ? undefined : wordsOf(event)
    if (words !== undefined && from !== '') said.push({ at, from, to, words })
  })
  for (let i = 1; i <= 4; i++)
    world.bindOutside(`client/c-${i}`, ({ from, to, event }) => {
      said.push({ at: world.now, from, to, words: answerWords(event) })
    })
}

interface Spoken extends EventObject {
  readonly key?: string
  readonly value?: unknown
  readonly context?: string
  readonly startRevision?: number
  readonly revision?: number
  readonly index?: number
  readonly entries?: readonly unknown[]
}
function wordsOf(event: EventObject): string | undefined {
  const { type, key, value, context = '', startRevision, revision, entries } = event as Spoken
  if (type.startsWith('etcd.')) {
    const what = type.slice('etcd.'.length)
    const rest = [key, value === undefined ? undefined : `= ${String(value)}`, startRevision && `from ${startRevision}`]
    return [what, ...rest, type === 'etcd.Compact' ? `to ${revision}` : undefined].filter(Boolean).join(' ')
  }
  const asking = context === '' ? '' : ` ${context.split(' ').slice(2).join('.')} of ${context.split(' ')[0]}`
  if (type.startsWith('MsgHeartbeat')) return asking === '' ? undefined : `${type}${asking}`
  if (type.startsWith('MsgReadIndex')) return `${type}${asking}`
  if (type === 'MsgApp') return (entries ?? []).length > 0 ? `MsgApp, ${entries?.length} entries` : undefined
  return /^Msg(Vote|VoteResp)$/.test(type) ? type : undefined
}

function answerWords(event: EventObject): string {
  const { reply, revision, events, error } = event as unknown as {
    readonly reply?: { readonly kvs?: readonly { readonly value: unknown }[] }
    readonly revision?: number
    readonly events?: readonly {
      readonly type: string
      readonly kv: { readonly key: string; readonly modRevision: number }
    }[]
    readonly error?: string
  }
  if (error !== undefined) return error
  if (events !== undefined)
    return events.length === 0
      ? `nothing new, at ${revision}`
      : events.map(({ type, kv }) => `${type} ${kv.key} at ${kv.modRevision}`).join(', ')
  if (reply?.kvs === undefined) return `done, at ${revision}`
  return `${reply.kvs.length === 0 ? 'nothing' : String(reply.kvs[0]?.value)}, at ${revision}`
}

const isRequest = ({ op }: Operation): boolean => op === 'call' || op === 'stream' || op === 'send'
function victim(operation: Operation): string {
  if ('process' in operation) return operation.process
  if ('address' in operation) return operation.address
  if ('host' in operation) return `etcd/${operation.host}`
  return 'from' in operation ? `etcd/${operation.from}` : 'all'
}
function inWords(operation: Operation): string {
  if (operation.op === 'cut' || operation.op === 'heal') {
    const { op, from, to } = operation
    return `${op} ${from} ${op === 'cut' && operation.oneWay === true ? 'to' : 'and'} ${to}`
  }
  if (operation.op === 'delay') return `${operation.from} to ${operation.to} takes ${operation.ms} ms more`
  return operation.op === 'spawn' ? 'start' : operation.op
}

function search(bug: Bug): Schedule {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const schedule = ofBug(bug, seed)
    if (lived(schedule).broken.length > 0) return simplest(schedule)
  }
  throw new Error(`${bug} was not found in ${SEEDS} schedules`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const isPageOnly = process.argv.includes('--page')
  const found = new Map(BUGS.map((bug) => [bug, isPageOnly ? scheduleIn(bug) : search(bug)] as const))
  for (const [bug, schedule] of found)
    writeFileSync(`${FOLDER}${bug}.json`, `${JSON.stringify(schedule, undefined, 1)}\n`)
  writeFileSync(
    `${FOLDER}README.md`,
    page((bug) => found.get(bug) as Schedule),
  )
}
