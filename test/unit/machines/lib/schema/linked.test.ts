import { expect, test } from 'vitest'
import { linked } from '../../../../../machines/lib/schema/linked.ts'

test('references become the thing itself, with what is said of it at its place', () => {
  const { A, B } = linked({
    A: { type: 'object', properties: { b: { $ref: 'B', default: {} }, list: { type: 'array', items: { $ref: 'B' } } } },
    B: { type: 'object', properties: { name: { type: 'string' } } },
  })
  expect(A?.properties?.b).toMatchObject({ definition: 'B', default: {}, properties: { name: { type: 'string' } } })
  expect(A?.properties?.list?.items?.properties).toBe(B?.properties)
})
test('a definition may hold itself', () => {
  const { A } = linked({
    A: { type: 'object', properties: { a: { $ref: 'A' }, m: { type: 'object', additionalProperties: { $ref: 'A' } } } },
  })
  expect(A?.properties?.a?.properties).toBe(A?.properties)
  expect(A?.properties?.m?.additionalProperties?.properties).toBe(A?.properties)
})
