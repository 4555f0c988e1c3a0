/** Holds the families of an area at their floors, one test each. */
import { describe, expect, test } from 'vitest'
import { families } from './families.ts'
import { floors, keyOf } from './floors.ts'
import { folder } from './folder.ts'

/** A family whose misses are searched for in vain takes its time, on a busy machine above all. */
const PATIENCE_MS = 900_000

export function held(area: string): void {
  const known = floors()
  describe(`what the real components did: ${area}`, () => {
    for (const family of families.filter((each) => each.area === area))
      test(`${family.family} is matched as far as it once was`, { timeout: PATIENCE_MS }, ({ skip }) => {
        const enough = known[keyOf(family)] ?? 0
        const result = family.judge(folder(), { quick: true, enough })
        if (result === undefined) return skip(`${folder()} has no ${family.family}`)
        const { matched, total, misses } = result
        const floor = Math.min(enough, total)
        expect(matched, JSON.stringify(misses.slice(0, 5), null, 2)).toBeGreaterThanOrEqual(floor)
      })
  })
}
