/** What the real components did, a line each: from the folder that ORRERY_REFERENCE names, or from the repository's own copy. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

const FOLDER = process.env['ORRERY_REFERENCE'] ?? 'test/reference/data'

export interface Recording {
  readonly name: string
  readonly category: string
  readonly steps: readonly Step[]
}
export interface Step {
  readonly note?: string
  readonly setup?: true
  readonly request: {
    readonly method: string
    readonly path: string
    readonly headers?: Record<string, string>
    readonly body?: unknown
  }
  readonly response: { readonly status: number; readonly body?: Json }
}
// oxlint-disable-next-line typescript/no-explicit-any -- recordings are JSON of any shape
export type Json = any

/** The lines of a recording, parsed; undefined when there is none here. Placeholders of times become instants. */
export function recorded<T = Recording>(path: string): readonly T[] | undefined {
  const text = textOf(join(FOLDER, path))
  return text
    ?.trim()
    .split('\n')
    .map((line) => JSON.parse(filled(line)) as T)
}
export const WHERE = 'ORRERY_REFERENCE names the folder of the recordings'

function textOf(path: string): string | undefined {
  if (existsSync(path)) return readFileSync(path, 'utf8')
  return existsSync(`${path}.gz`) ? gunzipSync(readFileSync(`${path}.gz`)).toString('utf8') : undefined
}

const filled = (line: string): string =>
  line
    .replace(/<t\+(\d+)s>/g, (_all, seconds: string) => `2026-01-01T00:00:${seconds.padStart(2, '0')}Z`)
    .replace(/"<nodeport:(\d+)>"/g, '30500')
    .replace(/<clusterip:(\d+)>/g, '10.96.0.$1')
    .replace(/<uid:(\d+)>/g, '0000000$1-0000-4000-8000-000000000000')
    .replace(/<rand:\d+>/g, 'abcde')
    .replace(/<ptr>/g, '0xc000000000')
