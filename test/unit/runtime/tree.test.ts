import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Tree } from '../../../runtime/tree.ts'
import { type Change, changes, grown, holds, key, sorted } from './tree/changes.ts'

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
