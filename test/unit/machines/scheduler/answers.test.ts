import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Node, Pod } from '../../../../machines/protocol/objects.ts'
import { Answers, NOWHERE, Remembered, rememberedBy, signature } from '../../../../machines/scheduler/answers.ts'
import { filtered, preFiltered } from '../../../../machines/scheduler/attempt.ts'
import { type Cache, nodeSeen, podGone, podSeen } from '../../../../machines/scheduler/cache.ts'
import { podInfoOf } from '../../../../machines/scheduler/pod-info.ts'
import { DEFAULT_PROFILE } from '../../../../machines/scheduler/profile.ts'
import { frameworkOf } from '../../../../machines/scheduler/registry.ts'
import { scored } from '../../../../machines/scheduler/scoring.ts'
import { cacheWith, node, pod } from './cluster.ts'

describe('an answer', () => {
  test('is given once for what stands at a place, undefined too, and again for what takes its place', () => {
    const asked: object[] = []
    const answers = new Answers<object, undefined>()
    const ask = (about: object): undefined => void asked.push(about)
    const [a, b] = [{}, {}]
    for (const [place, about] of [
      [0, a],
      [1, b],
      [0, a],
      [0, b],
      [1, b],
    ] as const)
      expect(answers.of(place, about, ask)).toBeUndefined()
    expect(asked).toEqual([a, b, b])
  })
  test('about what stands nowhere is not remembered', () => {
    const answers = new Answers<object, number>()
    const about = {}
    expect([1, 2].map((answer) => answers.of(NOWHERE, about, () => answer))).toEqual([1, 2])
  })
  test('is remembered once its question was asked for a second time', () => {
    const remembered = new Remembered<object, number>()
    const about = {}
    const answers = [1, 2, 3].map((answer) => remembered.to('how many?').of(700, about, () => answer))
    expect(answers).toEqual([1, 2, 2])
  })
  test('belongs to its question and to whom it was asked for', () => {
    const by = rememberedBy<object, object, number>()
    const [owner, about] = [{}, {}]
    for (const question of ['how many?', 'how few?']) by(owner).to(question)
    expect(
      by(owner)
        .to('how many?')
        .of(0, about, () => 1),
    ).toBe(1)
    expect(
      by(owner)
        .to('how many?')
        .of(0, about, () => 2),
    ).toBe(1)
    expect(
      by(owner)
        .to('how few?')
        .of(0, about, () => 3),
    ).toBe(3)
    expect(
      by({})
        .to('how many?')
        .of(0, about, () => 4),
    ).toBe(4)
  })
  test('to a question that was long not asked is forgotten', () => {
    const remembered = new Remembered<object, number>()
    const about = {}
    for (const answer of [0, 1]) remembered.to('the first').of(0, about, () => answer)
    expect(remembered.to('the first').of(0, about, () => 2)).toBe(1)
    for (let i = 0; i < 200; i++) remembered.to(`another ${i}`)
    expect(remembered.to('the first').of(0, about, () => 3)).toBe(3)
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
