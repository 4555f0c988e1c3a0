/** The model beside a real etcd, where one is installed; at full numbers in `npm run soak`. */

import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { needs } from '../kit/needs.ts'
import { etcdVersion, type RealEtcd, startEtcd } from '../kit/real-etcd.ts'
import { folder, linesOf } from '../reference/folder.ts'
import { difference, moved } from './etcd.ts'
import { operations } from './operations.ts'
import { differencesIn, isDeadly, type Sequence } from './recorded.ts'

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
