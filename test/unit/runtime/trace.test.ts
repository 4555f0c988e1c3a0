import { describe, expect, test } from 'vitest'
import { send, spawn, wake } from '../../../runtime/contract.ts'
import { BORN, type TraceRecord } from '../../../runtime/trace.ts'
import { Stage } from '../../kit/worlds/puppets.ts'

function told(act: (play: Stage) => unknown, strict = true): readonly TraceRecord[] {
  const play = new Stage(['one/a', 'far/b'], { strict })
  const records: TraceRecord[] = []
  play.world.observe((record) => records.push(record))
  act(play)
  return records
}

describe('a record', () => {
  test('of a delivery says when, who, what, from where to where, what was asked, and because of what', () => {
    const hello = send('far/b', { type: 'hello' })
    const [first, second] = told((play) => play.wait(5).tell('one/a', hello).wait(5))
    expect(first).toEqual({
      n: 3,
      at: 5,
      from: 'director/stage',
      to: 'one/a',
      machine: 'puppet',
      event: { type: 'do', effects: [hello] },
      before: 'playing',
      after: 'playing',
      effects: [hello],
      cause: 0,
    })
    expect(second).toMatchObject({ n: 4, at: 6, from: 'one/a', to: 'far/b', cause: 3, event: { type: 'hello' } })
  })

  test('of a birth has no state before, names its machine and input, and comes before what the newborn asks for', () => {
    const records = told((play) => play.tell('one/a', spawn('part/a', 'puppet', { size: 3 })))
    expect(records.map(({ event }) => event.type)).toEqual(['do', BORN])
    expect(records[1]).toMatchObject({
      from: 'one/a',
      to: 'part/a',
      event: { machine: 'puppet', input: { size: 3 } },
      before: undefined,
      after: 'playing',
      cause: 3,
    })
  })

  test('of a timer comes from the actor itself', () => {
    const records = told((play) => play.tell('one/a', wake('t', 5, { type: 'tick' })).wait(5))
    expect(records[1]).toMatchObject({ from: 'one/a', to: 'one/a', at: 5, cause: 3 })
  })

  test('of a crash has no state after, and says what was thrown', () => {
    const [crash] = told((play) => play.give('one/a', { type: 'fail' }), false)
    expect(crash).toMatchObject({ before: 'playing', after: undefined, effects: [] })
    expect(crash?.crash).toMatch(/^Error: a string is torn/)
  })

  test('shares the event with who heard it: nothing is copied', () => {
    const event = { type: 'hello' }
    const records = told((play) => play.give('one/a', event))
    expect(records[0]?.event).toBe(event)
  })
})
