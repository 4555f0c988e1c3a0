import { describe, expect, test } from 'vitest'
import {
  added,
  addedAfter,
  begun,
  cameDue,
  done,
  emptyQueue,
  failed,
  failuresOf,
  forgiven,
} from '../../../../../machines/controllers/kit/work-queue.ts'

describe('the work queue', () => {
  test('holds a key once, however often it is added', () => {
    const queue = added(added(added(emptyQueue(0), 'a'), 'b'), 'a')
    const [first, rest] = begun(queue) ?? []
    expect(first).toBe('a')
    const [second, none] = begun(rest ?? emptyQueue(0)) ?? []
    expect(second).toBe('b')
    expect(begun(none ?? emptyQueue(0))).toBeUndefined()
  })

  test('gives a key that was added while in work to nobody until that work is done', () => {
    const [, inWork] = begun(added(emptyQueue(0), 'a')) ?? []
    if (inWork === undefined) throw new Error('a key waited')
    const dirty = added(added(inWork, 'a'), 'a')
    expect(begun(dirty)).toBeUndefined()
    const again = done(dirty, 'a')
    expect(again.inWork).toBe(0)
    expect(begun(again)?.[0]).toBe('a')
    expect(begun(done(inWork, 'a'))).toBeUndefined()
  })

  test('of several delayed adds the earliest counts', () => {
    const [queue, first] = addedAfter(emptyQueue(0), 'a', 1_000, 0)
    expect(first).toBe(1_000)
    expect(addedAfter(queue, 'a', 2_000, 0)[1]).toBeUndefined()
    expect(addedAfter(queue, 'a', 200, 0)[1]).toBe(200)
    expect(begun(cameDue(queue, 'a'))?.[0]).toBe('a')
    expect(cameDue(queue, 'a').due.size).toBe(0)
  })

  test('a key backs off by 5 ms × 2 to 1000 s, and begins anew when forgiven', () => {
    let queue = emptyQueue(0)
    const waits: number[] = []
    for (let i = 0; i < 20; i++) {
      // Far enough apart for the bucket of all keys not to matter.
      const [next, ms] = failed(queue, 'a', i * 10_000_000)
      queue = next
      waits.push(ms)
    }
    expect(waits.slice(0, 5)).toEqual([5, 10, 20, 40, 80])
    expect(waits[19]).toBe(1_000_000)
    expect(failuresOf(queue, 'a')).toBe(20)
    expect(failuresOf(forgiven(queue, 'a'), 'a')).toBe(0)
    expect(forgiven(queue, 'b')).toBe(queue)
  })

  test('all keys together fail 100 times at once and 10 times a second after that', () => {
    let queue = emptyQueue(0)
    let last = 0
    for (let i = 0; i < 102; i++) [queue, last] = failed(queue, `${i}`, 0)
    expect(last).toBe(200)
  })
})
