/** `orrery check`: a scenario under many seeds and faults; the first failure with a token to see it again. */
import { Option } from '@commander-js/extra-typings'
import { disturb, FAULT_KINDS, type FaultKind, type Struck } from '../machines/cluster/disturb.ts'
import { type Played, play, type Scenario } from '../machines/cluster/scenario.ts'
import v132 from '../machines/profiles/v1.32/index.ts'
import { BadInput, EXIT } from './failure.ts'
import { loaded } from './load.ts'
import { clusterOptions, duration, ofCluster, whole } from './options.ts'
import { clock, Progress, paint, print } from './terminal.ts'
import { tokenOf } from './token.ts'

export const checkCommand = () =>
  ofCluster('check')
    .description(
      'play scenarios under many seeds and faults; the first failure is printed with a token for orrery replay',
    )
    .argument('<scenarios...>', 'scenario files')
    .option('--seeds <n>', 'how many seeds', whole, 20)
    .addOption(
      new Option('--faults <kinds...>', 'which faults strike')
        .choices(['none', 'all', ...FAULT_KINDS])
        .default(['all']),
    )
    .option('--every <duration>', 'on average one fault in so long', duration, 30_000)
    .option('--until <duration>', 'faults strike until then in virtual time', duration, 300_000)
    .option('--json', 'the outcome as JSON')
    .action(async (paths, flags) => {
      const { scenarios } = await loaded(paths, v132)
      if (scenarios.length === 0) throw new BadInput('orrery check plays scenarios (.ts, .js), not manifests')
      const outcomes = scenarios.map((scenario) =>
        checked({ ...scenario, options: clusterOptions(flags, scenario.options) }, flags),
      )
      if (flags.json === true) print(JSON.stringify(outcomes, undefined, 2))
      else for (const outcome of outcomes) show(outcome)
      process.exitCode = outcomes.every(({ failure, neverSeen }) => failure === undefined && neverSeen.length === 0)
        ? EXIT.fine
        : EXIT.broken
    })

interface Flags {
  readonly seeds: number
  readonly faults: readonly string[]
  readonly every: number
  readonly until: number
  readonly seed?: number
}
interface Outcome {
  readonly scenario: string
  /** How many plays went well. */
  readonly held: number
  /** Every `sometimes` that no play has shown. */
  readonly neverSeen: readonly string[]
  readonly failure: Failure | undefined
}
interface Failure {
  readonly seed: number
  readonly broken: readonly string[]
  readonly faults: readonly Struck[]
  readonly token: string
}

const kindsOf = (faults: readonly string[]): readonly FaultKind[] =>
  faults.includes('none') ? [] : faults.includes('all') ? FAULT_KINDS : (faults as FaultKind[])

function checked(scenario: Scenario, { seeds, faults, every, until, seed: first = 1 }: Flags): Outcome {
  const kinds = kindsOf(faults)
  const progress = new Progress()
  const seen: Record<string, boolean> = {}
  for (let i = 0; i < seeds; i++) {
    progress.show(`${scenario.name}: seed ${first + i} (${i} of ${seeds})`)
    const [played, struck] = disturbed(scenario, first + i, { kinds, everyMs: every, untilMs: until })
    for (const [sentence, was] of Object.entries(played.seen)) seen[sentence] = seen[sentence] === true || was
    if (played.broken.length === 0) continue
    progress.done()
    const { seed, broken, recording } = played
    return {
      scenario: scenario.name,
      held: i,
      neverSeen: [],
      failure: { seed, broken, faults: struck, token: tokenOf(recording) },
    }
  }
  progress.done()
  const neverSeen = Object.keys(seen).filter((sentence) => seen[sentence] === false)
  return { scenario: scenario.name, held: seeds, neverSeen, failure: undefined }
}

type Weather = Parameters<typeof disturb>[1]

function disturbed(scenario: Scenario, seed: number, weather: Weather): readonly [Played, readonly Struck[]] {
  let struck: readonly Struck[] = []
  const before =
    weather.kinds.length === 0
      ? {}
      : { before: (cluster: Parameters<typeof disturb>[0]) => (struck = disturb(cluster, weather)) }
  return [play(scenario, { seed, ...before }), struck]
}

function show({ scenario, held, neverSeen, failure }: Outcome): void {
  if (failure === undefined) print(`${paint('green', 'held')}  ${scenario}: ${held} seeds`)
  for (const sentence of neverSeen) print(`${paint('yellow', 'never seen')}  ${scenario}: ${sentence}`)
  if (failure === undefined) return
  print(`${paint('red', 'broke')}  ${scenario}: seed ${failure.seed}, after ${held} seeds that held`)
  for (const sentence of failure.broken) print(`  ${sentence}`)
  for (const { at, words } of failure.faults) print(`  ${clock(at)}  ${words}`)
  print(`  orrery replay ${failure.token}`)
}
