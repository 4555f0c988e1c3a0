import { describe, expect, test } from 'vitest'
import type { Pod } from '../../../../machines/protocol/objects.ts'
import {
  askedIn,
  bindError,
  bindQuestion,
  type Extender,
  type Filtering,
  heard,
  isInterested,
  type Preempting,
  question,
} from '../../../../machines/scheduler/extender.ts'
import { node, pod } from './cluster.ts'

const extender = (more: Partial<Extender> = {}): Extender => ({
  urlPrefix: 'http://localhost:8888/',
  filterVerb: 'filter',
  prioritizeVerb: 'prioritize',
  preemptVerb: 'preempt',
  bindVerb: 'bind',
  weight: 2,
  httpTimeoutMs: 5_000,
  nodeCacheCapable: false,
  managedResources: [],
  ignorable: false,
  ...more,
})
const ok = (body: unknown) => ({ type: 'extender.answered', code: 200, body }) as const
const [a, b, c] = [node('a'), node('b'), node('c')]
const filtering: Filtering = { phase: 'filter', nodes: [a, b, c], refused: {} }
const gpu = pod('gpu', { spec: { containers: [{ resources: { limits: { 'example.com/gpu': '1' } } }] } } as object)

test('only pods that ask for what it manages are its business', () => {
  const managing = extender({ managedResources: [{ name: 'example.com/gpu', ignoredByScheduler: true }] })
  expect([pod('web'), gpu].map((one) => isInterested(managing, one))).toEqual([false, true])
  expect(isInterested(extender(), pod('web'))).toBe(true)
  const spec = { containers: [], initContainers: gpu.spec.containers } as object
  expect(isInterested(managing, { ...gpu, spec } as Pod)).toBe(true)
  expect(askedIn('filter', [extender({ filterVerb: '' }), managing, extender()], pod('web'))).toEqual([extender()])
})

describe('filtering', () => {
  test('it is told whole nodes, or their names alone if it knows them', () => {
    expect(question(extender(), pod('web'), filtering)).toMatchObject({
      url: 'http://localhost:8888/filter',
      body: { Pod: { metadata: { name: 'web' } }, Nodes: { items: [a, b, c] }, NodeNames: null },
    })
    const { body } = question(extender({ nodeCacheCapable: true }), pod('web'), filtering)
    expect(body).toMatchObject({ Nodes: null, NodeNames: ['a', 'b', 'c'] })
  })
  test('it says which nodes are left, and why not the others', () => {
    const said = {
      nodes: { items: [c] },
      failedNodes: { a: 'no gpu' },
      FailedAndUnresolvableNodes: { b: 'never' },
    }
    expect(heard(extender(), filtering, ok(said))).toEqual({
      phase: 'filter',
      nodes: [c],
      refused: {
        a: { code: 'Unschedulable', reason: 'no gpu' },
        b: { code: 'UnschedulableAndUnresolvable', reason: 'never' },
      },
    })
    const cached = extender({ nodeCacheCapable: true })
    expect(heard(cached, filtering, ok({ NodeNames: ['b'] }))).toMatchObject({ nodes: [b] })
  })
  test.each([
    [ok({ Error: 'out of order' }), 'out of order'],
    [
      ok({ Nodes: { items: [node('x')] } }),
      'extender "http://localhost:8888/" claims a filtered node "x" which is not found in the input node list',
    ],
    [{ ...ok(null), code: 500 }, 'failed filter with extender at URL http://localhost:8888/filter, code 500'],
    [{ ...ok(null), code: 0, error: 'refused' }, 'Post "http://localhost:8888/filter": refused'],
  ])('or it fails: %o', (answer, why) => {
    expect(heard(extender(), filtering, answer)).toBe(why)
  })
})

test('scores go to ten, are weighted, and added up', () => {
  const round = { phase: 'prioritize', nodes: [a, b], scores: { a: 5 } } as const
  const said = [{ Host: 'a', Score: 3 }, { host: 'b', score: 10 }, { Host: 'c' }]
  expect(heard(extender(), round, ok(said))).toEqual({ ...round, scores: { a: 65, b: 200, c: 0 } })
  expect(heard(extender(), round, ok(null))).toEqual(round)
})

describe('victims', () => {
  const [low, lower] = [pod('low'), pod('lower')]
  const round: Preempting = {
    phase: 'preempt',
    victims: { a: { pods: [low, lower], violations: 1 }, b: { pods: [low], violations: 0 } },
  }
  test('are told whole, or by uid', () => {
    expect(question(extender(), pod('high'), round).body).toMatchObject({
      NodeNameToVictims: { a: { Pods: [low, lower], NumPDBViolations: 1 } },
      NodeNameToMetaVictims: null,
    })
    expect(question(extender({ nodeCacheCapable: true }), pod('high'), round).body).toMatchObject({
      NodeNameToMetaVictims: { b: { Pods: [{ UID: 'uid-low' }] } },
    })
  })
  test('may be spared, and whole nodes with them', () => {
    const meta = { NodeNameToMetaVictims: { a: { Pods: [{ UID: 'uid-low' }], NumPDBViolations: 1 } } }
    const spared = { phase: 'preempt', victims: { a: { pods: [low], violations: 1 } } }
    expect(heard(extender(), round, ok(meta))).toEqual(spared)
    const whole = { NodeNameToVictims: { a: { Pods: [low], NumPDBViolations: 1 } } }
    expect(heard(extender(), round, ok(whole))).toEqual(spared)
  })
  test('a node without any fails, unless that may be ignored', () => {
    const none = ok({ NodeNameToMetaVictims: { a: { Pods: [] }, x: {} } })
    expect(heard(extender(), round, none)).toBe('expected at least one victim pod on node "a"')
    expect(heard(extender({ ignorable: true }), round, none)).toEqual({ phase: 'preempt', victims: {} })
  })
})

test('it may bind in place of the scheduler', () => {
  expect(bindQuestion(extender(), pod('web'), 'a')).toEqual({
    type: 'extender.asked',
    url: 'http://localhost:8888/bind',
    body: { PodName: 'web', PodNamespace: 'default', PodUID: 'uid-web', Node: 'a' },
  })
  expect([{}, null, { error: '' }].map((body) => bindError(extender(), ok(body)))).toEqual([
    undefined,
    undefined,
    undefined,
  ])
  expect(bindError(extender(), ok({ Error: 'taken' }))).toBe('taken')
  expect(bindError(extender(), { ...ok(null), code: 404 })).toContain('code 404')
})
