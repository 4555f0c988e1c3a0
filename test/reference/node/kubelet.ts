/**
 * The kubelet's scenarios. One matches when each pod went through the same states at the same intervals, and the same
 * Events were told, as in the recorded run or in the second run that `stability.jsonl` keeps.
 */
import { join } from 'node:path'
import { type Family, result } from '../family.ts'
import { linesOf } from '../folder.ts'
import { type Difference, type Run, runsOf, type Stability, sequencesDiffer } from './intervals.ts'
import { type Heard, Play, type Scenario } from './scenario.ts'

export const FAMILIES =
  'admission conditions crashloop hooks image init multi probes restart-policy sidecar termination'.split(' ')

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

/** At which phase the loops of the kubelet and of the scheduler were is not told: a few are tried. */
const SEEDS = [7, 8, 9, 10]
/** How often one wait is drawn anew. */
const DRAWS = 12
/** How many waits of one run are, at most. */
const WAITS = 40

/**
 * The fewest differences that there are with any seed. When a run goes another way than the recorded one, or at another
 * time, the pod workers draw anew from the last state on that was the same: how long each of their waits lasts between
 * 10 and 15 s is not told either.
 */
export function differencesIn(scenario: Scenario, stability: Stability | undefined): readonly string[] {
  let least: readonly string[] | undefined
  for (const run of runsOf(scenario, stability))
    for (const seed of SEEDS) {
      const found = differencesAt(scenario, run, seed)
      if (found.length === 0) return found
      if (least === undefined || found.length < least.length) least = found
    }
  return least ?? []
}

function differencesAt(scenario: Scenario, run: Run, seed: number): readonly string[] {
  try {
    return searched(Play.of(scenario, seed), scenario, run)
  } catch (error) {
    return [String((error as Error).stack).slice(0, 300)]
  }
}

function searched(start: Play, scenario: Scenario, run: Run): readonly string[] {
  let ours = start.fork().toEnd()
  for (let waits = 0; waits < WAITS; waits++) {
    const next = firstDifference(ours, scenario, run)
    if (next === undefined) break
    const salt = saltFor(start, next, scenario, run)
    if (salt === undefined) break
    start.remember(next.sameUntil - BEFORE_SECONDS, salt)
    ours = start.fork().toEnd()
  }
  return compared(ours, scenario, run)
}

/** Which draw brings the next state as it was recorded. */
function saltFor(start: Play, { sameUntil, due }: Difference, scenario: Scenario, run: Run): number | undefined {
  const before = start.fork().to(sameUntil - BEFORE_SECONDS)
  for (let salt = 1; salt <= DRAWS; salt++) {
    const other = before
      .fork()
      .redrawn(salt)
      .to(due + AFTER_SECONDS).heard
    const found = firstDifference(other, scenario, run)
    if (found === undefined || found.sameUntil > sameUntil + BEFORE_SECONDS) return salt
  }
  return undefined
}
/** A wait is drawn a little before the state is seen after which it comes. */
const BEFORE_SECONDS = 0.6
const AFTER_SECONDS = 3

/** Of all pods the one that differs first. */
function firstDifference(ours: Heard, scenario: Scenario, run: Run): Difference | undefined {
  const [first] = differencesOf(ours, scenario, run).toSorted((a, b) => a.sameUntil - b.sameUntil)
  return first
}

const namesOf = ({ pods }: Scenario): readonly string[] => pods.map(({ manifest }) => manifest.metadata.name)

const differencesOf = (ours: Heard, scenario: Scenario, run: Run): readonly (Difference & { readonly pod: string })[] =>
  namesOf(scenario).flatMap((pod) => {
    const found = sequencesDiffer(ours.sequences[pod] ?? [], run.sequences[pod] ?? [])
    return found === undefined ? [] : [{ ...found, pod }]
  })

export const compared = (ours: Heard, scenario: Scenario, run: Run): readonly string[] => [
  ...differencesOf(ours, scenario, run).map(({ pod, text }) => `${pod}: ${text}`),
  ...eventsDiffer(ours.events.map(general), run.events.map(general)),
]

function eventsDiffer(ours: readonly string[], theirs: readonly string[]): readonly string[] {
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
