/** The families of recorded scenarios, and who writes in them. */
import { join } from 'node:path'
import { controllers } from '../../../machines/controllers/index.ts'
import type { Family, Miss, Result } from '../family.ts'
import { jsonOf, namesIn } from '../folder.ts'
import { differences } from './compare.ts'
import { general } from './general.ts'
import { Replay } from './replay.ts'
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
  judge(folder, { every }) {
    const path = join(folder, 'controllers', 'traces', category)
    const names = namesIn(path, '.json').filter((_, i) => i % every === 0)
    return names.length === 0 ? undefined : result(category, names.map((name) => jsonOf<Trace>(join(path, `${name}.json`)) as Trace))
  },
}))

function result(category: string, all: readonly Trace[]): Result {
  const waiting = all.flatMap((trace): Miss[] => {
    const others = othersIn(trace)
    return others.length === 0 ? [] : [{ name: trace.name, differences: others.map((who) => `waits for ${who}`) }]
  })
  const judged = all.filter((trace) => !waiting.some(({ name }) => name === trace.name))
  const misses = judged.map((trace) => ({ name: trace.name, differences: differencesIn(trace) })).filter(({ differences }) => differences.length > 0)
  return {
    area: 'controllers',
    family: `traces/${category}`,
    matched: judged.length - misses.length,
    total: judged.length,
    misses,
    waiting,
  }
}

const othersIn = ({ requests }: Trace): readonly string[] =>
  [...new Set(requests.map(([, who]) => who))].filter((who) => !OWED.has(who)).sort()

/** Families in which periodic loops act: at which phase of them a scenario began is not told, so all are tried. */
const PERIODS: Readonly<Record<string, number>> = { 'node-lifecycle': 5_000, 'pod-gc': 20_000 }
const STEP_MS = 500

/** The fewest differences that there are at any phase. */
export function differencesIn(trace: Trace): readonly string[] {
  const period = PERIODS[trace.category] ?? STEP_MS
  let least: readonly string[] | undefined
  for (let phase = 0; phase < period; phase += STEP_MS) {
    const found = differencesAt(trace, phase)
    if (found.length === 0) return found
    if (least === undefined || found.length < least.length) least = found
  }
  return least ?? []
}

export function differencesAt(trace: Trace, phaseMs: number): readonly string[] {
  try {
    const replay = new Replay(trace, phaseMs)
    const ours = replay.run()
    return [...replay.surprises, ...differences(general(ours, replay.epoch), general(storyOf(trace)), { seconds: 1 })]
  } catch (error) {
    return [String((error as Error).stack).slice(0, 400)]
  }
}
