import { describe, expect, test } from 'vitest'
import { anyUp, backendsOf, chosen, parted, probed } from '../../../../machines/load-balancer/backends.ts'

const three = backendsOf(['a/1', 'a/2', 'a/3'])
const timesProbed = (times: number, ok: boolean, from = three) => {
  let backends = from
  for (let i = 0; i < times; i++) backends = probed(backends, 'a/1', ok)
  return backends
}

describe('probes', () => {
  test('three bad ones in a row make a server down, two good ones up again', () => {
    expect(timesProbed(2, false).all[0]?.up).toBe(true)
    const down = timesProbed(3, false)
    expect(down.all[0]?.up).toBe(false)
    expect(timesProbed(1, true, down).all[0]?.up).toBe(false)
    expect(timesProbed(2, true, down).all[0]?.up).toBe(true)
  })
  test('a good one in between starts the count anew', () => {
    expect(timesProbed(2, false, timesProbed(1, true, timesProbed(2, false))).all[0]?.up).toBe(true)
  })
  test('with all servers down none is up', () => {
    expect(anyUp(backendsOf([]))).toBe(false)
    expect(anyUp(three)).toBe(true)
  })
})

describe('the choice of a server', () => {
  test('goes round, and a client keeps its own', () => {
    let backends = three
    const led = ['x', 'y', 'x', 'z', 'w', 'y'].map((client) => {
      const [next, address] = chosen(backends, client)
      backends = next
      return address
    })
    expect(led).toEqual(['a/1', 'a/2', 'a/1', 'a/3', 'a/1', 'a/2'])
  })
  test('tells whether the connection to it is new', () => {
    const [once, , isNew] = chosen(three, 'x')
    expect([isNew, chosen(once, 'x')[2]]).toEqual([true, false])
    const apart = parted(once, 'x')
    expect(chosen(apart, 'x').slice(1)).toEqual(['a/2', true])
    expect(parted(apart, 'x')).toBe(apart)
  })
  test('passes over what is down and what the client has just lost', () => {
    expect(chosen(timesProbed(3, false), 'x')[1]).toBe('a/2')
    expect(chosen(chosen(three, 'x')[0], 'x', 'a/1')[1]).toBe('a/2')
    expect(chosen(backendsOf(['a/1']), 'x', 'a/1')[1]).toBeUndefined()
  })
})
