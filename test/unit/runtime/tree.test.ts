import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Fold, Tree } from '../../../runtime/tree.ts'

/** Few enough keys that they meet, long and odd enough that their order matters. */
const key = fc.oneof(
  fc.integer({ min: 0, max: 400 }).map((n) => `pods/default/web-${n}`),
  fc.string({ maxLength: 3 }),
  fc.constantFrom('', 'a', 'A', 'é', '\ud83d\ude00', '\uffff', '__proto__'),
)
const change = fc.record({ key, value: fc.option(fc.integer(), { nil: undefined }) })
const changes = fc.array(change, { maxLength: 600, size: 'max' })
type Change = { readonly key: string; readonly value: number | undefined }

const grown = (list: readonly Change[], tree = Tree.of<number>()): Tree<number> => {
  let now = tree
  for (const { key, value } of list) now = value === undefined ? now.delete(key) : now.set(key, value)
  return now
}
const sorted = (list: readonly Change[]): [string, number][] => {
  const map = new Map<string, number>()
  for (const { key, value } of list) value === undefined ? map.delete(key) : map.set(key, value)
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1))
}
const holds = <A extends unknown[]>(property: fc.IProperty<A>) => fc.assert(property, { numRuns: 60 })

describe('a tree is a sorted map:', () => {
  test('its entries, keys, values and size after any changes', () =>
    holds(
      fc.property(changes, (list) => {
        const [tree, expected] = [grown(list), sorted(list)]
        expect(tree.entries()).toEqual(expected)
        expect(tree.keys()).toEqual(expected.map(([key]) => key))
        expect(tree.values()).toEqual(expected.map(([, value]) => value))
        expect(tree.size).toBe(expected.length)
      }),
    ))

  test('what is found under any key', () =>
    holds(
      fc.property(changes, fc.array(key), (list, wanted) => {
        const [tree, expected] = [grown(list), new Map(sorted(list))]
        for (const key of [...wanted, ...expected.keys()]) {
          expect(tree.get(key)).toBe(expected.get(key))
          expect(tree.has(key)).toBe(expected.has(key))
        }
      }),
    ))

  test('of ten thousand keys, too', () => {
    const many = Array.from({ length: 10_000 }, (_, i): Change => ({ key: `pods/default/web-${i}`, value: i }))
    const large = grown(many)
    holds(
      fc.property(changes, (list) => {
        const [tree, expected] = [grown(list, large), new Map(sorted([...many, ...list]))]
        expect(tree.size).toBe(expected.size)
        for (const { key } of list) expect(tree.get(key)).toBe(expected.get(key))
        expect(tree.entries().every(([key, value]) => expected.get(key) === value)).toBe(true)
        expect(large.get('pods/default/web-7')).toBe(7)
      }),
    )
  })

  test('what lies between two keys', () =>
    holds(
      fc.property(changes, key, fc.option(key, { nil: undefined }), (list, from, to) => {
        const seen: string[] = []
        grown(list).range(from, to, (_, key) => {
          seen.push(key)
          return true
        })
        const expected = sorted(list).map(([key]) => key)
        expect(seen).toEqual(expected.filter((key) => key >= from && (to === undefined || key < to)))
      }),
    ))

  test('a range ends when told so', () =>
    holds(
      fc.property(changes, fc.integer({ min: 1, max: 50 }), (list, most) => {
        const seen: string[] = []
        grown(list).range('', undefined, (_, key) => seen.push(key) < most)
        expect(seen).toEqual(
          sorted(list)
            .map(([key]) => key)
            .slice(0, most),
        )
      }),
    ))

  test('each, in order', () =>
    holds(
      fc.property(changes, (list) => {
        const seen: [string, number][] = []
        grown(list).each((value, key) => seen.push([key, value]))
        expect(seen).toEqual(sorted(list))
      }),
    ))

  test('update replaces, adds or deletes', () => {
    const one = Tree.of([['a', 1]])
    expect(one.update('a', (value = 0) => value + 1).entries()).toEqual([['a', 2]])
    expect(one.update('b', (value = 0) => value + 1).keys()).toEqual(['a', 'b'])
    expect(one.update('a', () => undefined).size).toBe(0)
  })
})

