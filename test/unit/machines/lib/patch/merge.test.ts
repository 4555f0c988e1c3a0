import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sameJson } from '../../../../../machines/lib/go-text.ts'
import { mergeDiff, mergePatched, threeWayMergePatch } from '../../../../../machines/lib/patch/merge.ts'
import type { Json } from '../../../../../machines/lib/patch/outcome.ts'

test('a merge patch merges maps, removes by null and replaces the rest', () => {
  const document = { a: { b: 1, c: 2 }, list: [1], d: 'e' }
  expect(mergePatched(document, { a: { b: null, x: { y: null, z: 1 } }, list: [2], d: null })).toEqual({
    value: { a: { c: 2, x: { z: 1 } }, list: [2] },
  })
})
test.each([
  ['an array', []],
  ['a string', 'x'],
  ['a number', 5],
])('%s is none', (_name, patch) => {
  expect(mergePatched({}, patch).error).toMatchObject({ code: 400, reason: 'BadRequest' })
})
test('the difference leads from one document to the other', () => {
  const leaf = fc.oneof(fc.integer(), fc.string(), fc.array(fc.integer()))
  const document = fc.dictionary(
    fc.constantFrom('a', 'b', 'c'),
    fc.oneof(leaf, fc.dictionary(fc.constantFrom('x', 'y'), leaf)),
  )
  fc.assert(
    fc.property(document, document, (from, to) =>
      sameJson(mergePatched(from, mergeDiff(from as Json, to as Json)).value, to),
    ),
    { numRuns: 200 },
  )
})
test('an applied patch leaves what others wrote', () => {
  const lastApplied = { spec: { a: 1, b: { c: 1 } } }
  const modified = { spec: { b: { d: 2 } } }
  const live = { spec: { a: 1, b: { c: 1 }, other: true } }
  expect(threeWayMergePatch(lastApplied, modified, live)).toEqual({ spec: { a: null, b: { c: null, d: 2 } } })
})
