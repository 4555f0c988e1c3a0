import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { draw, mix, textHash } from '../../../runtime/random.ts'

describe('what is drawn', () => {
  const label = fc.oneof(fc.string(), fc.nat())

  test('is 32 bits, the same for the same labels', () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(label), (dice, labels) => {
        const drawn = draw(dice, ...labels)
        expect(drawn).toBe(draw(dice, ...labels))
        expect(drawn >>> 0).toBe(drawn)
      }),
    )
  })

  test('differs by dice, by label and by their order', () => {
    const drawn = new Set<number>()
    for (let dice = 0; dice < 30; dice++) for (let i = 0; i < 30; i++) drawn.add(draw(dice, 'suffix', i))
    expect(drawn.size).toBe(900)
    expect(draw(1, 'a', 'b')).not.toBe(draw(1, 'b', 'a'))
    expect(draw(1)).not.toBe(draw(2))
  })

  test('is spread evenly', () => {
    const counts = Array.from({ length: 8 }, () => 0)
    for (let i = 0; i < 8_000; i++) counts[draw(42, 'pick', i) % 8] = (counts[draw(42, 'pick', i) % 8] ?? 0) + 1
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150)
  })

  test('is the same on every machine: these values never change', () => {
    expect([textHash(''), textHash('kubelet/node-1'), mix(1, 2), draw(42, 'suffix', 3)]).toEqual([
      0x811c9dc5, 332700436, 941999068, 2927783644,
    ])
  })
})
