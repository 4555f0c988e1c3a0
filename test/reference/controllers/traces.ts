/** The families of recorded scenarios, and who writes in them. */
import { join } from 'node:path'
import { controllers } from '../../../machines/controllers/index.ts'
import { type Family, type Judgement, type Options, result } from '../family.ts'
import { jsonOf, namesIn } from '../folder.ts'
import { differences, type Tolerance } from './compare.ts'
import { general } from './general.ts'
import { Replay } from './replay.ts'
import { knownRun, matchedIn, type Run, runsOf } from './runs.ts'
import { tolerancesOf } from './timings.ts'
import { storyOf, type Trace } from './trace.ts'

/** Whose writes the model owes: a trace with others waits for them. */
const OWED: ReadonlySet<string> = new Set([
  'kube-scheduler',
  'kube-controller-manager',
  'endpointslicemirroring-controller',
  'resourcequota-controller',
  ...controllers.map(({ member: { name, serviceAccount } }) => serviceAccount ?? `${name}-controller`),
])
export const FAMILIES =
  'deployment replicaset replicationcontroller endpoints node-lifecycle serviceaccount namespace garbage-collector pod-gc resourcequota events throttling'.split(
    ' ',
  )

export const traces: readonly Family[] = FAMILIES.map((category) => ({
  area: 'controllers',
  family: `traces/${category}`,
  judge(folder, options) {
    const path = join(folder, 'controllers', 'traces', category)
    const tolerances = tolerancesOf(folder)
    const names = namesIn(path, '.json')
    const all = names.map((name) => jsonOf<Trace>(join(path, `${name}.json`)) as Trace)
    if (all.length === 0) return undefined
    const judgements = all.map((trace) => judged(trace, tolerances(trace), options))
    return result('controllers', `traces/${category}`, judgements)
  },
}))

function judged(trace: Trace, tolerance: Tolerance, options: Options): Judgement {
  const others = othersIn(trace)
  if (others.length > 0) return { name: trace.name, differences: [], waitsFor: others.join(', ') }
  return { name: trace.name, differences: differencesIn(trace, tolerance, options) }
}

const othersIn = ({ requests }: Trace): readonly string[] =>
  [...new Set(requests.map(([, who]) => who))].filter((who) => !OWED.has(who)).sort()

/** The fewest differences that there are in any run: races that go either way are no difference. */
export function differencesIn(trace: Trace, tolerance: Tolerance, { quick }: Options): readonly string[] {
  const all = runsOf(trace)
  const known = knownRun(trace)
  const order = [known ?? 0, ...all.keys()].slice(0, quick && known === undefined ? 1 : undefined)
  let least: readonly string[] | undefined
  for (const i of new Set(order)) {
    const found = differencesAt(trace, all[i] as Run, tolerance)
    if (found.length === 0) {
      matchedIn(trace, i)
      return found
    }
    if (least === undefined || found.length < least.length) least = found
  }
  return least ?? []
}

export function differencesAt(trace: Trace, run: Run, tolerance: Tolerance): readonly string[] {
  try {
    const replay = new Replay(trace, run)
    const ours = replay.run()
    return [...replay.surprises, ...differences(general(ours, replay.epoch), general(storyOf(trace)), tolerance)]
  } catch (error) {
    return [String((error as Error).stack).slice(0, 400)]
  }
}
