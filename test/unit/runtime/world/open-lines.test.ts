import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { OpenLines } from '../../../../runtime/world/open-lines.ts'
import type { Line } from '../../../../runtime/world/tables.ts'

const line = (number: number): Line => ({ line: `call ${number}`, number, to: 'server/host', kind: 'call' })

test('however many are open, each is found by name and by number, and all are told oldest first', () => {
  const closing = fc.array(fc.nat(99), { maxLength: 60 })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), closing, (opened, closed) => {
      let lines = OpenLines.none
      let expected: readonly Line[] = []
      const look = () => {
        expect(lines.all).toEqual(expected)
        for (const each of expected) expect([lines.named(each.line), lines.numbered(each.number)]).toEqual([each, each])
      }
      for (let i = 0; i < opened; i++) {
        lines = lines.with(line(i * 7))
        expected = [...expected, line(i * 7)]
        look()
      }
      for (const nth of closed) {
        const gone = expected[nth % Math.max(expected.length, 1)]
        if (gone === undefined) break
        lines = lines.without(gone)
        expected = expected.filter((each) => each !== gone)
        look()
        expect([lines.named(gone.line), lines.numbered(gone.number)]).toEqual([undefined, undefined])
      }
    }),
    { numRuns: 50 },
  )
})

test('what was there before is still there in the copy that another fork holds', () => {
  const few = OpenLines.none.with(line(1))
  const many = Array.from({ length: 40 }, (_, i) => line(i + 2)).reduce((all, each) => all.with(each), few)
  expect([few.all.length, many.all.length, many.without(line(1)).all.length, many.all.length]).toEqual([1, 41, 40, 41])
  expect(OpenLines.none.with(line(1)).without(line(1))).toBe(OpenLines.none)
})
