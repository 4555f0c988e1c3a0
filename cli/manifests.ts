/** Manifests as a command finds them: files, and folders of them. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { inWords, readManifests } from '../machines/cluster/manifests.ts'
import type { Profile } from '../machines/lib/schema.ts'
import type { Applied } from '../machines/protocol/kubectl.ts'
import { BadInput } from './failure.ts'

const MANIFESTS = new Set(['.yaml', '.yml', '.json'])

export const isManifest = (file: string): boolean => MANIFESTS.has(extname(file))

/** What the files and folders hold. @throws {BadInput} with every problem of every file; nothing is used of any then */
export function manifestsAt(paths: readonly string[], profile: Profile): readonly Applied[] {
  const files = paths.flatMap(filesAt)
  for (const file of files)
    if (!isManifest(file)) throw new BadInput(`${file}: is no manifest (.yaml, .yml, .json), nor a folder of them`)
  return manifestsOf(files, profile)
}

/** @throws {BadInput} with every problem of every file */
export function manifestsOf(files: readonly string[], profile: Profile): readonly Applied[] {
  const read = files.map((file) => readManifests(readFileSync(file, 'utf8'), file, profile))
  const problems = read.flatMap((each) => each.problems.map(inWords))
  if (problems.length > 0) throw new BadInput(problems.join('\n'))
  return read.flatMap(({ objects }) => objects)
}

/** A file itself; of a folder those that are manifests, in the order of their names. @throws {BadInput} */
export function filesAt(path: string): string[] {
  if (!existsSync(path)) throw new BadInput(`${path}: there is no such file or folder`)
  if (!statSync(path).isDirectory()) return [path]
  const inside = readdirSync(path).filter(isManifest).sort()
  if (inside.length === 0) throw new BadInput(`${path}: no manifests in this folder (*.yaml, *.yml, *.json)`)
  return inside.map((name) => join(path, name))
}
