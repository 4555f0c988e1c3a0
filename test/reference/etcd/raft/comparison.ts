/** Where a run of ours differs from a recorded one, up to the names of the members. */
import { askedAt, type Event, type Recording, roleChanges, type Seen } from './recording.ts'
import type { Run, Told } from './run.ts'

/** What lies closer together was done at the same time: two members' clocks and logs agree no better. */
const TOGETHER_MS = 30
const SLACK_MS = 200

/** The differences under the naming of members that has the fewest. */
export function differences(recording: Recording, run: Run): readonly string[] {
  const answers = wrongAnswers(recording, run)
  if (answers.length > 0) return answers
  let nearest: readonly string[] | undefined
  for (const naming of namings(recording, run)) {
    const found = wrongRoles(ranked(roleChanges(recording)).map(renamed(naming)), run, recording)
    if (nearest === undefined || found.length < nearest.length) nearest = found
    if (found.length === 0) break
  }
  return nearest ?? []
}

/** The answers in the order of the requests, and what the notes tell. */
function wrongAnswers({ timeline }: Recording, { told, named }: Run): readonly string[] {
  return timeline.flatMap((event) => {
    const wanted = textOf(event, named)
    if (wanted === undefined) return []
    const found = told.find(({ of }) => isSame(of, event))
    return found?.text === wanted
      ? []
      : [`${at(event)} ${event.op ?? event.msg ?? 'health'}: wanted ${wanted}, got ${found?.text}`]
  })
}
const at = ({ t, member = '' }: Event): string => `${t} ${member}`
const isSame = (one: Event, other: Event): boolean =>
  one === other || (one.ev === 'note' && other.ev === 'note' && one.t === other.t && one.msg === other.msg)

