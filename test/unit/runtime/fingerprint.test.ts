import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Dialect, Fingerprints, PLAIN } from '../../../runtime/fingerprint.ts'
import { Tree } from '../../../runtime/tree.ts'

/** Names are `web-` and five letters, wherever they stand; `revision` and `…At` mean what they say. */
const DIALECT: Dialect = {
  names: /web-[a-z]{5}/g,
  kindOf: (field, value) => {
    if (field === 'revision') return 'revision'
    if (field === 'uid') return 'name'
    return PLAIN.kindOf(field, value)
  },
}
const print = (values: readonly unknown[], now = 0, dialect = DIALECT): string =>
  new Fingerprints(dialect).of(values, now)

const json = fc.jsonValue()
const letters = fc.stringMatching(/^[a-z]{5}$/)
/** Pods of different names, each named in two places, with their revisions and instants. */
const pods = fc.uniqueArray(
  fc.record({ name: letters, revision: fc.nat(1_000), startedAt: fc.nat(10_000), uid: fc.uuid(), size: fc.nat(3) }),
  { minLength: 1, maxLength: 6, selector: ({ name }) => name },
)
interface Pod {
  readonly name: string
  readonly revision: number
  readonly startedAt: number
  readonly uid: string
  readonly size: number
}
const world = (list: readonly Pod[]): readonly unknown[] => [
  list.map(({ name, ...rest }) => ({ key: `default/web-${name}`, ...rest })),
  list.map(({ name, uid, size }) => ({ address: `worker/host/web-${name}/web-${name}`, owner: { uid }, size })),
]

describe('two values with one fingerprint', () => {
  test('are the same up to the order of fields, and whether they were met before', () => {
    fc.assert(
      fc.property(json, (value) => {
        const reversed = (part: unknown): unknown => {
          if (Array.isArray(part)) return part.map(reversed)
          if (typeof part !== 'object' || part === null) return part
          return Object.fromEntries(
            Object.entries(part)
              .reverse()
              .map(([key, below]) => [key, reversed(below)]),
          )
        }
        const known = new Fingerprints(DIALECT)
        expect(known.of([reversed(value)], 0)).toBe(known.of([value], 0))
        expect(known.of([value], 0)).toBe(print([value]))
      }),
    )
  })

  test('differ when the values do', () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        const [one, other] = [a, b].map((value) => JSON.stringify(value, sorted))
        expect(print([a], 0, PLAIN) === print([b], 0, PLAIN)).toBe(one === other)
      }),
    )
  })

  test('may be of different names, when the same are the same', () => {
    fc.assert(
      fc.property(pods, fc.array(letters), (list, others) => {
        const fresh = [...new Set([...others, 'aaaaa', 'bbbbb', 'ccccc', 'ddddd', 'eeeee', 'fffff'])]
        const renamed = list.map((pod, i) => ({ ...pod, name: fresh[i] as string, uid: `u-${i}` }))
        const uids = new Set(list.map(({ uid }) => uid))
        fc.pre(uids.size === list.length)
        expect(print(world(renamed))).toBe(print(world(list)))
      }),
    )
  })

  test('have the same names in the same places: to confuse two is to differ', () => {
    const [a, b] = [{ uid: 'a' }, { uid: 'b' }]
    expect(print([a, b, a])).toBe(print([b, a, b]))
    expect(print([a, b, a])).not.toBe(print([a, b, b]))
    expect(print(['web-aaaaa on web-aaaaa'])).not.toBe(print(['web-aaaaa on web-bbbbb']))
    expect(print([{ uid: 'a' }, { size: 1 }])).not.toBe(print([{ uid: 'a' }, { size: 2 }]))
  })

  test('have revisions in the same order, whatever their values', () => {
    fc.assert(
      fc.property(pods, fc.integer({ min: 1, max: 9 }), fc.nat(1_000), (list, times, more) => {
        const later = list.map((pod) => ({ ...pod, revision: pod.revision * times + more }))
        expect(print(world(later))).toBe(print(world(list)))
      }),
    )
    const revisions = (...list: readonly (number | string)[]) => print(list.map((revision) => ({ revision })))
    expect(revisions(1, 2)).not.toBe(revisions(2, 1))
    expect(revisions(1, 1)).not.toBe(revisions(1, 2))
    expect(revisions('9', '10')).toBe(revisions(3, 4))
  })

  test('have instants of the same age', () => {
    fc.assert(
      fc.property(pods, fc.nat(100_000), (list, later) => {
        const shifted = list.map((pod) => ({ ...pod, startedAt: pod.startedAt + later }))
        expect(print(world(shifted), later)).toBe(print(world(list), 0))
        if (later > 0) expect(print(world(list), later)).not.toBe(print(world(list), 0))
      }),
    )
  })

  test('do not take instants that are no numbers for the same', () => {
    const dialect: Dialect = { ...DIALECT, kindOf: () => 'instant' }
    expect(print(['2026-01-01T00:00:00Z'], 0, dialect)).not.toBe(print(['2026-01-01T00:00:01Z'], 0, dialect))
  })
})

test('numbers of calls and streams are names, and instants are ages, for the runtime alone', () => {
  const plain = (...values: readonly unknown[]) => print(values, 0, PLAIN)
  expect(plain({ call: 5 }, { number: 5 })).toBe(plain({ call: 9 }, { number: 9 }))
  expect(plain({ call: 5 }, { number: 5 })).not.toBe(plain({ call: 5 }, { number: 9 }))
  expect(PLAIN.kindOf('call', 'text')).toBe('plain')
  expect([PLAIN.kindOf('startedAt', 1), PLAIN.kindOf('at', 1), PLAIN.kindOf('cat', 1)]).toEqual([
    'instant',
    'instant',
    'plain',
  ])
})

test('what is absent and what is undefined are the same, null is not, and types are told apart', () => {
  expect(print([{ a: undefined }])).toBe(print([{}]))
  expect(new Set([[null], [0], ['0'], [false], [''], [[]], [{}], ['null']].map((value) => print(value))).size).toBe(8)
})

test('a tree is read in order of its keys, and a view by its name alone', () => {
  const tree = Tree.of([
    ['b', 2],
    ['a', 1],
  ] as const)
  expect(print([tree])).toBe(
    print([
      Tree.of<number>([
        ['a', 1],
        ['b', 2],
      ]),
    ]),
  )
  expect(print([{ view: 'pods@5', objects: [1] }])).toBe(print([{ view: 'pods@5', objects: [2] }]))
  expect(print([{ view: 'pods@5' }])).not.toBe(print([{ view: 'pods@6' }]))
})

test('it is 16 hexadecimal digits', () => {
  expect(print(world([]))).toMatch(/^[0-9a-f]{16}$/)
})

function sorted(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return Object.is(value, -0) ? 0 : value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
