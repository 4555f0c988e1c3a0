/**
 * How many of each family are matched at least: a score once reached is held. `npm run reference -- --raise` writes what
 * is matched now where it is more.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Result } from './family.ts'

const FILE = join(dirname(fileURLToPath(import.meta.url)), 'floors.json')

export type Floors = Readonly<Record<string, number>>
/** By `area family`. */
export const floors = (): Floors => JSON.parse(readFileSync(FILE, 'utf8')) as Floors
export const keyOf = ({ area, family }: Pick<Result, 'area' | 'family'>): string => `${area} ${family}`

/** @returns the floors as they are now */
export function raised(before: Floors, results: readonly Result[]): Floors {
  const higher = results.map((result) => {
    const key = keyOf(result)
    return [key, Math.max(before[key] ?? 0, result.matched)] as const
  })
  return Object.fromEntries(
    Object.entries({ ...before, ...Object.fromEntries(higher) }).sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}
export const keep = (all: Floors): void => writeFileSync(FILE, `${JSON.stringify(all, null, 2)}\n`)
