/** Histories of one key, written by hand: what is in order, and what is not. */
import { describe, expect, test } from 'vitest'
import type { Asked, Watched } from '../../../../../machines/etcd/history/recorded.ts'
import { register } from '../../../../../machines/etcd/history/register.ts'
import { touchesOf } from '../../../../../machines/etcd/history/touches.ts'
import { watchFaults } from '../../../../../machines/etcd/history/watch-faults.ts'
import type { EtcdAnswered, EtcdRequest, EtcdWatched, KeyValue } from '../../../../../machines/protocol/etcd.ts'
import { disorders } from '../../../../../runtime/explore/linearizable.ts'

const kv = (value: unknown, modRevision: number, version = 1, createRevision = modRevision): KeyValue => ({
  key: 'a',
  value,
  modRevision,
  version,
  createRevision,
})
const answered = (revision: number, reply: object): EtcdAnswered => ({
  type: 'etcd.answered',
  revision,
  reply: reply as EtcdAnswered['reply'],
})
const failed = (code: number): Asked['answer'] => ({ type: 'etcd.failed', code, error: 'no' })
const asked = (began: number, ended: number | undefined, request: object, answer?: Asked['answer']): Asked => ({
  request: request as EtcdRequest,
  from: 'client/c-1',
  member: 'etcd/m-1',
  began,
  ended,
  answer,
})
const put = (began: number, ended: number | undefined, value: unknown, revision?: number): Asked =>
  asked(
    began,
    ended,
    { type: 'etcd.Put', key: 'a', value },
    revision === undefined ? undefined : answered(revision, {}),
  )
const range = (began: number, ended: number, revision: number, found: KeyValue | undefined, rest = {}): Asked =>
  asked(
    began,
    ended,
    { type: 'etcd.Range', key: 'a', ...rest },
    answered(revision, { kvs: found === undefined ? [] : [found], count: 1, more: false }),
  )
const deletion = (began: number, ended: number | undefined, revision: number, deleted: number): Asked =>
  asked(began, ended, { type: 'etcd.DeleteRange', key: 'a' }, answered(revision, { deleted, prevKvs: [] }))
/** If the key is at a revision: put, else read. */
const swap = (
  began: number,
  ended: number | undefined,
  than: number,
  value: unknown,
  answer?: Asked['answer'],
): Asked =>
  asked(
    began,
    ended,
    {
      type: 'etcd.Txn',
      compare: [{ key: 'a', target: 'mod', result: 'equal', than }],
      success: [{ type: 'etcd.Put', key: 'a', value }],
      failure: [{ type: 'etcd.Range', key: 'a' }],
    },
    answer,
  )
const txn = (revision: number, succeeded: boolean, replies: readonly object[]) =>
  answered(revision, { succeeded, replies })

const historyOf = (all: readonly Asked[]) => ({ asked: new Map(all.map((one, i) => [i, one])) })
const isLinear = (...all: readonly Asked[]): boolean => disorders(touchesOf(historyOf(all)), register()).length === 0

describe('in order are', () => {
  test.each([
    ['a put, and a read of it', [put(1, 2, 'x', 2), range(3, 4, 2, kv('x', 2))]],
    ['a read beside a put that sees nothing', [put(1, 9, 'x', 2), range(3, 4, 1, undefined)]],
    [
      'a put that nobody answered, seen later',
      [put(1, undefined, 'x'), range(3, 4, 1, undefined), range(5, 6, 2, kv('x', 2))],
    ],
    [
      'a put that failed for good',
      [asked(1, 2, { type: 'etcd.Put', key: 'a', value: 'x' }, failed(3)), range(3, 4, 1, undefined)],
    ],
    [
      'a put that failed, or did it',
      [asked(1, 2, { type: 'etcd.Put', key: 'a', value: 'x' }, failed(14)), range(3, 4, 2, kv('x', 2))],
    ],
    ['a deletion', [put(1, 2, 'x', 2), deletion(3, 4, 3, 1), range(5, 6, 3, undefined), deletion(7, 8, 3, 0)]],
    ['a swap that held', [put(1, 2, 'x', 2), swap(3, 4, 2, 'y', txn(3, true, [{}])), range(5, 6, 3, kv('y', 3, 2, 2))]],
    [
      'a swap that did not hold',
      [put(1, 2, 'x', 2), swap(3, 4, 9, 'y', txn(2, false, [{ kvs: [kv('x', 2)], count: 1, more: false }]))],
    ],
    ['a swap that nobody answered', [put(1, 2, 'x', 2), swap(3, undefined, 2, 'y'), range(5, 6, 3, kv('y', 3, 2, 2))]],
    ['a stale read that asked for no better', [put(1, 2, 'x', 2), range(3, 4, 1, undefined, { serializable: true })]],
    ['a read of the past', [put(1, 2, 'x', 2), range(3, 4, 2, undefined, { revision: 1 })]],
    [
      'a key that went with its lease',
      [asked(1, 2, { type: 'etcd.Put', key: 'a', value: 'x', lease: 7 }, answered(2, {})), range(3, 4, 3, undefined)],
    ],
    ['a count, which tells nothing of a key', [put(1, 2, 'x', 2), range(3, 4, 2, undefined, { countOnly: true })]],
    [
      'an inner transaction that nobody answered',
      [
        asked(1, undefined, {
          type: 'etcd.Txn',
          compare: [],
          failure: [],
          success: [
            { type: 'etcd.Txn', compare: [], success: [{ type: 'etcd.Put', key: 'a', value: 'x' }], failure: [] },
          ],
        }),
        range(3, 4, 2, kv('x', 2)),
        range(5, 6, 2, kv('x', 2)),
      ],
    ],
  ] as const)('%s', (_, all) => expect(isLinear(...all)).toBe(true))
})

