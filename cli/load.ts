/** Files as a command finds them: manifests, folders of them, scenario modules, logs. */
import { existsSync, readFileSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Scenario } from '../machines/cluster/scenario.ts'
import type { Profile } from '../machines/lib/schema.ts'
import type { Applied } from '../machines/protocol/kubectl.ts'
import { BadInput } from './failure.ts'
import { filesAt, isManifest, manifestsOf } from './manifests.ts'

const SCENARIOS = new Set(['.ts', '.js', '.mts', '.mjs'])

/** What the paths on a command line hold. */
export interface Loaded {
  readonly manifests: readonly Applied[]
  /** From which those are. */
  readonly files: readonly string[]
  readonly scenarios: readonly LoadedScenario[]
}
export interface LoadedScenario extends Scenario {
  readonly file: string
}

/** @throws {BadInput} with every problem of every file; nothing is used of any then */
export async function loaded(paths: readonly string[], profile: Profile): Promise<Loaded> {
  const files = paths.flatMap(filesAt)
  const stories = files.filter((file) => !isManifest(file))
  for (const file of stories)
    if (!SCENARIOS.has(extname(file)))
      throw new BadInput(`${file}: neither a manifest (.yaml, .yml, .json) nor a scenario (.ts, .js)`)
  const written = files.filter(isManifest)
  const manifests = manifestsOf(written, profile)
  const scenarios = await Promise.all(stories.map(scenariosIn))
  return { manifests, files: written, scenarios: scenarios.flat() }
}

/** Every scenario that a module exports. @throws {BadInput} */
export async function scenariosIn(file: string): Promise<LoadedScenario[]> {
  if (!existsSync(file)) throw new BadInput(`${file}: there is no such file`)
  if (extname(file).endsWith('ts')) (await import('tsx/esm/api')).register()
  let exported: Record<string, unknown>
  try {
    exported = (await import(pathToFileURL(resolve(file)).href)) as Record<string, unknown>
  } catch (error) {
    throw new BadInput(`${file}: ${error instanceof Error ? error.message : String(error)}`)
  }
  const scenarios = Object.values(exported).filter(isScenario)
  if (scenarios.length === 0)
    throw new BadInput(
      `${file}: exports no scenario; write for example: export default scenario('…', {}, ({ run }) => …)`,
    )
  return scenarios.map((scenario) => ({ ...scenario, file }))
}

const isScenario = (value: unknown): value is Scenario =>
  typeof value === 'object' &&
  value !== null &&
  'story' in value &&
  typeof value.story === 'function' &&
  'name' in value

/** One line of a log: a delivery or a birth. */
export interface LogLine {
  readonly n: number
  readonly at: number
  readonly from: string
  readonly to: string
  readonly machine: string
  readonly event: { readonly type: string }
  readonly before?: unknown
  readonly after?: unknown
  readonly effects: readonly unknown[]
  readonly cause: number
}

/** @throws {BadInput} with the line that is none of a log */
export function logLines(file: string): LogLine[] {
  if (!existsSync(file)) throw new BadInput(`${file}: there is no such file`)
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
  return lines.map((line, i) => {
    try {
      return JSON.parse(line) as LogLine
    } catch {
      throw new BadInput(`${file}:${i + 1}:1: is no JSON; write the log with: orrery run --log FILE`)
    }
  })
}
