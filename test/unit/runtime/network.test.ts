import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { send } from '../../../runtime/contract.ts'
import { arrival, forkedNetwork, hostsOf, isLost, micros, newNetwork, wayBetween } from '../../../runtime/network.ts'
import type { Item } from '../../../runtime/world.ts'
import { Stage } from '../../kit/worlds/puppets.ts'

const LATENCIES = {
  loopback: { baseMs: 0.1, jitterMs: 0 },
  lan: { baseMs: 1, jitterMs: 5 },
  pairs: { 'a>far': { baseMs: 30, jitterMs: 0 } },
}
const between = (from: string, to: string) => wayBetween(`p/${from}`, `q/${to}`)

describe('a connection', () => {
  test('is first in first out, whatever latencies are drawn', () => {
    const sent = fc.array(fc.tuple(fc.double({ min: 0, max: 3, noNaN: true }), fc.nat()), { maxLength: 40 })
    fc.assert(
      fc.property(sent, (list) => {
        const network = newNetwork()
        let now = 0
        const arrivals = list.map(([pause, draw]) => {
          now += pause
          return { sent: now, arrives: arrival(network, LATENCIES, between('a', 'b'), draw, now) }
        })
        for (const [i, { sent: at, arrives }] of arrivals.entries()) {
          expect(arrives).toBeGreaterThanOrEqual(arrivals[i - 1]?.arrives ?? 0)
          expect(arrives).toBeGreaterThanOrEqual(micros(at + 1))
        }
      }),
    )
  })

  test('leaves the order free across connections: a later message on another may come first', () => {
    const network = newNetwork()
    const draws = Array.from({ length: 50 }, (_, i) => i)
    const first = draws.map((draw) => arrival(network, LATENCIES, wayBetween('p/a', `q/b-${draw}`), draw, 0))
    expect(new Set(first).size).toBeGreaterThan(10)
    expect(Math.max(...first)).toBeLessThanOrEqual(6)
  })

  test('takes longer between some hosts than others, and longer still when it is delayed', () => {
    const network = newNetwork()
    expect(arrival(network, LATENCIES, between('a', 'a'), 7, 0)).toBe(0.1)
    expect(arrival(network, LATENCIES, between('a', 'far'), 7, 0)).toBe(30)
    network.delays.set('a>far', 100)
    expect(arrival(network, LATENCIES, between('a', 'far'), 7, 0)).toBe(130)
    expect(arrival(network, LATENCIES, between('far', 'a'), 7, 0)).toBeLessThan(7)
  })

  test('is named by its processes, cuts by their hosts', () => {
    const way = wayBetween('etcd/cp-1', 'kube-apiserver/cp-2')
    expect(way).toEqual({ link: 'etcd/cp-1>kube-apiserver/cp-2', fromHost: 'cp-1', toHost: 'cp-2' })
    expect(wayBetween('etcd/cp-1', 'kube-apiserver/cp-2')).toBe(way)
    for (let i = 0; i < 20_000; i++) wayBetween('etcd/cp-1', `role/${i}`)
    expect(wayBetween('etcd/cp-1', 'kube-apiserver/cp-2')).toEqual(way)
    expect(hostsOf('etcd/cp-1>kube-apiserver/cp-2')).toBe('cp-1>cp-2')
    expect(hostsOf('kubectl/workstation/3>load-balancer/lb')).toBe('workstation>lb')
  })
})

test('what travelled on a connection that was given up is lost, what is sent later is not', () => {
  const network = newNetwork()
  const item = (seq: number) => ({ link: 'p/a>q/b', seq }) as Item
  expect(isLost(network, item(1))).toBe(false)
  network.resets.set('a>b', 5)
  expect([isLost(network, item(4)), isLost(network, item(5))]).toEqual([true, false])
  expect(isLost(network, { link: 'q/b>p/a', seq: 1 } as Item)).toBe(false)
})

test('a fork of a network goes its own way', () => {
  const network = newNetwork()
  const fork = forkedNetwork(network)
  fork.cuts.set('a>b', 1)
  fork.delays.set('a>b', 1)
  fork.links.set('x', 1)
  fork.resets.set('a>b', 1)
  fork.held.set('a>b', [])
  expect(Object.values(network).map(({ size }) => size)).toEqual([0, 0, 0, 0, 0])
})

test('in a world, too, mail on one connection keeps its order under jitter, and mail on two need not', () => {
  const latencies = { loopback: { baseMs: 0, jitterMs: 0 }, lan: { baseMs: 1, jitterMs: 100 } }
  const play = new Stage(['x/a', 'y/b', 'z/c'], { latencies })
  const words = ['hello', 'news', 'tick', 'tock'] as const
  play.tell('x/a', ...words.map((type) => send('z/c', { type }))).wait(1_000)
  expect(play.heard('z/c')).toEqual(words)
  const firsts = Array.from({ length: 20 }, (_, seed) => {
    const other = new Stage(['x/a', 'y/b', 'z/c'], { latencies, seed })
    other.tell('x/a', send('z/c', { type: 'tick' })).tell('y/b', send('z/c', { type: 'tock' }))
    return other.wait(1_000).heard('z/c')[0]
  })
  expect(new Set(firsts)).toEqual(new Set(['tick', 'tock']))
  expect(play.world.inside.network.links.size).toBe(0)
})
