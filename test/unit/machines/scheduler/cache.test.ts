import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Node, Pod } from '../../../../machines/protocol/objects.ts'
import {
  assume,
  type Cache,
  EMPTY_CACHE,
  forget,
  namespaceLabels,
  nodeGone,
  nodeSeen,
  podGone,
  podSeen,
} from '../../../../machines/scheduler/cache.ts'
import type { HeldTerm } from '../../../../machines/scheduler/held-terms.ts'
import { nominated } from '../../../../machines/scheduler/nominations.ts'
import { podInfoOf } from '../../../../machines/scheduler/pod-info.ts'
import type { PodsOnNode } from '../../../../machines/scheduler/pods-by-label.ts'
import { node, nodesInOrder, pod } from './cluster.ts'

const on = (name: string, nodeName: string, spec: object = {}, labels: object = {}) =>
  pod(name, { metadata: { labels }, spec: { nodeName, ...spec } } as object)
const ANTI = {
  podAntiAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'kubernetes.io/hostname', labelSelector: {} }],
  },
}
const withImage = (name: string, sizeBytes: number) =>
  node(name, { status: { images: [{ names: ['app:v1'], sizeBytes }] } } as object)

describe('the cache', () => {
  test('counts an assumed pod until it is forgotten', () => {
    const known = nodeSeen(EMPTY_CACHE, node('a'))
    const assumed = assume(known, podInfoOf(pod('web')), 'a')
    expect(assumed.nodes.get('a')?.requested).toMatchObject({ milliCpu: 1_000, memoryBytes: 2 ** 30 })
    expect(forget(assumed, 'default/web').nodes.get('a')?.requested.milliCpu).toBe(0)
  })
  test('does not forget a pod that was seen bound, wherever that is', () => {
    const known = nodeSeen(nodeSeen(EMPTY_CACHE, node('a')), node('b'))
    const seen = podSeen(assume(known, podInfoOf(pod('web')), 'a'), on('web', 'b'))
    expect(forget(seen, 'default/web')).toBe(seen)
    expect([seen.nodes.get('a')?.pods.size, seen.nodes.get('b')?.pods.size]).toEqual([0, 1])
  })
  test('keeps the pods of a node that is not there yet, or no more, out of sight', () => {
    const early = podSeen(EMPTY_CACHE, on('web', 'a'))
    expect(nodesInOrder(early)).toEqual([])
    const both = nodeSeen(early, node('a'))
    expect(nodesInOrder(both)[0]?.pods.size).toBe(1)
    const gone = nodeGone(both, 'a')
    expect([nodesInOrder(gone).length, gone.nodes.size]).toEqual([0, 1])
    expect(podGone(gone, 'default/web').nodes.size).toBe(0)
    expect(nodeGone(gone, 'never')).toBe(gone)
  })
  test('knows an image by the size on the first node that had it', () => {
    const two = nodeSeen(nodeSeen(EMPTY_CACHE, withImage('a', 10)), withImage('b', 20))
    expect(two.images.get('app:v1')?.sizeBytes).toBe(10)
    expect(nodeGone(two, 'a').images.get('app:v1')?.nodes.keys()).toEqual(['b'])
    expect(nodeSeen(nodeGone(two, 'a'), node('b')).images.size).toBe(0)
  })
  test('knows whether each host is one node', () => {
    const twins = (name: string) => node(name, { metadata: { labels: { 'kubernetes.io/hostname': 'same' } } } as object)
    const two = nodeSeen(nodeSeen(EMPTY_CACHE, twins('a')), twins('b'))
    expect([nodeSeen(EMPTY_CACHE, twins('a')).singleHosts, two.singleHosts]).toEqual([true, false])
    expect([nodeGone(two, 'a').singleHosts, nodeSeen(two, node('b')).singleHosts]).toEqual([true, true])
  })
  test('a pod that is assumed needs no nomination any more', () => {
    const nominations = nominated(EMPTY_CACHE.nominations, pod('web'), 'a')
    const known = { ...nodeSeen(EMPTY_CACHE, node('a')), nominations }
    expect(assume(known, podInfoOf(pod('web')), 'a').nominations.nodes.size).toBe(0)
  })
  test('tells the labels of namespaces that exist', () => {
    expect(namespaceLabels(EMPTY_CACHE, 'default')).toBeUndefined()
  })
})

type What = 'pod' | 'assumed' | 'forgotten' | 'no pod' | 'node' | 'other zone' | 'no node'
type Change = { readonly what: What; readonly pod: number; readonly node: number }
const change: fc.Arbitrary<Change> = fc.record({
  what: fc.constantFrom<What>('pod', 'assumed', 'forgotten', 'no pod', 'node', 'other zone', 'no node'),
  pod: fc.nat(4),
  node: fc.nat(2),
})

test('after any changes the cache equals one that was filled afresh', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
      const pods = new Map<string, Pod>()
      const nodes = new Map<string, Node>()
      let cache: Cache = EMPTY_CACHE
      for (const { what, pod: p, node: n } of changes) {
        const placed = on(`p${p}`, `n${n}`, p === 0 ? { affinity: ANTI } : {}, { app: `a${p % 2}` })
        const key = `default/p${p}`
        const elsewhere = node(`n${n}`, { metadata: { labels: { zone: 'other' } } } as object)
        const wasAssumed = cache.placed.get(key)?.assumed === true
        if (what === 'pod' || what === 'assumed') pods.set(key, placed)
        if (what === 'no pod' || (what === 'forgotten' && wasAssumed)) pods.delete(key)
        if (what === 'node') nodes.set(`n${n}`, node(`n${n}`))
        if (what === 'other zone') nodes.set(`n${n}`, elsewhere)
        if (what === 'no node') nodes.delete(`n${n}`)
        cache = {
          pod: () => podSeen(cache, placed),
          assumed: () => assume(cache, podInfoOf(placed), `n${n}`),
          forgotten: () => forget(cache, key),
          'no pod': () => podGone(cache, key),
          node: () => nodeSeen(cache, node(`n${n}`)),
          'other zone': () => nodeSeen(cache, elsewhere),
          'no node': () => nodeGone(cache, `n${n}`),
        }[what]()
      }
      let fresh: Cache = EMPTY_CACHE
      for (const one of nodes.values()) fresh = nodeSeen(fresh, one)
      for (const one of pods.values()) fresh = podSeen(fresh, one)
      expect(comparable(cache)).toEqual(comparable(fresh))
    }),
    { numRuns: 300 },
  )
})

const comparable = ({ nodes, labelled, refusing, judging, sites, placed, order, singleHosts }: Cache) => ({
  nodes: nodes.entries().map(([name, info]) => [name, info.requested, info.pods.keys(), info.node !== undefined]),
  labelled: labelled.entries().map(([label, on]) => [label, on.entries().map(onNode)]),
  held: [refusing, judging].map((held) => held.values().map((terms) => terms.entries().map(heldTerm))),
  sites: sites.entries(),
  placed: placed.keys(),
  names: order.places.keys(),
  singleHosts,
})
const onNode = ([name, { node: at, pods }]: readonly [string, PodsOnNode]) => [name, at, pods.keys().sort()]
const heldTerm = ([text, { holders }]: readonly [string, HeldTerm]) => [text, holders.entries()]
