/** Whether a source is tested where one looks for it. */
import { posix } from 'node:path'
import type { Source } from './sources.ts'

/**
 * A source is tested when its mirror in `test/unit` exists, when a test imports it, or when a neighbour that imports it
 * (in its folder, or the folder around it) is tested in one of these ways.
 */
export function mirrored(source: Source, sources: readonly Source[], tests: readonly Source[]): boolean {
  if (isTested(source.path, tests)) return true
  const folder = posix.dirname(source.path)
  const around = posix.dirname(folder)
  return sources.some(
    ({ path, imports }) =>
      (posix.dirname(path) === folder || posix.dirname(path) === around) &&
      imports.some(({ from }) => from === source.path) &&
      isTested(path, tests),
  )
}

const isTested = (path: string, tests: readonly Source[]): boolean =>
  tests.some((test) => test.path === mirrorOf(path) || test.imports.some(({ from }) => from === path))

const mirrorOf = (path: string): string => `test/unit/${path.replace(/\.ts$/, '.test.ts')}`
