import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { afterPowerLoss, type Disk, EMPTY_DISK, syncedUpTo, written } from '../../../runtime/disk.ts'

type Write = readonly [key: string, value: number | undefined]
const writes = fc.array(
  fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.option(fc.integer({ min: 1 }), { nil: undefined })),
  { maxLength: 12 },
)
const after = (list: readonly Write[], disk = EMPTY_DISK): Disk =>
  list.reduce((so, [key, value]) => written(so, key, value), disk)
/** What a plain map holds after the same writes. */
const model = (list: readonly Write[]): Record<string, number> => {
  const map: Record<string, number> = {}
  for (const [key, value] of list) {
    if (value === undefined) delete map[key]
    else map[key] = value
  }
  return map
}
const read = ({ written: tree }: Disk): unknown => tree.toJSON()

describe('a disk', () => {
  test('is read as it was written last, whether or not it is synced', () => {
    fc.assert(
      fc.property(writes, fc.nat(12), (list, upTo) => {
        expect(read(syncedUpTo(after(list), upTo))).toEqual(model(list))
      }),
    )
  })

  test('keeps over a loss of power all that was synced, and of the rest a prefix in order', () => {
    fc.assert(
      fc.property(writes, fc.nat(12), fc.nat(12), (list, upTo, more) => {
        const safe = Math.min(upTo, list.length)
        const kept = Math.min(more, list.length - safe)
        expect(read(afterPowerLoss(syncedUpTo(after(list), upTo), kept))).toEqual(model(list.slice(0, safe + kept)))
      }),
    )
  })

  test('may be synced in any steps, and an old sync undoes nothing', () => {
    fc.assert(
      fc.property(writes, fc.array(fc.nat(12)), (list, steps) => {
        const disk = steps.reduce(syncedUpTo, after(list))
        expect(disk.synced.toJSON()).toEqual(model(list.slice(0, Math.max(0, ...steps))))
      }),
    )
  })

  test('knows after a loss of power that a sync asked for before it makes nothing safe that came later', () => {
    const lost = afterPowerLoss(written(written(EMPTY_DISK, 'a', 1), 'b', 2), 0)
    const again = written(lost, 'a', 3)
    expect(syncedUpTo(again, 2).synced.size).toBe(0)
    expect(syncedUpTo(again, 3).synced.toJSON()).toEqual({ a: 3 })
  })

  test('is a value: what is written later is not in it', () => {
    const before = written(EMPTY_DISK, 'a', 1)
    written(before, 'a', 2)
    expect([read(before), EMPTY_DISK.written.size]).toEqual([{ a: 1 }, 0])
  })
})
