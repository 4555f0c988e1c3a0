/** `orrery run`: manifests or scenarios on a fresh cluster, in virtual time. */

import { type Cluster, NeverHappened } from '../machines/cluster/cluster.ts'
import { createCluster } from '../machines/cluster/create.ts'
import { holds } from '../machines/cluster/views.ts'
import { resourceOfShortName } from '../machines/lib/schema.ts'
import v132 from '../machines/profiles/v1.32/index.ts'
import type { ApiObject } from '../machines/protocol/objects.ts'
import { BadInput, EXIT, understood } from './failure.ts'
import { type Loaded, type LoadedScenario, loaded } from './load.ts'
import { logTo } from './log.ts'
import { clusterOptions, duration, ofCluster } from './options.ts'
import { applyFiles } from './refusal.ts'
import { playedHere, type Setting } from './setting.ts'
import { tables } from './tables.ts'
import { clock, Progress, paint, print } from './terminal.ts'
import { Timeline } from './timeline.ts'
import { tokenOf } from './token.ts'

export const runCommand = () =>
  ofCluster('run')
    .description('apply manifests (files, folders) or play scenarios, and show what happened')
    .argument('[paths...]', 'manifests, folders of manifests, or scenario files; none are needed with --from')
    .option('--for <duration>', 'run for so long in virtual time', duration)
    .option('--until <condition>', 'kind/name=Condition (deployment/web=Available; namespace/kind/name=…) or quiet')
    .option('--log <file>', 'write every delivery, one JSON line each')
    .option('--quiet', 'no timeline')
    .option('--json', 'what came of it, as JSON')
    .action(async (paths, flags) => {
      if (paths.length === 0 && flags.from === undefined) throw new BadInput('name what to run, or a dump with --from')
      const given = await loaded(paths, v132)
      const outcome = given.scenarios.length > 0 ? scenariosPlayed(given, flags) : manifestsRun(given, flags)
      if (flags.json === true) print(JSON.stringify(outcome, undefined, 2))
      process.exitCode = outcome.broken.length === 0 ? EXIT.fine : EXIT.broken
    })

interface Flags {
  readonly nodes?: number
  readonly fakeNodes?: number
  readonly controlPlanes?: number
  readonly etcd?: number
  readonly seed?: number
  readonly schedulerConfig?: string
  readonly from?: readonly ApiObject[]
  readonly for?: number
  readonly until?: string
  readonly log?: string
  readonly quiet?: true
  readonly json?: true
}
interface Outcome {
  readonly broken: readonly string[]
  readonly virtualMs: number
  readonly deliveries: number
  readonly token: string
  readonly objects?: Readonly<Record<string, readonly unknown[]>>
}

/** How long is waited for a condition when `--for` does not say. */
const PATIENCE_MS = 600_000

function manifestsRun({ manifests, files }: Loaded, flags: Flags): Outcome {
  const until = flags.until === undefined ? undefined : conditionOf(flags.until)
  const cluster = made(() => createCluster(clusterOptions(flags)))
  const watching = watch(cluster, flags)
  if (manifests.length > 0) applyFiles(cluster, manifests, files)
  const broken: string[] = []
  if (until === undefined) cluster.run(flags.for ?? 60_000)
  else {
    const met = reached(cluster, until, flags.for ?? PATIENCE_MS)
    if (!met) broken.push(`${flags.until}: not within ${clock(flags.for ?? PATIENCE_MS)}`)
  }
  return told(cluster, watching, broken, flags)
}

function scenariosPlayed({ scenarios }: Loaded, flags: Flags): Outcome {
  const outcomes = scenarios.map((scenario) => scenarioPlayed(scenario, flags))
  const last = outcomes.at(-1) as Outcome
  return { ...last, broken: outcomes.flatMap(({ broken }) => broken) }
}

function scenarioPlayed(scenario: LoadedScenario, flags: Flags): Outcome {
  let watching: Watching | undefined
  if (flags.json !== true) print(paint('bold', scenario.name))
  const before = (begun: Cluster): void => void (watching = watch(begun, flags))
  const { cluster, broken, recording } = playedHere(scenario, clusterOptions(flags), { before })
  if (flags.for !== undefined && broken.length === 0) cluster.run(flags.for)
  const { setting } = recording
  return told(cluster, watching as Watching, broken, flags, setting)
}

function made<T>(make: () => T): T {
  try {
    return make()
  } catch (error) {
    throw understood(error)
  }
}

interface Watching {
  readonly stop: () => void
}

function watch(cluster: Cluster, flags: Flags): Watching {
  const log = flags.log === undefined ? undefined : logTo(flags.log)
  const unlog = log === undefined ? undefined : cluster.world.observe(log.sink)
  const progress = new Progress()
  const timeline = new Timeline(cluster, (line) => {
    progress.done()
    if (flags.quiet !== true && flags.json !== true) print(line)
  })
  const stopShowing = cluster.look(() => progress.show(`${clock(cluster.now)}  ${cluster.world.counts.count} steps`))
  return {
    stop: () => {
      timeline.stop()
      stopShowing()
      progress.done()
      unlog?.()
      log?.close()
    },
  }
}

function told(
  cluster: Cluster,
  watching: Watching,
  broken: readonly string[],
  flags: Flags,
  setting: Setting = cluster.options,
): Outcome {
  watching.stop()
  const { count } = cluster.world.counts
  const token = tokenOf({ ...cluster.recording, setting })
  if (flags.json !== true) {
    print(tables(cluster, ['deployments', 'pods', 'services', 'nodes']))
    print(paint('dim', `${clock(cluster.now)} of virtual time, ${count} steps`))
    for (const sentence of broken) print(paint('red', sentence))
    if (broken.length > 0) print(`orrery replay ${token}`)
  }
  return { broken, virtualMs: cluster.now, deliveries: count, token }
}

type Until = (cluster: Cluster) => boolean | 'quiet'

/** `deployment/web=Available`, `shop/deployment/web=Available`, or `quiet`. @throws {BadInput} */
export function conditionOf(text: string): Until {
  if (text === 'quiet') return () => 'quiet'
  const match = /^(?:([^/=]+)\/)?([^/=]+)\/([^/=]+)=([^/=]+)$/.exec(text)
  if (match === null)
    throw new BadInput(`--until ${text}: write kind/name=Condition, for example deployment/web=Available, or quiet`)
  const [, namespace, kind = '', name = '', condition = ''] = match
  if (resourceOfShortName(v132, kind) === undefined)
    throw new BadInput(`--until ${text}: the API serves no "${kind}"; write for example deployment/web=Available`)
  return (cluster) => holds(cluster.object(kind, name, namespace), condition)
}

/** Quiet: nothing was written to the API for half a minute, heartbeats aside. */
const QUIET_MS = 30_000

function reached(cluster: Cluster, until: Until, withinMs: number): boolean {
  let [changed, at] = [cluster.interest, cluster.now]
  try {
    cluster.runUntil(
      () => {
        const met = until(cluster)
        if (met !== 'quiet') return met
        if (cluster.interest !== changed) [changed, at] = [cluster.interest, cluster.now]
        return cluster.now - at >= QUIET_MS
      },
      { within: withinMs },
    )
    return true
  } catch (error) {
    if (error instanceof NeverHappened) return false
    throw error
  }
}
