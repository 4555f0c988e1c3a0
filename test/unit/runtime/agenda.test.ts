import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Agenda, type Due } from '../../../runtime/agenda.ts'

const due = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 60 })
const items = (dues: readonly number[]): Due[] => dues.map((at, seq) => ({ due: at, seq }))
const filled = (list: readonly Due[]): Agenda<Due> => {
  const agenda = new Agenda<Due>()
  for (const item of list) agenda.add(item)
  return agenda
}
function drained(agenda: Agenda<Due>): Due[] {
  const taken: Due[] = []
  for (let item = agenda.take(); item !== undefined; item = agenda.take()) taken.push(item)
  return taken
}
const inOrder = (list: readonly Due[]): Due[] => [...list].sort((a, b) => a.due - b.due || a.seq - b.seq)

test('what is due first comes first, ties in the order in which they were asked for', () => {
  fc.assert(
    fc.property(due, (dues) => {
      expect(drained(filled(items(dues)))).toEqual(inOrder(items(dues)))
    }),
  )
})
test('the order in which things are added counts for nothing', () => {
  const shuffled = due.chain((dues) => fc.shuffledSubarray(items(dues), { minLength: dues.length }))
  fc.assert(
    fc.property(shuffled, (list) => {
      expect(drained(filled(list))).toEqual(inOrder(list))
    }),
  )
})
test('adding and taking by turns never brings a later thing before one that is there', () => {
  const turns = fc.array(fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }), { maxLength: 80 })
  fc.assert(
    fc.property(turns, (list) => {
      const agenda = new Agenda<Due>()
      const model: Due[] = []
      for (const [seq, at] of list.entries()) {
        if (at === undefined) expect(agenda.take()).toEqual(inOrder(model)[0])
        else agenda.add({ due: at, seq })
        if (at === undefined) model.splice(0, model.length, ...inOrder(model).slice(1))
        else model.push({ due: at, seq })
        expect([agenda.size, agenda.next]).toEqual([model.length, inOrder(model)[0]])
      }
    }),
  )
})
test('what was put off keeps its place among what is due at the same time', () => {
  const agenda = filled(items([0, 0, 0, 0]))
  const first = agenda.take() as Due
  const second = agenda.take() as Due
  agenda.add({ due: 0, seq: 4 })
  agenda.add(second)
  agenda.add({ due: 0, seq: 5 })
  agenda.add(first)
  expect(drained(agenda).map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4, 5])
})
test('one thing taken out of turn leaves the order of the rest', () => {
  fc.assert(
    fc.property(due, fc.nat(), (dues, i) => {
      const list = items(dues)
      const agenda = filled(list)
      const out = list[i % Math.max(1, list.length)]
      if (out !== undefined) agenda.remove(out)
      expect(drained(agenda)).toEqual(inOrder(list.filter((item) => item !== out)))
    }),
  )
})
test('what is not alive is thrown out, and a fork goes its own way', () => {
  const agenda = filled(items([5, 3, 4, 3]))
  const fork = agenda.fork()
  expect(drained(agenda.keep(({ due: at }) => at !== 3)).map(({ due: at }) => at)).toEqual([4, 5])
  agenda.take()
  expect([agenda.size, fork.size, fork.items.length]).toEqual([3, 4, 4])
})
test('what is due at once is kept, forked and taken out of turn as everything else', () => {
  const agenda = filled(items([0, 7]))
  agenda.take()
  for (const seq of [2, 3, 4, 5]) agenda.add({ due: 0, seq })
  agenda.take()
  const fork = agenda.fork()
  agenda.remove(agenda.items.find(({ seq }) => seq === 4) as Due)
  expect(drained(agenda.keep(({ seq }) => seq !== 5)).map(({ seq }) => seq)).toEqual([3, 1])
  expect([fork.size, drained(fork).map(({ seq }) => seq)]).toEqual([4, [3, 4, 5, 1]])
})
test('an empty agenda has nothing next', () => {
  const agenda = new Agenda<Due>()
  expect([agenda.next, agenda.take(), agenda.size]).toEqual([undefined, undefined, 0])
})