test('old versions stay as they were', () =>
  holds(
    fc.property(changes, changes, (first, second) => {
      const old = grown(first)
      const before = old.entries()
      grown(second, old)
      expect(old.entries()).toEqual(before)
    }),
  ))

test('the sum is the sum of all, before and after any change, in order of keys', () =>
  holds(
    fc.property(changes, changes, (first, second) => {
      const text = new Fold<number, string>(
        '',
        (value, key) => `${key}=${value};`,
        (a, b) => a + b,
      )
      const written = (list: readonly Change[]) => sorted(list).map(([key, value]) => `${key}=${value};`)
      const old = grown(first)
      expect(old.fold(text)).toBe(written(first).join(''))
      expect(grown(second, old).fold(text)).toBe(written([...first, ...second]).join(''))
    }),
  ))

test('the sum of what lies between two keys is that of the range', () =>
  holds(
    fc.property(changes, key, fc.option(key, { nil: undefined }), (list, from, to) => {
      const text = new Fold<number, string>(
        '',
        (value, key) => `${key}=${value};`,
        (a, b) => a + b,
      )
      let expected = ''
      const tree = grown(list)
      tree.range(from, to, (value, key) => {
        expected += `${key}=${value};`
        return true
      })
      expect(tree.foldBetween(from, to, text)).toBe(expected)
    }),
  ))

test('the differences lead from an earlier version to a later one', () =>
  holds(
    fc.property(changes, changes, fc.boolean(), (first, second, related) => {
      const was = grown(first)
      const now = related ? grown(second, was) : grown(second)
      let rebuilt = was
      now.differences(was, (key, value, then) => {
        expect(then).toBe(was.get(key))
        rebuilt = value === undefined ? rebuilt.delete(key) : rebuilt.set(key, value)
      })
      expect(rebuilt.entries()).toEqual(now.entries())
    }),
  ))

describe('in a tree of 10,000', () => {
  const all = Array.from({ length: 10_000 }, (_, i) => [`key-${i}`, i] as const)
  const tree = Tree.of(all)
  /** The nodes of a tree, as they lie in memory. */
  const nodesOf = (node: object): object[] => [node, ...((node as { nodes?: object[] }).nodes ?? []).flatMap(nodesOf)]
  const rootOf = (of: Tree<number>): object => (of as unknown as { root: object }).root

  test('a change copies one path and shares the rest', () => {
    const known = new Set(nodesOf(rootOf(tree)))
    for (const changed of [tree.set('key-5000', -1), tree.set('key-new', 1), tree.delete('key-77')]) {
      expect(nodesOf(rootOf(changed)).filter((node) => !known.has(node)).length).toBeLessThanOrEqual(8)
    }
  })

  test('a sum asks again only for what was changed', () => {
    let asked = 0
    const sum = new Fold<number, number>(
      0,
      (value) => {
        asked++
        return value
      },
      (a, b) => a + b,
    )
    expect(tree.fold(sum)).toBe(49_995_000)
    asked = 0
    expect(tree.set('key-1', 2).fold(sum)).toBe(49_995_001)
    expect(asked).toBeLessThanOrEqual(33)
  })

  test('the differences of the next version are looked for on its path alone', () => {
    const seen: string[] = []
    const text: [string, number | undefined][] = []
    const now = tree.set('key-5000', -1)
    now.differences(tree, (key, value) => text.push([key, value]))
    expect(text).toEqual([['key-5000', -1]])
    now.differences(now, (key) => seen.push(key))
    expect(seen).toEqual([])
  })

  test('deleting what is not there gives the same tree', () => {
    expect(tree.delete('nothing')).toBe(tree)
  })

  test('after deleting all, nothing is left', () => {
    const empty = all.reduce((left, [key]) => left.delete(key), tree)
    expect([empty.size, empty.entries()]).toEqual([0, []])
  })
})

test('writes itself as an object', () => {
  expect(
    JSON.stringify(
      Tree.of([
        ['b', 2],
        ['a', 1],
      ]),
    ),
  ).toBe('{"a":1,"b":2}')
})