describe('not in order are', () => {
  test.each([
    ['a put, and then a read of nothing', [put(1, 2, 'x', 2), range(3, 4, 1, undefined)]],
    ['a read of what was overwritten', [put(1, 2, 'x', 2), put(3, 4, 'y', 3), range(5, 6, 2, kv('x', 2))]],
    ['a value under another revision', [put(1, 2, 'x', 2), range(3, 4, 3, kv('x', 3))]],
    ['a version too many', [put(1, 2, 'x', 2), range(3, 4, 2, kv('x', 2, 2))]],
    ['a deletion of what is not there', [deletion(1, 2, 2, 1)]],
    ['a deletion of nothing where something is', [put(1, 2, 'x', 2), deletion(3, 4, 2, 0)]],
    ['a swap that held and should not', [put(1, 2, 'x', 2), swap(3, 4, 7, 'y', txn(3, true, [{}]))]],
    [
      'a swap that did not hold and should',
      [put(1, 2, 'x', 2), swap(3, 4, 2, 'y', txn(2, false, [{ kvs: [kv('x', 2)], count: 1, more: false }]))],
    ],
    [
      'two swaps on one revision',
      [put(1, 2, 'x', 2), swap(3, 9, 2, 'y', txn(3, true, [{}])), swap(4, 8, 2, 'z', txn(4, true, [{}]))],
    ],
    ['a revision given twice', [put(1, 2, 'x', 2), put(3, 4, 'y', 2), range(5, 6, 2, kv('x', 2))]],
    [
      'a read of a list that lacks what is there',
      [put(1, 2, 'x', 2), range(3, 4, 2, undefined, { key: '', rangeEnd: 'b' })],
    ],
  ] as const)('%s', (_, all) => expect(isLinear(...all)).toBe(false))
})

describe('a watch', () => {
  const said = (rest: Partial<EtcdWatched>): EtcdWatched => ({ type: 'etcd.watched', revision: 1, events: [], ...rest })
  const event = (modRevision: number, type: 'PUT' | 'DELETE' = 'PUT', key = 'a'): Partial<EtcdWatched> => ({
    revision: modRevision,
    events: [{ type, kv: { ...kv('x', modRevision), key } }],
  })
  const faults = (told: readonly Partial<EtcdWatched>[], rest: object = {}, ...all: readonly Asked[]) => {
    const watched: Watched = {
      request: { type: 'etcd.Watch', key: 'a', startRevision: 2, ...rest },
      from: 'client/c-1',
      member: 'etcd/m-1',
      began: 0,
      told: [said({ created: true }), ...told.map(said)].map((each, at) => ({ at, said: each })),
    }
    return watchFaults({ ...historyOf(all), watches: new Map([[1, watched]]) })
  }
  const written = [put(1, 2, 'x', 2), deletion(3, 4, 3, 1), put(5, 6, 'x', 4)]

  test('that has told all so far is whole', () => {
    expect(faults([event(2), event(3, 'DELETE')], {}, ...written)).toEqual([])
    expect(faults([event(2), event(3, 'DELETE'), event(4), { revision: 4 }], {}, ...written)).toEqual([])
    expect(faults([event(2), event(4)], { filters: ['nodelete'] }, ...written)).toEqual([])
    expect(faults([event(4)], { startRevision: 0 }, ...written).length).toBe(2)
    expect(faults([{ canceled: '', compactRevision: 9 }], {}, ...written)).toEqual([])
  })
  test('that left something out is not', () => {
    expect(faults([event(2), event(4)], {}, ...written).join()).toContain('left out DELETE a at 3')
    expect(faults([{ revision: 4 }], {}, ...written)).toHaveLength(3)
    expect(faults([event(4, 'PUT', 'b')], { key: 'b' }, ...written)).toEqual([])
  })
  test('that goes back, or repeats itself, or told of progress too early, is not in order', () => {
    expect(faults([event(3), event(2)]).join()).toContain('told a at 2 after 3')
    expect(faults([event(2), event(2)]).join()).toContain('twice')
    expect(faults([event(2), { revision: 3 }, event(3)]).join()).toContain('after a progress notification of 3')
  })
})
