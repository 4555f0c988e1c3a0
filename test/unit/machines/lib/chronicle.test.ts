import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Chronicle, type Dated } from '../../../../machines/lib/chronicle.ts'

const entries = fc
  .array(fc.nat(2), { maxLength: 200 })
  .map((steps) => steps.reduce<Dated[]>((all, step) => [...all, { revision: (all.at(-1)?.revision ?? 1) + step }], []))

describe('a chronicle', () => {
  test('tells in order what happened from a revision on', () => {
    fc.assert(
      fc.property(entries, fc.nat(220), (list, from) => {
        const chronicle = Chronicle.of(list)
        expect(chronicle.entries(from)).toEqual(list.filter(({ revision }) => revision >= from))
        expect([chronicle.size, chronicle.toJSON()]).toEqual([list.length, list])
      }),
    )
  })
  test('stops telling when it is told to', () => {
    fc.assert(
      fc.property(entries, fc.nat(220), fc.nat(50), (list, from, most) => {
        const seen: Dated[] = []
        Chronicle.of(list).range(from, (entry) => seen.length < most && seen.push(entry) > 0)
        expect(seen).toEqual(list.filter(({ revision }) => revision >= from).slice(0, most))
      }),
    )
  })
  test('forgets what was before a revision, bit by bit or at once, and goes on', () => {
    fc.assert(
      fc.property(entries, entries, fc.nat(220), fc.nat(220), (list, more, one, other) => {
        const whole = Chronicle.of(list)
        const rest = list.filter(({ revision }) => revision >= Math.max(one, other))
        const left = whole.since(Math.min(one, other)).since(Math.max(one, other))
        const later = more.map(({ revision }) => ({ revision: revision + 500 }))
        const goneOn = later.reduce((all, entry) => all.with(entry), left)
        expect([left.size, left.entries(), goneOn.entries()]).toEqual([rest.length, rest, [...rest, ...later]])
        expect(whole.entries()).toEqual(list)
      }),
    )
  })
  test('takes nothing that is earlier than its last', () => {
    const chronicle = Chronicle.of([{ revision: 3 }, { revision: 3 }])
    expect(() => chronicle.with({ revision: 2 })).toThrow('revision 2 comes after revision 3')
  })
})
