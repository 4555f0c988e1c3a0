/** Whether a source is tested where one looks for it. */
import { posix } from 'node:path'
import type { Source } from './sources.ts'

/**
 * A source is tested when its mirror in `test/unit` exists, when a test imports it, or when a neighbour that imports it
 * (in its folder, or the folder around it) is tested in one of these ways. The words of a chart, in a folder `chart`
 * beside it, are tested with it: every chart is walked whole.
 */
export function mirrored(source: Source, sources: readonly Source[], tests: readonly Source[]): boolean {
  if (isTested(source.path, tests)) return true
  const folder = posix.dirname(source.path)
  const around = posix.dirname(folder)
  return sources.some(
    ({ path, imports }) =>
      (isWord(path, folder, around) ||
        ((posix.dirname(path) === folder || posix.dirname(path) === around) && isTested(path, tests))) &&
      imports.some(({ from }) => from === source.path),
  )
}

const isWord = (path: string, folder: string, around: string): boolean =>
  posix.dirname(path) === `${folder}/chart` || posix.dirname(path) === `${around}/chart`

const isTested = (path: string, tests: readonly Source[]): boolean =>
  tests.some((test) => test.path === mirrorOf(path) || test.imports.some(({ from }) => from === path))

const mirrorOf = (path: string): string => `test/unit/${path.replace(/\.ts$/, '.test.ts')}`
