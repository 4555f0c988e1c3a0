/** `orrery check`: a scenario under many seeds and faults; the first failure, made simple, with a token to see it again. */
import { Option } from '@commander-js/extra-typings'
import type { Cluster } from '../machines/cluster/cluster.ts'
import { disturb, FAULT_KINDS, type FaultKind, type Struck, type Weather } from '../machines/cluster/disturb.ts'
import type { ClusterOptions } from '../machines/cluster/options.ts'
import { BUGS, type Bug } from '../machines/etcd/bug.ts'
import v132 from '../machines/profiles/v1.32/index.ts'
import { BadInput, EXIT } from './failure.ts'
import { type LoadedScenario, loaded } from './load.ts'
import { clusterOptions, duration, ofCluster, whole } from './options.ts'
import { playedHere } from './setting.ts'
import { type Disturbed, type Failure, type How, simplest } from './simplest.ts'
import { clock, Progress, paint, print } from './terminal.ts'

export const checkCommand = () =>
  ofCluster('check')
    .description(
      'play scenarios under many seeds and faults; the first failure is printed with a token for orrery replay',
    )
    .argument('<scenarios...>', 'scenario files')
    .option('--seeds <n>', 'how many seeds', whole, 20)
    .addOption(
      new Option('--faults <kinds...>', 'which faults strike (default: as the scenario says, else all)').choices([
        'none',
        'all',
        ...FAULT_KINDS,
      ]),
    )
    .option('--every <duration>', 'on average one fault in so long (default: as the scenario says, else 30s)', duration)
    .option('--until <duration>', 'faults strike until then (default: as the scenario says, else 5m)', duration)
    .addOption(new Option('--bug <name>', 'an error of old, put back into etcd: is it found?').choices(BUGS))
    .option('--linearizable', 'hold etcd to its promises too: every key linearizable, every watch whole and in order')
    .option('--settles', 'in the end, all objects have to come to what was asked')
    .option('--json', 'the outcome as JSON')
    .action(async (paths, flags) => {
      const { scenarios } = await loaded(paths, v132)
      if (scenarios.length === 0) throw new BadInput('orrery check plays scenarios (.ts, .js), not manifests')
      const outcomes = scenarios.map((scenario) => checked(scenario, flags))
      if (flags.json === true) print(JSON.stringify(outcomes, undefined, 2))
      else for (const outcome of outcomes) show(outcome)
      process.exitCode = outcomes.every(({ failure, neverSeen }) => failure === undefined && neverSeen.length === 0)
        ? EXIT.fine
        : EXIT.broken
    })

export interface Flags {
  readonly seeds: number
  readonly faults?: readonly string[] | undefined
  readonly every?: number | undefined
  readonly until?: number | undefined
  readonly nodes?: number | undefined
  readonly controlPlanes?: number | undefined
  readonly etcd?: number | undefined
  /** The first one. */
  readonly seed?: number | undefined
  readonly bug?: Bug | undefined
  readonly linearizable?: boolean | undefined
  readonly settles?: boolean | undefined
}
export interface Outcome {
  readonly scenario: string
  /** How many plays went well. */
  readonly held: number
  /** Which of the `sometimes` any play has shown. */
  readonly seen: Readonly<Record<string, boolean>>
  /** Every `sometimes` that no play has shown. */
  readonly neverSeen: readonly string[]
  readonly failure: Failure | undefined
}
/** Plays the scenario under one seed after the other until one breaks it. */
export function checked(scenario: LoadedScenario, flags: Flags): Outcome {
  const { seeds, seed: first = 1 } = flags
  const said = {
    ...clusterOptions({ ...flags, seed: undefined }),
    ...(flags.bug === undefined ? {} : { bug: flags.bug }),
  }
  const how = { linearizable: flags.linearizable === true, settles: flags.settles === true }
  const weather = weatherOf(scenario.weather, flags)
  const progress = new Progress()
  const seen: Record<string, boolean> = {}
  for (let i = 0; i < seeds; i++) {
    progress.show(`${scenario.name}: seed ${first + i} (${i} of ${seeds})`)
    const played = disturbed(scenario, said, first + i, weather, how)
    for (const [sentence, was] of Object.entries(played.seen)) seen[sentence] = seen[sentence] === true || was
    if (played.broken.length === 0) continue
    const failure = simplest(scenario, said, played, how, (text) => progress.show(`${scenario.name}: ${text}`))
    progress.done()
    return { scenario: scenario.name, held: i, seen, neverSeen: [], failure }
  }
  progress.done()
  const neverSeen = Object.keys(seen).filter((sentence) => seen[sentence] === false)
  return { scenario: scenario.name, held: seeds, seen, neverSeen, failure: undefined }
}

function weatherOf(own: Partial<Weather> = {}, { faults, every, until }: Flags): Weather {
  const kinds = faults === undefined ? (own.kinds ?? FAULT_KINDS) : kindsOf(faults)
  return { kinds, everyMs: every ?? own.everyMs ?? 30_000, untilMs: until ?? own.untilMs ?? 300_000 }
}

const kindsOf = (faults: readonly string[]): readonly FaultKind[] =>
  faults.includes('none') ? [] : faults.includes('all') ? FAULT_KINDS : (faults as FaultKind[])

function disturbed(
  scenario: LoadedScenario,
  said: Partial<ClusterOptions>,
  seed: number,
  weather: Weather,
  how: How,
): Disturbed {
  let struck: readonly Struck[] = []
  const before = (cluster: Cluster): void => {
    if (weather.kinds.length > 0) struck = disturb(cluster, weather)
  }
  return { ...playedHere(scenario, said, { ...how, seed, before }), struck }
}

function show({ scenario, held, neverSeen, failure }: Outcome): void {
  if (failure === undefined) print(`${paint('green', 'held')}  ${scenario}: ${held} seeds`)
  for (const sentence of neverSeen) print(`${paint('yellow', 'never seen')}  ${scenario}: ${sentence}`)
  if (failure === undefined) return
  const { seed, foundAt, broken, faults, struck, doings, done, token } = failure
  const under = seed === foundAt ? '' : `, under seed ${seed}`
  print(`${paint('red', 'broke')}  ${scenario}: seed ${foundAt}, after ${held} seeds that held`)
  for (const sentence of broken) print(`  ${sentence}`)
  print(`  ${faults.length} of ${struck} faults are needed, and ${done} of the story's ${doings} doings${under}:`)
  for (const { at, words } of faults) print(`  ${clock(at).padStart(12)}  ${words}`)
  print(`  orrery replay ${token}`)
}
