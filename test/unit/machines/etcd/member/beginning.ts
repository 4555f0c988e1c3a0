/** How a member begins on an empty disk when it asks first; and what it is until it has a vote. */
import { describe, expect, test } from 'vitest'
import type { EventObject } from 'xstate'
import type { Context } from '../../../../../machines/etcd/context.ts'
import { etcd } from '../../../../../machines/etcd/member.ts'
import { numberOf } from '../../../../../machines/etcd/membership/identity.ts'
import type { Entry, KnownMember } from '../../../../../machines/protocol/raft.ts'
import { born, type Chart } from '../../../../kit/chart.ts'
import { put, range } from '../cluster.ts'

type Member = Chart<Context>
const [self, two, three] = ['etcd/cp-1', 'etcd/cp-2', 'etcd/cp-3'] as const
const me = `${self}#7`
const client = { from: 'client/1', call: 7 }
const event = (type: string, rest: object = {}): EventObject => ({ type, ...rest })
const synced = event('disk.synced', { key: 'raft' })
const answers = (member: Member) => member.did('answer').map(({ event: said }) => said)
const roleOf = ({ state }: Member): string => /serving\.role\.([a-zA-Z.]+)/.exec(state)?.[1] ?? state

const known = (id: string, isPublished = true): KnownMember => ({
  id,
  peerUrls: ['http://cp-1:2380'],
  name: '',
  isLearner: false,
  isPublished,
})
const told = (members: readonly KnownMember[], line: string = two): [EventObject, object] => [
  event('raft.membersTold', { members }),
  { line, from: line },
]
const begins = (initialClusterState: 'new' | 'existing'): Member =>
  born(etcd, { name: 'cp-1', members: [self, two, three], initialClusterState }, self)
const stranger = (): Member => begins('existing').on(...told([known(me)]))

const proposal = (number: number, request: object): Entry['data'] =>
  ({ origin: two, life: 1, number, request }) as Entry['data']
/** The log of a cluster to which it was added as a learner. */
const entries: readonly Entry[] = [
  { index: 1, term: 1, data: { addNode: two } },
  { index: 2, term: 1, data: { addNode: three } },
  {
    index: 3,
    term: 1,
    data: proposal(1, { type: 'etcd.MemberAdd', peerUrls: ['http://cp-1:2380'], isLearner: true, member: me }),
  },
  { index: 4, term: 1, data: proposal(2, { type: 'etcd.MemberPromote', id: numberOf(me) }) },
  { index: 5, term: 1, data: proposal(3, { type: 'etcd.MemberRemove', id: numberOf(me) }) },
]
const app = (from: number, to: number, commit = to): EventObject =>
  event('MsgApp', {
    term: 1,
    index: from - 1,
    logTerm: from > 1 ? 1 : 0,
    entries: entries.slice(from - 1, to),
    commit,
    to: me,
  })
const learner = (): Member => stranger().on(app(1, 3), { from: two }).on(synced).on(synced)

