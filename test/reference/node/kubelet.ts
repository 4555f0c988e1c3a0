/**
 * The kubelet's scenarios. One matches when each pod went through the same states at the same intervals, and the same
 * Events were told, as in the recorded run or in the second run that `stability.jsonl` keeps.
 */
import { join } from 'node:path'
import { type Family, result } from '../family.ts'
import { linesOf } from '../folder.ts'
import { type Heard, played, type Scenario, type Sequence } from './scenario.ts'

const FAMILIES =
  'admission conditions crashloop hooks image init multi probes restart-policy sidecar termination'.split(' ')
/** A fair tolerance where no timer is involved. */
const SECONDS = 1.5
/**
 * What waits for the next sync of the pod comes 10 to 15 s after the last one: which it is, is drawn. So is how much of
 * a back-off is left when it is first written.
 */
const SYNC_SECONDS = 5
const SYNC_LEAST_SECONDS = 9.5
/** The gaps that were seen: 11 to 15, 23 to 29, 49 to 53, 81 to 95, 172 to 177 s. */
const SYNC_SHARE = 0.1
const BY_SYNC = /BackOff\)|ErrImage|PostStartHookError|last\(/

/** Two container states that follow within so many seconds may be merged into one write. */
const MERGED_SECONDS = 1.1

interface Stability {
  readonly name: string
  readonly category: string
  /** By pod: of each step of the common sequence the times of both runs. */
  readonly times?: Readonly<Record<string, readonly (readonly [number, number])[]>>
  readonly secondRun?: Readonly<Record<string, Sequence>>
}

export const kubelets: readonly Family[] = FAMILIES.map((name) => ({
  area: 'node',
  family: `kubelet/${name}`,
  judge(folder) {
    const all = linesOf<Scenario>(join(folder, 'node/kubelet', `${name}.jsonl`))
    if (all === undefined || all.length === 0) return undefined
    const lines = linesOf<Stability>(join(folder, 'node/kubelet/stability.jsonl')) ?? []
    const stability = new Map(lines.map((each) => [each.name, each]))
    return result(
      'node',
      `kubelet/${name}`,
      all.map((each) => ({ name: each.name, differences: differencesIn(each, stability.get(each.name)) })),
    )
  },
}))

/** At which phase the kubelet's loops were is not told: a few are tried. */
const SEEDS = [7, 8, 9, 10]

/** The fewest differences that there are with any seed. */
export function differencesIn(scenario: Scenario, stability: Stability | undefined): readonly string[] {
  let least: readonly string[] | undefined
  for (const seed of SEEDS) {
    const found = differencesAt(scenario, stability, seed)
    if (found.length === 0) return found
    if (least === undefined || found.length < least.length) least = found
  }
  return least ?? []
}

function differencesAt(scenario: Scenario, stability: Stability | undefined, seed: number): readonly string[] {
  try {
    return compared(played(scenario, seed), scenario, stability)
  } catch (error) {
    return [String((error as Error).stack).slice(0, 300)]
  }
}

export function compared(ours: Heard, scenario: Scenario, stability: Stability | undefined): readonly string[] {
  const names = scenario.pods.map(({ manifest }) => manifest.metadata.name)
  const states = names.flatMap((name, i) => {
    const own = ours.sequences[name] ?? []
    const first = scenario.timeline.flatMap(
      ({ ev, pod, t, brief }): Sequence =>
        ev === 'pod' && brief !== undefined && (pod ?? names[0]) === name ? [[t, brief]] : [],
    )
    const second = stability?.secondRun?.[name] ?? (i === 0 ? Object.values(stability?.secondRun ?? {})[0] : undefined)
    const spreads = stability?.times?.[name]?.map(([a, b]) => Math.abs(a - b)) ?? []
    const found = sequencesDiffer(own, first, Math.max(pullsWaited(scenario), ...spreads))
    if (found === undefined || (second !== undefined && sequencesDiffer(own, second, 0) === undefined)) return []
    return [`${name}: ${found}`]
  })
  return [...states, ...eventsDiffer(ours.events.map(general), scenario)]
}

/** Pulls are serial on a node, and other scenarios pulled too: `in 4.3s (10.9s including waiting)`. */
const pullsWaited = ({ timeline }: Scenario): number =>
  Math.max(
    0,
    ...timeline.map(({ message = '' }) => {
      const [, own, all] = /in ([\d.]+)s \(([\d.]+)s including waiting\)/.exec(message) ?? []
      return own === undefined ? 0 : Number(all) - Number(own)
    }),
  )

/** @returns the first difference */
function sequencesDiffer(ours: Sequence, theirs: Sequence, spread: number): string | undefined {
  const [mine, wanted] = [distinct(ours), distinct(theirs)]
  let [i, k] = [0, 0]
  let [lastMine, lastWanted] = [0, 0]
  while (i < mine.length || k < wanted.length) {
    const [skipped, passed] = merged(mine, i, wanted, k)
    i += skipped
    k += passed
    const [a, b] = [mine[i], wanted[k]]
    if (a === undefined || b === undefined || a[1] !== b[1]) return `${shown(a)} is not ${shown(b)}`
    const [own, their] = [a[0] - lastMine, b[0] - lastWanted]
    if (Math.abs(own - their) > allowed(own, their, b[1]) + spread)
      return `${b[1]} comes ${own.toFixed(1)} s after the state before, not ${their.toFixed(1)} s`
    lastMine = a[0]
    lastWanted = b[0]
    i++
    k++
  }
  return undefined
}
const shown = (state: Sequence[number] | undefined): string =>
  state === undefined ? 'nothing' : `${state[0].toFixed(1)} s ${state[1]}`

function allowed(own: number, their: number, brief: string): number {
  const isSynced = own >= SYNC_LEAST_SECONDS || their >= SYNC_LEAST_SECONDS || BY_SYNC.test(brief)
  return SECONDS + (isSynced ? SYNC_SECONDS + Math.max(0, their - 20) * SYNC_SHARE : 0)
}

/** How many states of the one or of the other were not written, because the next one followed at once. */
function merged(mine: Sequence, i: number, wanted: Sequence, k: number): readonly [number, number] {
  const ahead = (all: Sequence, from: number, brief: string | undefined): number => {
    let to = from
    while (all[to] !== undefined && all[to]?.[1] !== brief) {
      if (!isMerged(all, to)) return 0
      to++
    }
    return all[to] === undefined ? 0 : to - from
  }
  if (mine[i]?.[1] === wanted[k]?.[1]) return [0, 0]
  const skipped = ahead(mine, i, wanted[k]?.[1])
  return skipped > 0 ? [skipped, 0] : [0, ahead(wanted, k, mine[i]?.[1])]
}
const distinct = (all: Sequence): Sequence => all.filter(([, brief], i) => brief !== all[i - 1]?.[1])
/** A state that is followed at once by the next may not have been written. */
function isMerged(all: Sequence, i: number): boolean {
  const [state, next] = [all[i], all[i + 1]]
  return state !== undefined && next !== undefined && next[0] - state[0] <= MERGED_SECONDS
}

function eventsDiffer(ours: readonly string[], { timeline }: Scenario): readonly string[] {
  const theirs = timeline.flatMap(({ ev, op, type, reason, message }) =>
    ev === 'event' && op === 'ADDED' ? [general(`${type} ${reason}: ${message ?? ''}`)] : [],
  )
  const [mine, wanted] = [counted(ours), counted(theirs)]
  return [...new Set([...wanted.keys(), ...mine.keys()])].flatMap((text) => {
    const [a = 0, b = 0] = [mine.get(text), wanted.get(text)]
    return a === b ? [] : [`event ${text}: ${a} times, not ${b} times`]
  })
}
function counted(all: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const text of all) counts.set(text, (counts.get(text) ?? 0) + 1)
  return counts
}

/** Ids, addresses and durations are those of one run. */
const general = (text: string): string =>
  text
    .replace(/<(podIP|nodeIP|bridgeIP)(:\d+)?>/g, '<ip>')
    .replace(/<(uid|id|digest|hash|rand):\d+>/g, '<id>')
    .replace(/\b\d+\.\d+\.\d+\.\d+\b/g, '<ip>')
    .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<id>')
    .replace(/\b[0-9a-f]{64}\b/g, '<id>')
    .replace(/\bin \d[\w.µ]*s? \([\w.µ]+ including waiting\)/g, 'in <time>')
    .replace(/\bin \d[\w.µ]*s\b/g, 'in <time>')
