import { describe, expect, test } from 'vitest'
import { type ChromeEvent, chromeTrace } from '../../../../runtime/inspect/chrome-trace.ts'
import { Memory } from '../../../../runtime/inspect/why.ts'
import { Stage } from '../../../kit/worlds/puppets.ts'
import { leaseWorld, worldOf } from '../../../kit/worlds/start.ts'

function drawn(): readonly ChromeEvent[] {
  const world = leaseWorld()
  const memory = new Memory()
  world.observe(memory.sink)
  world.operate({ op: 'spawn', address: 'contender/k', machine: 'contender', input: {} })
  world.run(20_000)
  return chromeTrace(memory.all, world.now).traceEvents
}
const names = (events: readonly ChromeEvent[], name: string) =>
  new Map(events.filter((each) => each.name === name).map(({ pid, tid, args }) => [`${pid} ${tid}`, args?.name]))

describe('a run as a Chrome trace', () => {
  const events = drawn()
  const threads = names(events, 'thread_name')

  test('has a process for each host and a thread for each actor', () => {
    expect([...names(events, 'process_name').values()].sort()).toEqual(['a', 'b', 'k'])
    expect([...threads.values()].sort()).toEqual(['contender/a', 'contender/b', 'contender/k', 'keeper/k'])
  })

  test('shows the states of an actor as slices that follow each other without a gap, to the end', () => {
    for (const [place, actor] of threads) {
      const slices = events.filter(({ ph, pid, tid }) => ph === 'X' && `${pid} ${tid}` === place)
      const [first] = slices
      let until = first?.ts as number
      for (const { ts, dur = 0 } of slices) {
        expect(ts, String(actor)).toBe(until)
        until = ts + dur
      }
      expect(until).toBe(20_000_000)
    }
  })

  test('leads an arrow to each message from the delivery that caused it, and none to timers', () => {
    const starts = new Map(events.filter(({ ph }) => ph === 's').map((event) => [event.id, event]))
    const ends = events.filter(({ ph }) => ph === 'f')
    expect(ends.length).toBe(starts.size)
    for (const end of ends) {
      expect(starts.get(end.id)?.ts).toBeLessThanOrEqual(end.ts)
      expect(end.name).toMatch(/^lease\./)
    }
  })

  test('names everything that is heard, with its number, sender and cause', () => {
    const heard = events.filter(({ ph }) => ph === 'i')
    expect(heard.map(({ args }) => args?.n)).toEqual(heard.map((_, i) => 4 + i))
    expect(heard.map(({ name }) => name)).toContain('born')
  })
})

test('who ends, or crashes, has no state any more', () => {
  const play = new Stage(['one/a', 'far/b'], { strict: false })
  const memory = new Memory()
  play.world.observe(memory.sink)
  play.give('one/a', { type: 'hello' }).wait(10).give('one/a', { type: 'fail' }).wait(10)
  const { traceEvents, displayTimeUnit } = chromeTrace(memory.all, play.world.now)
  expect(displayTimeUnit).toBe('ms')
  expect(traceEvents.filter(({ ph }) => ph === 'X')).toMatchObject([{ name: 'playing', ts: 0, dur: 10_000 }])
  expect(traceEvents.filter(({ args }) => args?.crash !== undefined)).toHaveLength(1)
})

test('a run in which nothing happened is an empty picture', () => {
  expect(chromeTrace([], worldOf({}).now).traceEvents).toEqual([])
})
