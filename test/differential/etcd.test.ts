/** The model beside a real etcd, where one is installed; at full numbers in `npm run soak`. */

import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EventObject } from 'xstate'
import { EtcdStore } from '../../cli/etcd-store.ts'
import { EtcdGateway } from '../../cli/serve/etcd.ts'
import { bodyOf } from '../../machines/etcd/door/client.ts'
import type { EtcdAnswered, EtcdFailed, EtcdRequest, EtcdWatched } from '../../machines/protocol/etcd.ts'
import { World } from '../../runtime/world.ts'
import { needs } from '../kit/needs.ts'
import { etcdVersion, type RealEtcd, startEtcd } from '../kit/real-etcd.ts'
import { folder, linesOf } from '../reference/folder.ts'
import { difference, moved, Ours, Theirs } from './etcd.ts'
import { operations } from './operations.ts'
import { DIFFERENCES_OF_3_4, differencesIn, isDeadly, knownDifference, type Sequence } from './recorded.ts'

const version = etcdVersion()
let real: RealEtcd | undefined
beforeAll(async () => {
  if (version !== undefined) real = await startEtcd()
}, 60_000)
afterAll(() => real?.stop())

test('four hundred random operations are answered as by a real etcd', async (context) => {
  needs(context, 'etcd', real !== undefined)
  for (let seed = 1; seed <= 10; seed++)
    expect(await difference((real as RealEtcd).store, operations(seed, 40)), `seed ${seed}`).toBeUndefined()
}, 120_000)

test('a real etcd behind our door answers recorded requests as recorded, but for what the version does', async (context) => {
  needs(context, 'etcd', real !== undefined)
  const all = linesOf<Sequence>(join(folder(), 'etcd', 'kv-1.jsonl')) ?? []
  const some = all.filter((sequence) => !isDeadly(sequence)).slice(0, 25)
  expect(some).toHaveLength(25)
  for (const sequence of some) expect(await differencesIn(sequence, (real as RealEtcd).store)).toEqual([])
}, 120_000)

const BIG = 'x'.repeat(1_700_000)
const MANY = Array.from({ length: 129 }, (_, i) => ({ type: 'etcd.Put', key: `k${i}`, value: '1' }) as const)
const ADMINISTRATION: readonly EtcdRequest[] = [
  { type: 'etcd.MemberList', linearizable: true },
  { type: 'etcd.MemberAdd', peerUrls: [], isLearner: false },
  { type: 'etcd.MemberAdd', peerUrls: ['x'], isLearner: true },
  { type: 'etcd.MemberRemove', id: 1 },
  { type: 'etcd.MemberUpdate', id: 1, peerUrls: ['http://a:1'] },
  { type: 'etcd.MemberPromote', id: 1 },
  { type: 'etcd.Status' },
  { type: 'etcd.HashKV', revision: 0 },
  { type: 'etcd.HashKV', revision: 900_000 },
  { type: 'etcd.Defragment' },
  { type: 'etcd.MoveLeader', targetId: 1 },
  { type: 'etcd.Alarm', action: 'get', memberId: 0, alarm: 'none' },
  { type: 'etcd.Health' },
  { type: 'etcd.LeaseGrant', id: 5, ttlSeconds: -1 },
  { type: 'etcd.LeaseGrant', id: -7, ttlSeconds: 0 },
  { type: 'etcd.Put', key: 'big', value: BIG },
  { type: 'etcd.Txn', compare: [], success: MANY, failure: [] },
]

test('administration, limits and leases of no length are as with a real etcd, but for what the version does', async (context) => {
  needs(context, 'etcd', real !== undefined)
  const ours = new Ours()
  const theirs = await Theirs.emptied((real as RealEtcd).store)
  // Ids, sizes and hashes are each one's own; what fields an answer has is not, nor the text of a refusal.
  const shape = (answer: EtcdAnswered | EtcdFailed): unknown =>
    answer.type === 'etcd.failed' ? answer : Object.keys(answer.reply).sort()
  const differing: string[] = []
  for (const request of ADMINISTRATION) {
    const [one, other] = [shape(ours.ask(request)), shape(await theirs.ask(request))]
    if (isDeepStrictEqual(one, other)) continue
    const [path] = bodyOf(request)
    differing.push(knownDifference(version, path) ?? JSON.stringify([request.type, one, other]))
  }
  expect(differing).toEqual(version?.startsWith('3.4.') === true ? Object.keys(DIFFERENCES_OF_3_4) : [])
}, 60_000)

