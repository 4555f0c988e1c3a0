import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Node, Pod } from '../../../../machines/protocol/objects.ts'
import { Answers, Remembered, rememberedBy, signature } from '../../../../machines/scheduler/answers.ts'
import { filtered, preFiltered } from '../../../../machines/scheduler/attempt.ts'
import { type Cache, nodeSeen, podGone, podSeen } from '../../../../machines/scheduler/cache.ts'
import type { KnownNode } from '../../../../machines/scheduler/node-info.ts'
import { NOWHERE, nodeListOf, nodesInOrder } from '../../../../machines/scheduler/node-list.ts'
import { podInfoOf } from '../../../../machines/scheduler/pod-info.ts'
import { DEFAULT_PROFILE } from '../../../../machines/scheduler/profile.ts'
import { frameworkOf } from '../../../../machines/scheduler/registry.ts'
import { scored } from '../../../../machines/scheduler/scoring.ts'
import { cacheWith, node, pod } from './cluster.ts'

describe('an answer', () => {
  const two = cacheWith([node('a'), node('b')])
  const placesOf = (cache: Cache) => nodesInOrder(cache).map((one, place) => [place, one] as const)
  const [[, a], [, b]] = placesOf(two) as [readonly [number, KnownNode], readonly [number, KnownNode]]

  test('is given once for each node of a list, null too, and again for one that changed', () => {
    const asked: string[] = []
    const answers = new Answers<null>()
    const ask = ({ name, pods }: KnownNode) => {
      asked.push(`${name} ${pods.size}`)
      return null
    }
    const on = (cache: Cache) => {
      answers.about(nodeListOf(cache))
      for (const [place, one] of placesOf(cache)) expect(answers.of(place, one, ask)).toBeNull()
    }
    on(two)
    on(two)
    const more = podSeen(two, pod('web', { spec: { nodeName: 'b' } } as object))
    on(more)
    on(two)
    expect(asked).toEqual(['a 0', 'b 0', 'b 1', 'b 0'])
    on(nodeSeen(more, node('c')))
    expect(asked.slice(4)).toEqual(['b 1', 'c 0'])
  })
  test('is asked for again after so many changes that nobody knows them', () => {
    const answers = new Answers<number>()
    const count = ({ pods }: KnownNode) => pods.size
    answers.about(nodeListOf(two)).of(1, b, count)
    let cache = two
    for (let i = 0; i < 9; i++) {
      cache = podSeen(cache, pod(`web-${i}`, { spec: { nodeName: i === 0 ? 'b' : 'a' } } as object))
      nodeListOf(cache)
    }
    const [place, now] = placesOf(cache)[1] as readonly [number, KnownNode]
    expect(answers.about(nodeListOf(cache)).of(place, now, count)).toBe(1)
  })
  test('about what stands nowhere is not remembered', () => {
    const answers = new Answers<number>().about(nodeListOf(two))
    expect([1, 2].map((answer) => answers.of(NOWHERE, a, () => answer))).toEqual([1, 2])
  })
  test('is remembered once its question was asked for a second time', () => {
    const remembered = new Remembered<number>()
    const answers = [1, 2, 3].map((answer) => remembered.to('how many?', two).of(0, a, () => answer))
    expect(answers).toEqual([1, 2, 2])
  })
  test('belongs to its question and to whom it was asked for', () => {
    const by = rememberedBy<object, number>()
    const owner = {}
    for (const question of ['how many?', 'how few?']) by(owner).to(question, two)
    const answer = (whose: object, question: string, it: number) =>
      by(whose)
        .to(question, two)
        .of(0, a, () => it)
    expect(answer(owner, 'how many?', 1)).toBe(1)
    expect(answer(owner, 'how many?', 2)).toBe(1)
    expect(answer(owner, 'how few?', 3)).toBe(3)
    expect(answer({}, 'how many?', 4)).toBe(4)
  })
  test('to a question that was long not asked is forgotten', () => {
    const remembered = new Remembered<number>()
    const answer = (it: number) => remembered.to('the first', two).of(0, a, () => it)
    for (const it of [0, 1]) answer(it)
    expect(answer(2)).toBe(1)
    for (let i = 0; i < 200; i++) remembered.to(`another ${i}`, two)
    expect(answer(3)).toBe(3)
  })
})

test('pods of one template have one signature, whatever their names', () => {
  const alone = frameworkOf(DEFAULT_PROFILE).filter.filter(({ sign }) => sign !== undefined)
  const tolerant = { spec: { tolerations: [{ operator: 'Exists' as const }] } }
  const of = (one: Pod) => signature(podInfoOf(one), alone)
  expect(of(pod('a'))).toBe(of(pod('b')))
  expect(of(pod('a'))).not.toBe(of(pod('a', tolerant)))
  expect(alone.map(({ name }) => name)).toContain('NodeResourcesFit')
})

