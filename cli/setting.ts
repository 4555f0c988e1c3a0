/**
 * What a recording began with. Options are JSON; the machines, controllers and images of a scenario are not, so the
 * recording of a scenario names the file and the scenario, and what the command line changed of its options.
 */
import { relative, resolve } from 'node:path'
import type { Cluster } from '../machines/cluster/cluster.ts'
import { createCluster } from '../machines/cluster/create.ts'
import type { ClusterOptions } from '../machines/cluster/options.ts'
import { type Played, type PlayOptions, play } from '../machines/cluster/scenario.ts'
import type { Recording } from '../runtime/record.ts'
import type { Sink } from '../runtime/trace.ts'
import type { World } from '../runtime/world.ts'
import { BadInput, understood } from './failure.ts'
import { type LoadedScenario, scenariosIn } from './load.ts'

export interface OfScenario {
  /** The file, from the folder in which the command runs, and the name of the scenario in it. */
  readonly scenario: { readonly file: string; readonly name: string }
  readonly options: Partial<ClusterOptions>
}
export type Setting = Partial<ClusterOptions> | OfScenario

const isOfScenario = (setting: Setting): setting is OfScenario => 'scenario' in setting

/**
 * Plays a scenario of a file; its recording can be pasted.
 * @param said what the command line says of its options
 * @throws {BadInput} with file, line and column when the story itself is wrong
 */
export function playedHere(
  scenario: LoadedScenario,
  said: Partial<ClusterOptions>,
  how: PlayOptions = {},
): Played & { readonly recording: Recording<Setting> } {
  const { file, name, options } = scenario
  try {
    const played = play({ ...scenario, options: { ...options, ...said } }, how)
    const changed = { ...said, seed: played.seed }
    const setting = { scenario: { file: relative(process.cwd(), resolve(file)), name }, options: changed }
    return { ...played, recording: { ...played.recording, setting } }
  } catch (error) {
    throw blamed(understood(error), file)
  }
}

/**
 * The cluster with which a recording begins.
 * @param sink observes it from power-on
 * @param meet is shown its world before
 * @throws {BadInput}
 */
export async function clusterOf(setting: Setting, sink?: Sink, meet?: (world: World) => void): Promise<Cluster> {
  if (!isOfScenario(setting)) return createCluster(setting, sink, meet)
  const { file, name } = setting.scenario
  const scenarios = await scenariosIn(file)
  const found = scenarios.find((each) => each.name === name)
  if (found === undefined)
    throw new BadInput(`${file}: has no scenario "${name}"; it has ${scenarios.map((each) => each.name).join(', ')}`)
  return createCluster({ ...found.options, ...setting.options }, sink, meet)
}

/** An error that came out of the story, with its place in it. */
function blamed(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || error instanceof BadInput) return error
  const frames = (error.stack ?? '').split('\n').filter((line) => line.includes(resolve(file)))
  const place = /:(\d+):(\d+)\)?$/.exec(frames[0] ?? '')
  return place === null ? error : new BadInput(`${file}:${place[1]}:${place[2]}: ${error.message}`)
}