export default () => {
  describe('a member that joins', () => {
    test('asks who it is, and writes that down', () => {
      const member = begins('existing')
      expect(member.state).toBe('joining')
      expect(member.did('call').map(({ to, event: { type } }) => [to, type])).toEqual([
        [two, 'raft.Members'],
        [three, 'raft.Members'],
      ])
      const joined = member.on(...told([known(me)]))
      expect(joined.context.id).toBe(me)
      expect(joined.did('write')).toMatchObject([{ key: 'id', value: me }, { key: 'hard-state' }].slice(0, 1))
      expect(roleOf(joined)).toBe('learner.withoutLeader')
    })

    test('does not begin when nobody knows it, or nobody answers', () => {
      const one = begins('existing').on(...told([]))
      expect(one.state).toBe('joining')
      expect(one.on(event('call.lost', { line: three, reason: 'refused' })).state).toBe('refused')
      expect(begins('existing').after('bootstrap timeout').state).toBe('refused')
      expect(answers(begins('existing').on(event('raft.Members'), client))).toEqual([
        { type: 'raft.membersTold', members: [] },
      ])
    })
  })

  describe('a founder that asks first', () => {
    test('founds the cluster when it was not there before', () => {
      const one = begins('new').on(...told([known(self, false)]))
      expect(one.state).toBe('lookingAround')
      expect(roleOf(one.on(event('call.lost', { line: three, reason: 'refused' })))).toBe('follower.withoutLeader')
      expect(roleOf(begins('new').after('bootstrap timeout'))).toBe('follower.withoutLeader')
      expect(answers(begins('new').on(event('raft.Members'), client))).toMatchObject([{ members: [] }])
    })

    test('has lost its disk when the others know it from before', () => {
      expect(begins('new').on(...told([known(self)])).state).toBe('refused')
    })
  })

  describe('a learner', () => {
    test('follows the first leader that it hears of', () => {
      const snapshot = { index: 9, term: 1, state: stranger().context.replica }
      for (const said of [
        app(1, 1, 0),
        event('MsgHeartbeat', { term: 1, commit: 0, context: '', to: me }),
        event('MsgSnap', { term: 1, snapshot, to: me }),
      ]) {
        // Its term is 0 until it hears of a later one: then it comes by way of a follower without a vote.
        const first = stranger().on(said, { from: two })
        expect(roleOf(first)).toBe('learner.withLeader')
        const lost = first.on(event('MsgVote', { term: 1, index: 0, logTerm: 0, to: me }), { from: three })
        expect(roleOf(lost)).toBe('learner.withLeader')
        const later = first.on(event('MsgVote', { term: 2, index: 9, logTerm: 1, isTransfer: true, to: me }), {
          from: three,
        })
        expect(roleOf(later)).toBe('learner.withoutLeader')
        expect(roleOf(later.on({ ...said, term: 2 } as EventObject, { from: three }))).toBe('learner.withLeader')
        expect(roleOf(first.on(said, { from: two }))).toBe('learner.withLeader')
        const forwarded = event('MsgProp', { proposals: [proposal(9, put('a'))], to: me })
        expect(first.on(forwarded, { from: three }).context.outbox.at(-1)?.to ?? two).toBe(two)
      }
    })

    test('tells its name through the log, again and again until all know it', () => {
      const member = learner()
      expect(roleOf(member)).toBe('learner.withLeader')
      expect(member.state).toContain('membership.publishing')
      const again = member.after('request timeout')
      expect(again.did('send')).toMatchObject([
        {
          to: two,
          event: { type: 'MsgProp', proposals: [{ request: { type: 'etcd.Publish', member: me, name: 'cp-1' } }] },
        },
      ])
      const data = proposal(3, { type: 'etcd.Publish', member: me, name: 'cp-1' })
      const published = event('MsgApp', {
        term: 1,
        index: 3,
        logTerm: 1,
        entries: [{ index: 4, term: 1, data }],
        commit: 4,
        to: me,
      })
      expect(member.on(published, { from: two }).on(synced).state).toContain('membership.member')
    })

    test('serves reads that may be stale, and nothing else', () => {
      const member = learner()
      const refused = { type: 'etcd.failed', code: 14, error: 'etcdserver: rpc not supported for learner' }
      const names = ['Txn', 'Compact', 'LeaseGrant', 'LeaseRevoke', 'LeaseKeepAlive', 'LeaseTimeToLive', 'LeaseLeases']
      const admin = ['MemberList', 'MemberAdd', 'MemberRemove', 'MemberUpdate', 'MemberPromote', 'MoveLeader', 'HashKV']
      const all = [...names, ...admin, 'DeleteRange', 'Defragment', 'Alarm'].map((name) => event(`etcd.${name}`))
      for (const request of [put('a'), range('a'), ...all])
        expect(answers(member.on(request, client))).toEqual([refused])
      expect(answers(member.on(range('a', { serializable: true }), client))).toMatchObject([{ reply: { count: 0 } }])
      expect(answers(member.on(range(''), client))).toMatchObject([{ code: 3 }])
      expect(member.on(event('etcd.Watch', { key: 'a' }), client).did('end')).toHaveLength(1)
      expect(answers(member.on(event('etcd.Status'), client))).toMatchObject([{ reply: { isLearner: true } }])
    })

    test('is a follower as soon as its promotion is applied', () => {
      const promoted = learner().on(app(4, 4), { from: two }).on(synced)
      expect(roleOf(promoted)).toBe('follower.withLeader')
      const early = learner().on(app(4, 4), { from: two })
      const lost = early.on(event('MsgVote', { term: 2, index: 9, logTerm: 1, isTransfer: true, to: me }), {
        from: three,
      })
      expect(roleOf(lost)).toBe('learner.withoutLeader')
      expect(roleOf(lost.on(synced))).toBe('follower.withoutLeader')
    })

    test('that is removed before it was heard of leaves', () => {
      const gone = learner().on(app(4, 5), { from: two }).on(synced)
      expect(gone.state).toContain('membership.leaving')
      expect(gone.after('farewell').state).toBe('removed')
      expect(learner().on(event('member.gone', { to: me })).state).toBe('removed')
      expect(roleOf(learner().on(event('member.gone'), { from: two }))).toBe('learner.withLeader')
    })
  })
}
