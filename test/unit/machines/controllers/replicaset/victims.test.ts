import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { victims } from '../../../../../machines/controllers/replicaset/victims.ts'
import { type About, pod } from './examples.ts'

const HOUR = 3_600_000
const first = (a: About, b: About, related = [pod('a', a), pod('b', b)]) =>
  victims([pod('a', a), pod('b', b)], related, 1, HOUR)[0]?.metadata.name
const cost = (value: string) => ({ annotations: { 'controller.kubernetes.io/pod-deletion-cost': value } })

describe('of two pods the one goes first that', () => {
  test.each<[string, About, About]>([
    ['runs nowhere yet', { node: 'node-1' }, { node: '' }],
    ['is pending', { phase: 'Running' }, { phase: 'Pending' }],
    ['is unknown before one that runs', { phase: 'Running' }, { phase: 'Unknown' }],
    ['is not ready', { ready: true }, { ready: false }],
    ['costs less to delete', cost('10'), cost('-5')],
    ['has a cost below none', {}, cost('-1')],
    ['has a cost that is no number, as none', cost('1'), cost('0x1')],
    ['has been ready for a shorter time', { since: '1970-01-01T00:00:00Z' }, { since: '1970-01-01T00:50:00Z' }],
    ['restarted more often', { restarts: 1 }, { restarts: 3 }],
    ['is younger', { created: '1970-01-01T00:00:00Z' }, { created: '1970-01-01T00:50:00Z' }],
    ['is not ready, though the other costs less', { ...cost('-9') }, { ready: false }],
  ])('%s', (_, stays, goes) => {
    expect(first(stays, goes)).toBe('b')
    expect(first(goes, stays)).toBe('a')
  })

  test('shares its node with more of its kind', () => {
    const related = [pod('x', { node: 'node-2' }), pod('y', { node: 'node-2' }), pod('z', { node: 'node-1' })]
    expect(first({ node: 'node-1' }, { node: 'node-2' }, related)).toBe('b')
    const over = related.map((each, i) => pod(`${i}`, { node: each.spec.nodeName ?? '', phase: 'Succeeded' }))
    expect(first({ node: 'node-1' }, { node: 'node-2' }, over)).toBe('a')
  })

  test('has the smaller uid, when their ages are of one power of two', () => {
    expect(first({ since: '1970-01-01T00:00:00Z' }, { since: '1970-01-01T00:00:01Z' })).toBe('a')
    expect(first({ since: '1970-01-01T00:00:01Z' }, { since: '1970-01-01T00:00:00Z' })).toBe('a')
  })
})

test('all go when there are not more than asked for', () => {
  expect(victims([pod('a')], [], 3, HOUR)).toHaveLength(1)
})

test('the order in which pods are listed changes nothing', () => {
  const about = fc.record({
    node: fc.constantFrom('', 'node-1', 'node-2'),
    ready: fc.boolean(),
    phase: fc.constantFrom('Pending', 'Running'),
    since: fc.constantFrom('1970-01-01T00:00:00Z', '1970-01-01T00:10:00Z', '1970-01-01T00:59:00Z'),
    restarts: fc.nat(2),
  })
  fc.assert(
    fc.property(fc.array(about, { maxLength: 8 }), fc.nat(8), (all, count) => {
      const pods = all.map((each, i) => pod(`p${i}`, { ...each, created: `1970-01-01T00:${10 + i}:00Z` }))
      const names = (list: typeof pods) =>
        victims(list, pods, count, HOUR)
          .map(({ metadata }) => metadata.name)
          .sort()
      expect(names([...pods].reverse())).toEqual(names(pods))
    }),
  )
})
