import { expect, test } from 'vitest'
import { Births, mergeFor } from '../../../../runtime/compile/merge.ts'

test('a change takes the place of what was there, and the rest stays, in its order', () => {
  const before = { first: 1, 'second field': [2], third: undefined }
  const after = mergeFor(before)(before, { third: 'now', first: undefined })
  expect(after).toEqual({ first: undefined, 'second field': [2], third: 'now' })
  expect(Object.keys(after ?? {})).toEqual(['first', 'second field', 'third'])
  expect(after?.['second field']).toBe(before['second field'])
  expect(before).toEqual({ first: 1, 'second field': [2], third: undefined })
})

test('a field that the context lacks is not lost: it is said', () => {
  const merge = mergeFor({ first: 1 })
  expect(merge({ first: 1 }, { first: 2, late: 3 })).toBeUndefined()
  expect(merge({ first: 1 }, { toString: 3 })).toBeUndefined()
})

test('contexts of the same fields share it', () => {
  expect(mergeFor({ first: 1, second: 2 })).toBe(mergeFor({ first: 'a', second: 'b' }))
  expect(mergeFor({ first: 1, second: 2 })).not.toBe(mergeFor({ second: 2, first: 1 }))
})

test('births with the same fields find theirs; one with others gets its own', () => {
  const births = new Births()
  const first = births.mergeFor({ first: 1, second: 2 })
  expect(births.mergeFor({ first: 3, second: 4 })).toBe(first)
  for (const other of [{ second: 2, first: 1 }, { first: 1 }, { first: 1, second: 2, third: 3 }])
    expect(births.mergeFor(other)({ ...other }, { first: 5 })).toEqual({
      ...other,
      ...('first' in other && { first: 5 }),
    })
  expect(births.mergeFor({ first: 1, second: 2 })).toBe(first)
})
