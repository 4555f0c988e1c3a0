import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Due, Heap, isBefore } from '../../../../runtime/agenda/heap.ts'

const items = fc
  .array(fc.integer({ min: 0, max: 9 }), { maxLength: 60 })
  .map((dues) => dues.map((due, seq): Due => ({ due, seq })))
const inOrder = (list: readonly Due[]): Due[] => list.toSorted((a, b) => a.due - b.due || a.seq - b.seq)
function drained(heap: Heap<Due>): Due[] {
  const taken: Due[] = []
  for (let item = heap.take(); item !== undefined; item = heap.take()) taken.push(item)
  return taken
}
function heapOf(list: readonly Due[]): Heap<Due> {
  const heap = new Heap<Due>()
  for (const item of list) heap.add(item)
  return heap
}

test('the earlier comes before the later, and at one time what was asked for first', () => {
  expect(isBefore({ due: 1, seq: 9 }, { due: 2, seq: 1 })).toBe(true)
  expect(isBefore({ due: 1, seq: 1 }, { due: 1, seq: 2 })).toBe(true)
  expect(isBefore({ due: 1, seq: 2 }, { due: 1, seq: 2 })).toBe(false)
})
test('the least is at the front, whatever was thrown out', () => {
  fc.assert(
    fc.property(items, fc.nat({ max: 9 }), (list, out) => {
      const kept = heapOf(list).keep(({ due }) => due !== out)
      const rest = list.filter(({ due }) => due !== out)
      expect([kept.items[0], drained(kept)]).toEqual([inOrder(rest)[0], inOrder(rest)])
    }),
  )
})
test('what is taken from a fork stays in the heap, and what is taken out of turn is gone', () => {
  fc.assert(
    fc.property(items, (list) => {
      const heap = heapOf(list)
      drained(heap.fork())
      for (const item of list.filter(({ due }) => due === 3)) heap.remove(item)
      expect(drained(heap)).toEqual(inOrder(list.filter(({ due }) => due !== 3)))
    }),
  )
})
