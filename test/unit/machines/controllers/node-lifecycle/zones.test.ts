import { describe, expect, test } from 'vitest'
import {
  type Count,
  disrupted,
  drained,
  newZone,
  noZones,
  queued,
  stateOf,
  unqueued,
  type Zone,
  zoneOf,
} from '../../../../../machines/controllers/node-lifecycle/zones.ts'
import { Tree } from '../../../../../runtime/tree.ts'
import { AT, node } from '../objects.ts'

test('a zone is region and zone of a node', () => {
  const labels = { 'topology.kubernetes.io/region': 'r', 'topology.kubernetes.io/zone': 'z' }
  expect(zoneOf(node('a', 'True', { metadata: { labels } }))).toBe('r: :z')
  const old = { 'failure-domain.beta.kubernetes.io/region': 'r', 'failure-domain.beta.kubernetes.io/zone': 'z' }
  expect(zoneOf(node('a', 'True', { metadata: { labels: old } }))).toBe('r: :z')
  expect(zoneOf(node('a'))).toBe('')
})

test.each([
  [3, 0, 'normal'],
  [2, 2, 'normal'],
  [3, 3, 'normal'],
  [2, 3, 'partial disruption'],
  [0, 1, 'full disruption'],
])('with %i nodes ready and %i not it is in %s', (ready, notReady, expected) => {
  expect(stateOf({ ready, notReady })).toBe(expected)
})

test('one node is let through, the next after 10 s', () => {
  const waiting = queued(queued(queued(newZone(AT), 'a'), 'b'), 'a')
  expect(waiting.queue).toEqual(['a', 'b'])
  const [left, first, waitMs] = drained(waiting, AT)
  expect([first, waitMs]).toEqual([['a'], 10_000])
  expect(drained(left, AT + 10_000).slice(1)).toEqual([['b'], undefined])
  expect(drained({ ...waiting, rate: 0 }, AT).slice(1)).toEqual([[], undefined])
  expect(unqueued(waiting, 'a').queue).toEqual(['b'])
  expect(unqueued(waiting, 'nobody')).toBe(waiting)
})

describe('disruption', () => {
  const counts = (entries: Record<string, Count>) => new Map(Object.entries(entries))
  const rates = (zones: Tree<Zone>) => zones.entries().map(([key, { rate, state }]) => [key, rate, state])
  const fine: Count = { ready: 3, notReady: 0 }
  const lost: Count = { ready: 0, notReady: 3 }

  test('a zone that is lost among others keeps its rate', () => {
    const [zones, turn] = disrupted(noZones, counts({ a: fine, b: lost }), AT)
    expect([rates(zones), turn]).toEqual([
      [
        ['a', 0.1, 'normal'],
        ['b', 0.1, 'full disruption'],
      ],
      undefined,
    ])
  })

  test('when all are lost nobody is tainted, until one is back', () => {
    const [before] = disrupted(noZones, counts({ a: fine }), AT)
    const [zones, turn] = disrupted(before, counts({ a: lost }), AT)
    expect([rates(zones), turn]).toEqual([[['a', 0, 'full disruption']], 'lost'])
    expect(disrupted(zones, counts({ a: lost }), AT)).toEqual([zones, undefined])
    const [after, back] = disrupted(zones, counts({ a: fine }), AT)
    expect([rates(after), back]).toEqual([[['a', 0.1, 'normal']], 'back'])
  })

  test('a partly lost zone is spared when small, and slow when large', () => {
    const [small] = disrupted(noZones, counts({ a: { ready: 2, notReady: 3 } }), AT)
    expect(rates(small)).toEqual([['a', 0, 'partial disruption']])
    const [large] = disrupted(noZones, counts({ a: { ready: 20, notReady: 40 } }), AT)
    expect(rates(large)).toEqual([['a', 0.01, 'partial disruption']])
  })
})

test('a zone that let nobody through makes the first wait its full time', () => {
  const two = (ready: number, notReady: number) => new Map().set('a', { ready, notReady })
  const [closed] = disrupted(noZones, two(1, 3), AT)
  const [open] = disrupted(closed, two(2, 2), AT + 60_000)
  const [, names, waitMs] = drained(queued(open.get('a') as Zone, 'n'), AT + 60_000)
  expect([names, waitMs]).toEqual([[], 10_000])
})
