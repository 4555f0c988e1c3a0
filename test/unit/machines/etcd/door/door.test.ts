/** The JSON gateway both ways, held against every request and answer that was recorded from the real one. */
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { answerFrom, bodyOf, watchedFrom } from '../../../../../machines/etcd/door/client.ts'
import { fromWire, type Json, toWire } from '../../../../../machines/etcd/door/wire.ts'
import { jsonOf, lineOf, requestAt, requestFrom, responseTo } from '../../../../../machines/etcd/gateway.ts'
import type { EtcdAnswered, EtcdFailed, EtcdWatched } from '../../../../../machines/protocol/etcd.ts'
import { folder, linesOf } from '../../../../reference/folder.ts'

interface Step {
  readonly path: string
  readonly req: Json
  readonly res: Json & { readonly status?: number }
}
const steps: readonly Step[] = ['kv-1', 'kv-2'].flatMap((name) =>
  (linesOf<{ readonly steps: readonly Step[] }>(join(folder(), 'etcd', `${name}.jsonl`)) ?? []).flatMap(
    (one) => one.steps,
  ),
)
const plain = steps.filter(({ path, res }) => path !== '/v3/watch' && !('crash' in res))

describe('recorded', () => {
  test('requests come through the wire as they were', () => {
    expect(steps.length).toBeGreaterThan(10_000)
    for (const { path, req } of steps) {
      const request = requestAt(path, req)
      expect(request).toBeDefined()
      expect(requestFrom(path, toWire(req))).toEqual(request)
      const [at, body] = bodyOf(request as never)
      expect([at, requestFrom(at, body)]).toEqual([path, request])
    }
  })

  test('answers are read and written again as they were', () => {
    for (const { path, res } of plain) {
      const { status = 200, ...body } = res
      const answer = answerFrom(path, status, toWire(body))
      expect(jsonOf(path, answer)).toEqual(res)
      const sent = responseTo(path, answer)
      expect(sent.status).toBe(status)
      expect(answerFrom(path, sent.status, sent.body)).toEqual(answer)
    }
  })
})

describe('on the wire', () => {
  test('keys and values are base64, and numbers of 64 bits are text', () => {
    const body = { key: 'ä', value: 'x', range_end: '\0', lease: 7, prev_kv: true, keys: ['a', 'b'] }
    const wire = { key: 'w6Q=', value: 'eA==', range_end: 'AA==', lease: '7', prev_kv: true, keys: ['YQ==', 'Yg=='] }
    expect(toWire(body)).toEqual(wire)
    expect(fromWire(wire)).toEqual(body)
    expect(fromWire({ key: 'w6Q', version: '3.5.33' })).toEqual({ key: 'ä', version: '3.5.33' })
    expect(toWire({ value: { kind: 'Pod' } })).toEqual({ value: 'eyJraW5kIjoiUG9kIn0=' })
    expect(() => fromWire({ key: '!' })).toThrow('illegal base64 data at input byte 0')
  })

  test('an error bears its code and its text twice', () => {
    const failed: EtcdFailed = {
      type: 'etcd.failed',
      code: 11,
      error: 'etcdserver: mvcc: required revision is a future revision',
    }
    expect(responseTo('/v3/kv/range', failed)).toEqual({
      status: 400,
      body: { error: failed.error, message: failed.error, code: 11 },
    })
    expect(answerFrom('/v3/kv/range', 400, responseTo('/v3/kv/range', failed).body)).toEqual(failed)
  })

  test('a watch is asked for in an envelope, and told in lines', () => {
    const request = requestAt('/v3/watch', { key: 'a', start_revision: 3, filters: ['NOPUT'], fragment: true })
    const [path, body] = bodyOf(request as never)
    expect([path, body]).toEqual([
      '/v3/watch',
      { create_request: { key: 'YQ==', start_revision: '3', filters: ['NOPUT'], fragment: true } },
    ])
    const kv = { key: 'a', value: 'x', createRevision: 2, modRevision: 3, version: 2 }
    const told: EtcdWatched[] = [
      { type: 'etcd.watched', revision: 3, events: [], created: true },
      { type: 'etcd.watched', revision: 3, events: [{ type: 'PUT', kv, prevKv: { ...kv, lease: 9 } }] },
      { type: 'etcd.watched', revision: 3, events: [{ type: 'PUT', kv }], fragment: true },
      { type: 'etcd.watched', revision: 5, events: [], canceled: '', compactRevision: 4 },
    ]
    expect(told.map((each) => watchedFrom(lineOf(each)))).toEqual(told)
  })

  test('nobody is at another path; those of leases had another once', () => {
    expect(requestFrom('/v3/nothing', {})).toBeUndefined()
    expect(requestFrom('/v3/kv/lease/leases', {})).toEqual({ type: 'etcd.LeaseLeases' })
    const leases: EtcdAnswered = { type: 'etcd.answered', revision: 2, reply: { leases: [5] } }
    expect(responseTo('/v3/kv/lease/leases', leases).body).toEqual({ header: { revision: '2' }, leases: [{ ID: '5' }] })
  })
})

describe('an administrator', () => {
  const member = { id: 5, name: 'm1', peerUrls: ['http://m1:2380'], clientUrls: ['http://m1:2379'], isLearner: true }
  test.each([
    [
      { type: 'etcd.MemberAdd', peerUrls: ['http://m4:2380'], isLearner: true },
      { members: [member], member },
    ],
    [{ type: 'etcd.MemberRemove', id: 5 }, { members: [member] }],
    [
      { type: 'etcd.MemberUpdate', id: 5, peerUrls: ['http://m5:2380'] },
      { members: [{ ...member, isLearner: false }] },
    ],
    [{ type: 'etcd.MemberPromote', id: 5 }, { members: [] }],
    [{ type: 'etcd.MemberList', linearizable: true }, { members: [{ ...member, name: '', clientUrls: [] }] }],
    [
      { type: 'etcd.HashKV', revision: 4 },
      { hash: 77, compactRevision: 3 },
    ],
    [
      { type: 'etcd.Alarm', action: 'activate', memberId: 5, alarm: 'nospace' },
      { alarms: [{ memberId: 5, alarm: 'nospace' }] },
    ],
    [{ type: 'etcd.MoveLeader', targetId: 5 }, {}],
    [{ type: 'etcd.Defragment' }, {}],
    [
      { type: 'etcd.Status' },
      {
        ...{
          version: '3.5.33',
          leader: 5,
          raftIndex: 9,
          raftAppliedIndex: 9,
          raftTerm: 2,
          dbSize: 20,
          dbSizeInUse: 10,
        },
        ...{ isLearner: false, errors: ['etcdserver: no leader'] },
      },
    ],
  ])('asks %j', (request, reply) => {
    const [path, body] = bodyOf(request as never)
    expect(requestFrom(path, body)).toEqual(request)
    const answer = { type: 'etcd.answered', revision: 3, reply } as EtcdAnswered
    expect(answerFrom(path, 200, responseTo(path, answer).body)).toEqual(answer)
  })
})
