import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Endpoint } from '../../../../../machines/controllers/endpointslice/endpoint.ts'
import { MOST_ENDPOINTS, packed } from '../../../../../machines/controllers/endpointslice/packing.ts'
import { type NewSlice, newSlice } from '../../../../../machines/controllers/endpointslice/slice.ts'
import { service } from '../objects.ts'

const endpoint = (i: number, ready = true): Endpoint => ({
  addresses: [`10.244.${Math.floor(i / 250)}.${i % 250}`],
  conditions: { ready, serving: ready, terminating: false },
  targetRef: { kind: 'Pod', name: `p-${i}`, namespace: 'default', uid: `u-${i}` },
})
const endpoints = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => endpoint(from + i))
const blank = newSlice(service('web'), 'IPv4', [{ name: '', port: 80, protocol: 'TCP' }])
const slice = (name: string, held: readonly Endpoint[]): NewSlice => ({
  ...blank,
  metadata: { ...blank.metadata, name },
  endpoints: held,
})
const right = { isRight: () => true, labels: {} }
const sizes = (slices: readonly NewSlice[]) => slices.map(({ endpoints: held }) => held.length)

describe('packing', () => {
  test('splits at 100', () => {
    expect(sizes(packed([], endpoints(0, 120), blank, right).create)).toEqual([100, 20])
  })
  test('fills a slice that is written anyway, the fullest first', () => {
    const a = slice('a', endpoints(0, 60))
    const b = slice('b', endpoints(60, 140))
    const { create, update, remove } = packed([a, b], [...endpoints(1, 139), ...endpoints(200, 230)], blank, right)
    expect(sizes(update)).toEqual([100, 68])
    expect([create, remove]).toEqual([[], []])
  })
  test('puts what is left into the unchanged slice that is fullest afterwards', () => {
    const [a, b, c] = [slice('a', endpoints(0, 50)), slice('b', endpoints(50, 130)), slice('c', endpoints(130, 229))]
    const { create, update } = packed([a, b, c], endpoints(0, 239), blank, right)
    expect(create).toEqual([])
    expect(update.map(({ metadata, endpoints: held }) => [metadata.name, held.length])).toEqual([['b', 90]])
  })
  test('deletes a slice that has become empty, and changes endpoints in place', () => {
    const { update, remove } = packed(
      [slice('a', [endpoint(1)]), slice('b', [endpoint(2), endpoint(3)])],
      [endpoint(2, false), endpoint(3)],
      blank,
      right,
    )
    expect(remove.map(({ metadata }) => metadata.name)).toEqual(['a'])
    expect(update[0]?.endpoints.map(({ conditions }) => conditions?.ready)).toEqual([false, true])
  })
  test('relabels', () => {
    const { update } = packed([slice('a', [endpoint(1)])], [endpoint(1)], blank, {
      isRight: () => false,
      labels: { team: 'b' },
    })
    expect(update[0]?.metadata.labels).toEqual({ team: 'b' })
  })
  test('reaches the goal in one pass, keeps slices at most full, and then wants nothing', () => {
    const held = fc.array(fc.uniqueArray(fc.nat(300), { maxLength: 100 }), { maxLength: 4 })
    fc.assert(
      fc.property(held, fc.uniqueArray(fc.nat(300)), (groups, ids) => {
        const seen = new Set<number>()
        const slices = groups.map((group, i) =>
          slice(
            `s-${i}`,
            group.filter((id) => !seen.has(id) && seen.add(id)).map((id) => endpoint(id)),
          ),
        )
        const wanted = ids.map((id) => endpoint(id))
        const { create, update, remove } = packed(slices, wanted, blank, right)
        const touched = new Set([...update, ...remove].map(({ metadata }) => metadata.name))
        const named = create.map((each, i) => slice(`new-${i}`, each.endpoints))
        const after = [...slices.filter(({ metadata }) => !touched.has(metadata.name)), ...update, ...named]
        expect(Math.max(0, ...sizes(after))).toBeLessThanOrEqual(MOST_ENDPOINTS)
        const names = after.flatMap((each) => each.endpoints.map(({ targetRef }) => targetRef?.name)).sort()
        expect(names).toEqual(wanted.map(({ targetRef }) => targetRef?.name).sort())
        expect(packed(after, wanted, blank, right)).toEqual({ create: [], update: [], remove: [] })
      }),
      { numRuns: 60 },
    )
  })
})
