/** The families of recorded scenarios, and who writes in them. */
import { join } from 'node:path'
import { controllers } from '../../../machines/controllers/index.ts'
import { type Family, type Judgement, type Options, result } from '../family.ts'
import { jsonOf, namesIn } from '../folder.ts'
import { type Difference, differences } from './compare.ts'
import { general } from './general.ts'
import { Replay } from './replay.ts'
import { type Run, runsOf } from './runs.ts'
import { type Delays, delaysOf } from './timings.ts'
import { type Story, storyOf, type Trace } from './trace.ts'

/** Whose writes the model owes: a trace with others waits for them. */
const OWED: ReadonlySet<string> = new Set([
  'kube-scheduler',
  'kube-controller-manager',
  ...controllers.map(({ member: { name, serviceAccount } }) => serviceAccount ?? `${name}-controller`),
])
export const FAMILIES =
  'deployment disruption replicaset replicationcontroller endpoints node-lifecycle serviceaccount namespace garbage-collector pod-gc resourcequota events throttling'.split(
    ' ',
  )

export const traces: readonly Family[] = FAMILIES.map((category) => ({
  area: 'controllers',
  family: `traces/${category}`,
  judge(folder, options) {
    const path = join(folder, 'controllers', 'traces', category)
    const delays = delaysOf(folder)
    const names = namesIn(path, '.json')
    const all = names.map((name) => jsonOf<Trace>(join(path, `${name}.json`)) as Trace)
    if (all.length === 0) return undefined
    return result('controllers', `traces/${category}`, judgementsOf(all, delays, options))
  },
}))

/** Where enough is enough, all are tried a little first, and those that are left only as long as too few match. */
function judgementsOf(
  all: readonly Trace[],
  delays: (trace: Trace) => Delays,
  { quick, enough = 0 }: Options,
): readonly Judgement[] {
  const judged = all.map((trace) => judgementOf(trace, delays(trace), quick ? QUICK_RUNS : ALL_RUNS))
  const matches = (): number =>
    judged.filter(({ waitsFor, differences }) => waitsFor === undefined && differences.length === 0).length
  for (const [i, trace] of all.entries())
    if (quick && (judged[i]?.differences.length ?? 0) > 0 && matches() < enough)
      judged[i] = judgementOf(trace, delays(trace), ALL_RUNS)
  return judged
}

function judgementOf(trace: Trace, delays: Delays, runs: number): Judgement {
  const others = othersIn(trace)
  if (others.length > 0) return { name: trace.name, differences: [], waitsFor: others.join(', ') }
  return { name: trace.name, differences: matched(trace, delays, runs).differences.map(({ text }) => text) }
}

const othersIn = ({ requests }: Trace): readonly string[] =>
  [...new Set(requests.map(([, who]) => who))].filter((who) => !OWED.has(who)).sort()

/** How many runs are tried at first, where only a floor is to be held. */
const QUICK_RUNS = 8
const ALL_RUNS = Number.POSITIVE_INFINITY

export interface Found {
  readonly run: Run
  readonly differences: readonly Difference[]
}
/** The first run without a difference, or that with the fewest: races that go either way are no difference. */
export function matched(trace: Trace, delays: Delays, most = ALL_RUNS): Found {
  const theirs = general(storyOf(trace))
  const runs = runsOf(trace)
  let next = runs.next()
  let best: Found | undefined
  for (let tries = 0; next.done !== true && tries < most; tries++) {
    const run = next.value
    const found = { run, differences: differencesAt(trace, run, theirs, delays) }
    if (found.differences.length === 0) return found
    if (best === undefined || found.differences.length < best.differences.length) best = found
    next = runs.next(found)
  }
  return best as Found
}

function differencesAt(trace: Trace, run: Run, theirs: Story, delays: Delays): readonly Difference[] {
  try {
    const replay = new Replay(trace, run)
    const ours = general(replay.run(), replay.epoch)
    return [...replay.surprises.map((text) => ({ text })), ...judgedBy(ours, theirs, delays)]
  } catch (error) {
    return [{ text: String((error as Error).stack).slice(0, 400) }]
  }
}
/** In what one story differs from another, both in general form. */
export const judgedBy = (ours: Story, theirs: Story, delays: Delays): readonly Difference[] => [
  ...differences(ours, theirs, delays.within),
  ...delays.differ(ours, theirs),
]
