import { describe, expect, test } from 'vitest'
import { claimedBy, nothingObserved } from '../../../../../machines/controllers/kit/election-record.ts'
import { hasRenewed, overstayed, relisted, watched } from '../../../../../machines/controllers/kit/invariants.ts'
import { leaderElector } from '../../../../../machines/controllers/kit/leader-elector.ts'
import { emptyCache } from '../../../../../machines/controllers/kit/store.ts'
import { remove } from '../../../../../machines/lib/requests.ts'
import type { Change } from '../../../../../machines/protocol/api.ts'
import type { ApiObject } from '../../../../../machines/protocol/objects.ts'
import { call, type Effect } from '../../../../../runtime/contract.ts'
import { Tree } from '../../../../../runtime/tree.ts'
import { born } from '../../../../kit/chart.ts'
import { ok, refused } from './replies.ts'

const pod = (name: string, version: number): ApiObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', resourceVersion: `${version}` },
})
const told = { self: 'a/b', at: 0, from: '', was: '', state: '', effects: [] as readonly Effect[], event: { type: '' } }
const cacheOf = (version: string, objects: readonly ApiObject[]) => ({
  ...emptyCache('pods', []),
  resourceVersion: version,
  objects: Tree.of(objects.map((each) => [`default/${each.metadata.name}`, each] as const)),
})

describe('a watch', () => {
  const [a, b] = [pod('a', 6), pod('b', 7)]
  const changes: readonly Change[] = [
    { type: 'ADDED', key: 'default/a', object: a },
    { type: 'ADDED', key: 'default/b', object: b },
  ]
  const committed = [
    { type: 'ADDED', key: 'default/a', revision: 6 },
    { type: 'ADDED', key: 'default/b', revision: 7 },
  ] as const
  const step = (events: readonly Change[], objects: readonly ApiObject[]) => ({
    ...told,
    event: { type: 'watch.events', changes: events, resourceVersion: '7' },
    before: { cache: cacheOf('5', []) },
    after: { cache: cacheOf('7', objects) },
  })

  test('that tells what was committed holds', () => {
    expect(watched(step(changes, [a, b]), committed)).toBeUndefined()
  })
  test('that misses an event is seen', () => {
    expect(watched(step(changes.slice(1), [b]), committed)).toBe(
      'was told ADDED default/b at 7 where ADDED default/a at 6 was committed',
    )
    expect(watched(step(changes.slice(0, 1), [a]), committed)).toBe(
      'was told nothing where ADDED default/b at 7 was committed',
    )
  })
  test('that is out of order, or tells what never was, is seen', () => {
    expect(watched(step(changes.toReversed(), [a, b]), committed)).toMatch(/^was told ADDED default\/b/)
    expect(watched(step(changes, [a, b]), committed.slice(0, 1))).toBe(
      'was told ADDED default/b at 7 where nothing more was committed',
    )
  })
  test('whose cache does not take the change over is seen', () => {
    expect(watched(step(changes, [a]), committed)).toBe('holds version none of default/b after ADDED default/b at 7')
    const gone = [{ type: 'DELETED', key: 'default/a', object: pod('a', 7) }] as const
    const deleted = [{ type: 'DELETED', key: 'default/a', revision: 7 }] as const
    expect(watched(step(gone, []), deleted)).toBeUndefined()
    expect(watched(step(gone, [a]), deleted)).toBe('holds version 6 of default/a after DELETED default/a at 7')
  })
})

describe('a relist', () => {
  const listed = [pod('a', 6), pod('b', 7)]
  const step = (version: string, objects: readonly ApiObject[]) => ({
    ...told,
    event: { type: 'api.answered', code: 200, list: cacheOf('9', listed) },
    before: undefined,
    after: { cache: cacheOf(version, objects) },
  })
  test('ends in the listed state', () => {
    expect(relisted(step('9', listed))).toBeUndefined()
    expect(relisted(step('8', listed))).toBe('is at 8 after a list of 9')
    expect(relisted(step('9', [pod('a', 5), pod('b', 7)]))).toBe('does not hold default/a as it was listed')
    expect(relisted(step('9', [...listed, pod('c', 3)]))).toBe('holds 1 objects more than were listed')
  })
})

describe('a leader', () => {
  const user = { name: 'u', groups: [] }
  const write = [call('kube-apiserver/cp-1', remove(user, { resource: 'pods', namespace: 'default', name: 'a' }))]
  const at = (ms: number, effects: readonly Effect[] = write) => ({
    ...told,
    at: ms,
    effects,
    before: undefined,
    after: {},
  })
  const never = Number.NEGATIVE_INFINITY

  test('may act for the retry period and the renew deadline after it renewed', () => {
    const leadership = { renewedAt: 1_000, thawedAt: never }
    expect(overstayed(at(13_000), leadership)).toBeUndefined()
    expect(overstayed(at(13_001), leadership)).toMatch(/^asks to delete pods default\/a at 13001 ms/)
    expect(overstayed(at(99_000, []), leadership)).toBeUndefined()
  })
  test('that was frozen may act for the renew deadline', () => {
    const leadership = { renewedAt: 1_000, thawedAt: 50_000 }
    expect(overstayed(at(60_000), leadership)).toBeUndefined()
    expect(overstayed(at(60_001), leadership)).toMatch(/frozen until 50000 ms/)
  })
  test('has renewed when it becomes the leader, and at the end of each round', () => {
    const T0 = 86_400_000
    const lease = claimedBy(nothingObserved, 'cp-1_a', 'l', T0)
    const input = { apiserver: 'a', user, lease: 'l', identity: 'cp-1_a', tell: 'p', recorder: 'r' }
    const candidate = born(leaderElector, input).on(refused(404, 'NotFound'))
    const leader = candidate.on(ok(lease))
    const holding = leader.on(ok(lease))
    const renewing = holding.after('retry period')
    const nested = (dotted: string): unknown =>
      dotted.split('.').reduceRight<unknown>((inner, name) => (inner === '' ? name : { [name]: inner }), '')
    const renewed = (was: typeof leader, is: typeof leader): boolean =>
      hasRenewed({ ...told, before: was.context, after: is.context, was: nested(was.state), state: nested(is.state) })
    expect(renewed(candidate, leader)).toBe(true)
    expect(renewed(leader, holding)).toBe(true)
    expect(renewed(holding, renewing)).toBe(false)
    expect(renewed(candidate, candidate)).toBe(false)
  })
})