/** What is compared of an event; undefined when nothing is. A server that panicked gave no answer worth comparing. */
function textOf(
  { ev, msg = '', op, result = '', code, http, detail }: Event & { http?: number | null },
  named: Run['named'],
) {
  if (ev === 'note') return noteOf(msg)
  if (ev === 'health') return `${result} ${http}`
  if (ev !== 'client' && ev !== 'admin') return undefined
  if (result === 'RemoteDisconnected') return undefined
  if (result === 'JSONDecodeError') return 'nobody is there'
  if (/base64/.test(op ?? '')) return undefined
  if (op === 'status')
    return `ok ${JSON.stringify((detail?.errors ?? []).map((error) => error.replace(/memberID:\d+/, 'memberID')))} <${named.get(detail?.leader ?? '')}>`
  return code === undefined || code === null ? result : `${result} ${code} ${http}`
}
function noteOf(msg: string): string | undefined {
  const exit = /process exit code (\w+)/.exec(msg)?.[1]
  if (exit === '2' && !/removed/.test(msg)) return undefined
  if (exit !== undefined) return exit === 'None' ? 'runs' : 'has ended'
  return /^(granted|key gone|\[")/.test(msg) ? msg : undefined
}

/** Members that no signal or request names may be anyone of the rest. */
function* namings({ members }: Recording, { named, seen }: Run): Generator<ReadonlyMap<string, string>> {
  const known = new Set(named.values())
  const names = Array.from({ length: members }, (_, i) => `m${i + 1}`).filter((name) => !named.has(name))
  const free = [...new Set(seen.map(({ by }) => by))].filter((address) => !known.has(address))
  for (const order of orders(free))
    yield new Map([...named, ...names.map((name, i) => [name, order[i] ?? name] as const)])
}
function* orders<T>(all: readonly T[]): Generator<readonly T[]> {
  if (all.length === 0) yield []
  for (const [i, first] of all.entries())
    for (const rest of orders(all.filter((_, at) => at !== i))) yield [first, ...rest]
}
const renamed =
  (naming: ReadonlyMap<string, string>) =>
  ({ atMs, by, text }: Seen): Seen => ({
    atMs,
    by: naming.get(by) ?? by,
    text: text.replace(/<(m\d+)>/g, (_, name: string) => `<${naming.get(name) ?? name}>`),
  })

/** Terms by their order: what the cluster did before the scenario began is not compared. */
function ranked(all: readonly Seen[]): readonly Seen[] {
  const terms = [...new Set(all.flatMap(({ text }) => /term (\d+)/.exec(text)?.[1] ?? []))].sort((a, b) => +a - +b)
  return all.map((seen) => ({
    ...seen,
    text: seen.text.replace(/term (\d+)/, (_, term: string) => `term #${terms.indexOf(term)}`),
  }))
}

/** Every member did the same in the same order; and whatever lies clearly apart came in the same order. */
function wrongRoles(wanted: readonly Seen[], run: Run, { timeline }: Recording): readonly string[] {
  const ours = ranked(run.seen)
  const pairs: (readonly [Seen, Seen])[] = []
  for (const by of new Set([...wanted, ...ours].map((seen) => seen.by))) {
    const [one, other] = [wanted, ours].map((all) => all.filter((seen) => seen.by === by)) as [Seen[], Seen[]]
    const at = one.findIndex((seen, i) => other[i]?.text !== seen.text)
    if (at >= 0)
      return [`${by}: wanted ${one[at]?.text}, got ${other[at]?.text}`, ...one.slice(at).map(({ text }) => text)]
    if (other.length > one.length) return [`${by}: more than was recorded: ${other[one.length]?.text}`]
    pairs.push(...one.map((seen, i) => [seen, other[i] as Seen] as const))
  }
  return disordered([...pairs, ...answered(run.told, timeline)])
}
const answered = (told: readonly Told[], timeline: readonly Event[]): (readonly [Seen, Seen])[] =>
  timeline.flatMap((event) => {
    const ours = told.find(({ of }) => of === event)
    if (ours === undefined || event.ms === undefined) return []
    const text = `the answer to ${event.op} of ${event.t}`
    const since = askedAt(event)
    return [
      [
        { atMs: since + event.ms, by: '', text },
        { atMs: since + ours.ms, by: '', text },
      ] as const,
    ]
  })
function disordered(pairs: readonly (readonly [Seen, Seen])[]): readonly string[] {
  const inOrder = pairs.toSorted(([a], [b]) => a.atMs - b.atMs)
  return inOrder.flatMap(([wanted, ours], i) =>
    inOrder
      .slice(i + 1)
      .filter(([later, other]) => later.atMs - wanted.atMs > TOGETHER_MS && other.atMs < ours.atMs - TOGETHER_MS)
      .map(([later]) => `${later.text} came before ${wanted.text}`),
  )
}

/** The shortest and the longest of our own, for each answer and for the first of each kind of change. */
export class Durations {
  private readonly bounds = new Map<string, { least: number; most: number }>()
  private readonly wanted: readonly (readonly [what: string, ms: number])[]

  constructor(recording: Recording) {
    const changes = roleChanges(recording)
    const answers = recording.timeline.filter(({ ev, result }) => ev !== 'log' && result !== 'RemoteDisconnected')
    this.wanted = [
      ...firsts(changes),
      ...answers.flatMap((event) => {
        if (event.ev === 'note')
          return event.msg?.startsWith('key gone') === true ? [[event.msg, event.t * 1_000] as const] : []
        return event.ms === undefined ? [] : [[keyOf(event), event.ms] as const]
      }),
    ]
  }
  add({ seen, told }: Run): void {
    for (const [what, ms] of firsts(seen)) this.widen(what, ms)
    for (const { of, ms } of told) this.widen(of.ev === 'note' ? (of.msg ?? '') : keyOf(of), ms)
  }
  private widen(what: string, ms: number): void {
    const { least, most } = this.bounds.get(what) ?? { least: ms, most: ms }
    this.bounds.set(what, { least: Math.min(least, ms), most: Math.max(most, ms) })
  }
  misfits(): readonly string[] {
    return this.wanted.flatMap(([what, ms]) => {
      const { least = 0, most = -1 } = this.bounds.get(what) ?? {}
      if (ms >= least - SLACK_MS && ms <= most + SLACK_MS) return []
      return [`${what}: took ${ms} ms, ours ${least} to ${most}`]
    })
  }
}
const keyOf = ({ op, t, ev }: Event): string => `the ${ev} ${op ?? ''} of ${t}`
/** When each kind of change was first seen, whoever did it and in whichever term. */
function firsts(all: readonly Seen[]): readonly (readonly [string, number])[] {
  const found = new Map<string, number>()
  for (const { text, atMs } of all) {
    const kind = text
      .replace(/<[^>]*>/g, '')
      .replace(/ at term.*/, '')
      .trim()
    if (!found.has(kind)) found.set(kind, atMs)
  }
  return [...found]
}
