/**
 * Where the recordings of the real components are: in the folder that ORRERY_REFERENCE names, or in the repository's own
 * copy, compressed where large. A file may be there as it is or with `.gz`; what is absent is undefined, never an error.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'

export const OWN_COPY = join(dirname(fileURLToPath(import.meta.url)), 'data')
export const folder = (): string => process.env['ORRERY_REFERENCE'] ?? OWN_COPY

/** The text of a file, decompressed; undefined when there is none. */
export function textOf(path: string): string | undefined {
  if (existsSync(path)) return readFileSync(path, 'utf8')
  return existsSync(`${path}.gz`) ? gunzipSync(readFileSync(`${path}.gz`)).toString('utf8') : undefined
}

export function jsonOf<T>(path: string): T | undefined {
  const text = textOf(path)
  return text === undefined ? undefined : (JSON.parse(text) as T)
}

/** The lines of a `.jsonl` file, parsed. */
export function linesOf<T>(path: string): readonly T[] | undefined {
  const text = textOf(path)?.trim()
  if (text === undefined) return undefined
  return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line) as T)
}

/** The files of a folder with one ending (`.json`), by their names without it and without `.gz`, in order. */
export function namesIn(path: string, ending: string): readonly string[] {
  if (!existsSync(path)) return []
  const names = readdirSync(path).map((name) => name.replace(/\.gz$/, ''))
  return [...new Set(names.filter((name) => name.endsWith(ending)).map((name) => name.slice(0, -ending.length)))].sort()
}