/** Pods of a few kinds, so that some meet what was said of others. */
const KINDS: readonly ((name: string) => Pod)[] = [
  (name) => pod(name, { metadata: { labels: { app: 'web' } } }),
  (name) => pod(name, { metadata: { labels: { app: 'web' } }, spec: { tolerations: [{ operator: 'Exists' }] } }),
  (name) => pod(name, { metadata: { labels: { app: 'db' } }, spec: { nodeSelector: { disk: 'ssd' } } }),
  (name) => pod(name, { metadata: { labels: { app: 'db' } }, spec: { nodeSelector: { disk: 'none' } } }),
  (name) =>
    pod(name, { spec: { containers: [{ name: 'large', resources: { requests: { cpu: '3', memory: '1Gi' } } }] } }),
  (name) => pod(name, { spec: { nodeName: 'n07' } }),
  (name) =>
    pod(name, {
      metadata: { labels: { app: 'web' } },
      spec: {
        topologySpreadConstraints: [SPREAD, { ...SPREAD, topologyKey: 'disk', whenUnsatisfiable: 'ScheduleAnyway' }],
      },
    }),
]
const SPREAD = {
  maxSkew: 1,
  topologyKey: 'kubernetes.io/hostname',
  whenUnsatisfiable: 'DoNotSchedule' as const,
  labelSelector: { matchLabels: { app: 'web' } },
}
const NODES = 40
const nameOf = (i: number) => `n${String(i).padStart(2, '0')}`
const nodeOf = (i: number, cordoned: boolean): Node =>
  node(nameOf(i), {
    metadata: { labels: i % 2 === 0 ? { disk: 'ssd' } : { disk: 'none' } },
    spec: cordoned ? { unschedulable: true } : {},
  })
const placed = (one: Pod, on: number): Pod => ({ ...one, spec: { ...one.spec, nodeName: nameOf(on) } })

/** What the cluster holds, by name: from it a cache can be made that nothing was ever asked of. */
interface World {
  readonly cordoned: Set<number>
  readonly pods: Map<string, Pod>
}
type Step = (cache: Cache, world: World) => Cache
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(fc.nat(KINDS.length - 1), fc.nat(NODES - 1)).map(
    ([kind, at]): Step =>
      (cache, { pods }) => {
        const one = placed((KINDS[kind] as (typeof KINDS)[0])(`p${pods.size}`), at)
        pods.set(one.metadata.name, one)
        return podSeen(cache, one)
      },
  ),
  fc.nat(NODES - 1).map(
    (at): Step =>
      (cache, { cordoned }) => {
        cordoned.add(at)
        return nodeSeen(cache, nodeOf(at, true))
      },
  ),
  fc.boolean().map(
    (dying): Step =>
      (cache, { pods }) => {
        const [one] = pods.values()
        if (one === undefined) return cache
        const { name } = one.metadata
        const next = { ...one, metadata: { ...one.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } }
        if (dying) pods.set(name, next)
        else pods.delete(name)
        return dying ? podSeen(cache, next) : podGone(cache, `default/${name}`)
      },
  ),
)
const madeAnew = ({ cordoned, pods }: World): Cache =>
  cacheWith(
    Array.from({ length: NODES }, (_, i) => nodeOf(i, cordoned.has(i))),
    structuredClone([...pods.values()]),
  )
function outcome(one: Pod, cache: Cache) {
  const info = podInfoOf(one)
  const { feasible, rejected } = filtered(info, cache, preFiltered(info, cache), 0)
  const { totals, byPlugin } = scored(info, cache, feasible)
  const sums = feasible.map((_, i) =>
    Object.values(byPlugin).reduce((sum, { normalized, weight }) => sum + weight * (normalized[i] as number), 0),
  )
  expect(totals).toEqual(sums)
  return { fit: feasible.map(({ name }) => name), rejected, totals, byPlugin }
}

test('from attempt to attempt the nodes are told what they would be told if nothing were remembered', () =>
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => {
      const world: World = { cordoned: new Set(), pods: new Map() }
      let cache = madeAnew(world)
      for (const take of steps) {
        cache = take(cache, world)
        for (const make of KINDS) expect(outcome(make('new'), cache)).toEqual(outcome(make('new'), madeAnew(world)))
      }
    }),
    { numRuns: 15 },
  ))
