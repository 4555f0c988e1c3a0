/** Which seed matched a recording: it is tried first, and alone where there is little time. Kept in seeds.json. */
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Recording } from './recording.ts'

const FILE = join(dirname(fileURLToPath(import.meta.url)), 'seeds.json')
const known: Record<string, number> = JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, number>

/** The seeds among which the recorded course is looked for, the likeliest first. */
export function seedsFor({ name }: Recording, most: number): readonly number[] {
  const all = Array.from({ length: most }, (_, i) => i + 1)
  const first = known[name]
  return first === undefined ? all : [first, ...all.filter((seed) => seed !== first)]
}
export function matchedWith({ name }: Recording, seed: number): void {
  known[name] = seed
}
export function keepSeeds(): void {
  const all = Object.fromEntries(Object.entries(known).sort(([a], [b]) => (a < b ? -1 : 1)))
  writeFileSync(FILE, `${JSON.stringify(all, null, 2)}\n`)
}