test('a watch that asks for fragments is told the past in the same parts', async (context) => {
  needs(context, 'etcd', real !== undefined)
  const ours = new Ours()
  const theirs = await Theirs.emptied((real as RealEtcd).store)
  for (let i = 0; i < 24; i++) {
    const put = {
      type: 'etcd.Put',
      key: `fragment/${i}`,
      value: 'x'.repeat(40_000 + ((i * 7_919) % 9) * 50_000),
    } as const
    expect(await theirs.ask(put)).toEqual(ours.ask(put))
  }
  const request = { type: 'etcd.Watch', key: 'fragment/', rangeEnd: 'fragment0', startRevision: 2 } as const
  const partsOf = (all: readonly EtcdWatched[]) =>
    all.filter(({ created }) => created !== true).map(({ events, fragment }) => [events.length, fragment === true])
  for (const fragment of [true, false]) {
    const { all, end } = theirs.watch({ ...request, fragment })
    const told = ours.watch({ ...request, fragment })
    const count = (): number => all.reduce((sum, { events }) => sum + events.length, 0)
    await expect.poll(count, { timeout: 10_000 }).toBe(24)
    end()
    expect(partsOf(all)).toEqual(partsOf(told))
    expect(partsOf(told).length > 1).toBe(fragment)
  }
}, 60_000)

test('a real etcd plays a member of a world: its answers are recorded operations', async (context) => {
  needs(context, 'etcd', real !== undefined)
  const { store } = real as RealEtcd
  const world = new World(new Map())
  for (const host of ['c', 'm-1']) world.addHost(host)
  let noticed = 0
  const gateway = new EtcdGateway(world, new Map([['etcd/m-1', store]]))
  gateway.heard = () => noticed++
  const told: EventObject[] = []
  world.bindOutside('client/c', ({ event }) => told.push(event))
  const until = async (count: number): Promise<void> => {
    for (let tries = 0; tries < 600 && told.length < count; tries++) {
      world.run(world.now + 10)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    expect(told.length).toBeGreaterThanOrEqual(count)
  }
  const ask = (op: 'call' | 'stream', event: object): number =>
    world.operate({ op, to: 'etcd/m-1', event: event as EventObject, from: 'client/c' })
  const watch = ask('stream', { type: 'etcd.Watch', key: 'played' })
  await until(1)
  ask('call', { type: 'etcd.Put', key: 'played', value: { kind: 'Pod' } })
  await until(3)
  expect(told.map(({ type }) => type).toSorted()).toEqual(['etcd.answered', 'etcd.watched', 'etcd.watched'])
  const events = told.flatMap((event) => (event as unknown as Partial<EtcdWatched>).events ?? [])
  expect(events).toMatchObject([{ type: 'PUT', kv: { key: 'played', value: { kind: 'Pod' } } }])
  ask('call', { type: 'etcd.LeaseGrant', id: 0, ttlSeconds: 60 })
  ask('call', { type: 'etcd.Range', key: 'played', revision: 9_000_000 })
  await until(5)
  // Two questions at once: nobody says which is answered first.
  expect(told.slice(3).toSorted((a, b) => (a.type < b.type ? -1 : 1))).toMatchObject([
    { type: 'etcd.answered', reply: { ttlSeconds: 60 } },
    { type: 'etcd.failed', code: 11, error: 'etcdserver: mvcc: required revision is a future revision' },
  ])
  world.operate({ op: 'hangUp', number: watch, from: 'client/c' })
  world.run(world.now + 10)
  expect(world.recorded.filter(({ operation: { op } }) => op === 'answer' || op === 'push')).toHaveLength(noticed)
}, 60_000)

test('who cannot be reached is answered for: nobody knows whether it was done', async () => {
  const answer = await new EtcdStore('http://127.0.0.1:1').ask({ type: 'etcd.Range', key: 'a' })
  expect(answer).toMatchObject({ type: 'etcd.failed', code: 14 })
})

test('a difference would be seen', async (context) => {
  needs(context, 'etcd', real !== undefined)
  const { store } = real as RealEtcd
  const wrong = Object.create(store, {
    ask: { value: async (request: never) => moved(await store.ask(request), request['type'] === 'etcd.Put' ? 1 : 0) },
  }) as typeof store
  expect(await difference(wrong, [{ type: 'etcd.Put', key: 'a', value: 'x' }])).toMatchObject({
    ours: { header: { revision: 2 } },
  })
}, 60_000)
