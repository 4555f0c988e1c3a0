/** What an administrator asks of a member: other members, another leader, how it is. */
import { describe, expect, test } from 'vitest'
import type { EventObject } from 'xstate'
import type { Context } from '../../../../../machines/etcd/context.ts'
import { etcd } from '../../../../../machines/etcd/member.ts'
import { numberOf } from '../../../../../machines/etcd/membership/identity.ts'
import type { RaftMessage } from '../../../../../machines/protocol/raft.ts'
import { born, type Chart } from '../../../../kit/chart.ts'
import { put } from '../cluster.ts'

type Member = Chart<Context>
const [self, two, three] = ['etcd/cp-1', 'etcd/cp-2', 'etcd/cp-3'] as const
const four = 'etcd/cp-4'
const AT = 86_400_000
const client = { from: 'client/1', call: 7 }
const event = (type: string, rest: object = {}): EventObject => ({ type, ...rest })
const synced = event('disk.synced', { key: 'raft' })
const answers = (member: Member) => member.did('answer').map(({ event: said }) => said)
const sent = (member: Member, to: string) =>
  member.did('send').flatMap((effect) => (effect.to === to ? [effect.event as RaftMessage] : []))
const roleOf = ({ state }: Member): string => /serving\.role\.([a-zA-Z.]+)/.exec(state)?.[1] ?? state

const newcomer = (members: readonly string[] = [self, two, three], rest: object = {}): Member =>
  born(etcd, { name: 'cp-1', members, ...rest }, self).on(synced)
const patient = (member: Member): Member => member.on(event('election.due'), { at: member.context.patience.checkAt })
const alone = (rest: object = {}): Member => patient(newcomer([self], rest)).on(synced)
const follower = (): Member => newcomer().on(event('MsgHeartbeat', { term: 1, commit: 0, context: '' }), { from: two })
const acked = (member: Member, from: string, index: number, term = 2): Member =>
  member.on(event('MsgAppResp', { term, index, reject: false, rejectHint: 0, logTerm: 0 }), { from })
function leader(): Member {
  const candidate = patient(newcomer()).on(event('MsgPreVoteResp', { term: 2, reject: false }), { from: two })
  const elected = candidate.on(synced).on(event('MsgVoteResp', { term: 2, reject: false }), { from: two })
  return acked(acked(elected.on(synced), two, 4), three, 4)
}
const add = event('etcd.MemberAdd', { peerUrls: ['http://cp-4:2380'] })
const probed = (upMs: number): EventObject => event('raft.probed', { upMs })
const later = { at: AT + 60_000 }
const lineTo = (id: string) => ({ line: `probe ${id}`, ...later })

export default () => {
  describe('a change of the members', () => {
    test('is refused at once when it makes no sense', () => {
      for (const type of ['etcd.MemberAdd', 'etcd.MemberUpdate'])
        expect(answers(leader().on(event(type, { peerUrls: ['nonsense'] }), client))).toMatchObject([{ code: 3 }])
      const known = leader().context.replica.membership
      expect(known.members).toHaveLength(3)
      const remove = event('etcd.MemberRemove', { id: numberOf(self) })
      expect(answers(alone().on(remove, client))).toMatchObject([
        { code: 2, error: 'etcdserver: re-configuration failed due to not enough started members' },
      ])
    })

    test('goes into the log when a majority has long been connected', () => {
      const asked = leader().on(add, { ...client, ...later })
      expect(asked.did('call').map(({ to }) => to)).toEqual([two, three])
      expect(asked.on(probed(9_000), lineTo(two)).state).toContain('probing')
      const both = asked.on(probed(9_000), lineTo(two)).on(probed(9_000), lineTo(three))
      expect(sent(both, two)).toMatchObject([{ entries: [{ data: { request: { type: 'etcd.MemberAdd' } } }] }])
      const applied = acked(both.on(synced), two, 5)
      expect(answers(applied)).toMatchObject([{ reply: { member: { name: '' }, members: [{}, {}, {}, {}] } }])
      expect(applied.context.voters).toHaveLength(4)
    })

    test('is refused when one of three is not connected, or has not been for long', () => {
      const asked = leader().on(add, { ...client, ...later })
      const young = asked.on(probed(9_000), lineTo(two)).on(probed(100), lineTo(three))
      expect(answers(young)).toMatchObject([{ code: 14, error: 'etcdserver: unhealthy cluster' }])
      const lost = event('call.lost', { line: `probe ${three}`, reason: 'refused' })
      expect(answers(asked.on(probed(9_000), lineTo(two)).on(lost))).toMatchObject([{ code: 14 }])
      expect(answers(asked.on(probed(9_000), lineTo(two)).after('probe timeout'))).toMatchObject([{ code: 14 }])
      expect(asked.on(event('call.lost', { line: 'another', reason: 'refused' })).state).toContain('probing')
      expect(asked.on(probed(9_000), { line: 'another' }).context.probing.open).toHaveLength(2)
    })

    test('removes who does not answer, and says how it is reached', () => {
      const remove = event('etcd.MemberRemove', { id: numberOf(three) })
      const asked = leader().on(remove, { ...client, ...later })
      const overdue = asked.on(probed(9_000), lineTo(two)).after('probe timeout')
      expect(sent(overdue, two)).toMatchObject([{ entries: [{ data: { request: remove } }] }])
      const update = event('etcd.MemberUpdate', { id: numberOf(three), peerUrls: ['http://cp-9:2380'] })
      expect(sent(leader().on(update, client), two)).toMatchObject([{ entries: [{ data: { request: update } }] }])
    })

    test('that is committed but not applied keeps a member from standing', () => {
      const data = { origin: two, life: 1, number: 1, request: event('etcd.MemberRemove', { id: numberOf(three) }) }
      const app = event('MsgApp', { term: 1, index: 3, logTerm: 1, entries: [{ index: 4, term: 1, data }], commit: 4 })
      const member = follower().on(app, { from: two })
      expect(roleOf(patient(patient(member)))).toBe('follower.withLeader')
      expect(roleOf(patient(patient(member.on(synced))))).toBe('preCandidate')
    })

    test('tells who is no member any more that it is gone', () => {
      const data = { origin: two, life: 1, number: 1, request: event('etcd.MemberRemove', { id: numberOf(three) }) }
      const app = event('MsgApp', { term: 1, index: 3, logTerm: 1, entries: [{ index: 4, term: 1, data }], commit: 4 })
      const member = follower().on(app, { from: two }).on(synced)
      for (const type of ['MsgPreVote', 'MsgVote']) {
        const asks = event(type, { term: 9, index: 9, logTerm: 9 })
        expect(sent(member.on(asks, { from: three }), three)).toEqual([{ type: 'member.gone' }])
        expect(member.on({ ...asks, to: `${self}#3` } as EventObject, { from: two }).asked).toEqual([])
      }
      expect(follower().on(event('member.gone'), { from: two }).state).toBe('removed')
    })

    test('that removes the leader leaves it to pass on the log for a second, and nothing more', () => {
      const remove = event('etcd.MemberRemove', { id: numberOf(self) })
      const asked = leader().on(remove, { ...client, ...later })
      const proposed = asked.on(probed(9_000), lineTo(two)).on(probed(9_000), lineTo(three)).on(synced)
      const removed = acked(acked(proposed, two, 5), three, 5)
      expect(removed.state).toContain('membership.leaving')
      expect(roleOf(removed)).toBe('leader.leading')
      expect(answers(removed.on(put('a'), client))).toMatchObject([{ error: 'raft proposal dropped' }])
    })

    test('makes a voter of a learner that has nearly all', () => {
      const promote = (id: string): EventObject => event('etcd.MemberPromote', { id: numberOf(id) })
      expect(answers(leader().on(promote(four), client))).toMatchObject([{ code: 5 }])
      expect(sent(leader().on(promote(two), client), two)).toHaveLength(1)
      expect(sent(leader().on(promote(self), client), two)).toHaveLength(1)
      expect(follower().on(promote(four), client).did('call')).toMatchObject([{ to: two }])
      const candidate = patient(newcomer()).on(event('MsgPreVoteResp', { term: 2, reject: false }), { from: two })
      for (const member of [newcomer(), patient(newcomer()), candidate])
        expect(answers(member.on(promote(four), client))).toMatchObject([{ code: 14 }])
    })

    test('says who belongs to the cluster, to peers and to clients', () => {
      expect(answers(follower().on(event('raft.Members'), client))).toMatchObject([{ members: [{}, {}, {}] }])
      expect(answers(follower().on(event('raft.Probe'), { ...client, ...later }))).toMatchObject([{ upMs: 60_000 }])
      const list = (linearizable: boolean): EventObject => event('etcd.MemberList', { linearizable })
      expect(answers(follower().on(list(false), client))).toMatchObject([{ reply: { members: [{}, {}, {}] } }])
      const asked = follower().on(list(true), client)
      const [{ context }] = sent(asked, two) as unknown as [{ context: string }]
      const told = asked.on(event('MsgReadIndexResp', { term: 1, index: 3, context }), { from: two })
      expect(answers(told)).toMatchObject([{ reply: { members: [{}, {}, {}] } }])
    })
  })

  describe('the lead', () => {
    const move = (id: string): EventObject => event('etcd.MoveLeader', { targetId: numberOf(id) })
    const standing = event('MsgTimeoutNow', { term: 1 })

    test('goes to an heir that has the whole log', () => {
      const handing = leader().on(move(two), client)
      expect(roleOf(handing)).toBe('leader.handingOver')
      expect(sent(handing, two)).toEqual([{ type: 'MsgTimeoutNow', term: 2 }])
      expect(answers(handing.on(put('a'), client))).toMatchObject([{ error: 'raft proposal dropped' }])
      const waits = handing.after('look at the leader')
      expect(answers(waits)).toEqual([])
      const led = waits.on(event('MsgHeartbeat', { term: 3, commit: 4, context: '' }), { from: two })
      expect(answers(led.after('look at the leader'))).toMatchObject([{ type: 'etcd.answered' }])
    })

    test('is asked for by no pre-vote, and nobody holds the old leader against it', () => {
      const heir = follower().on(standing, { from: two })
      expect(roleOf(heir)).toBe('candidate')
      expect(sent(heir.on(synced), three)).toEqual([
        { type: 'MsgVote', term: 2, index: 3, logTerm: 1, isTransfer: true },
      ])
      const asked = follower().on(event('MsgVote', { term: 2, index: 3, logTerm: 1, isTransfer: true }), {
        from: three,
      })
      expect(asked.context.vote).toBe(three)
      expect(roleOf(follower().on(event('MsgTimeoutNow', { term: 0 }), { from: two }))).toBe('follower.withLeader')
    })

    test('stays when the heir lags, is removed, or does not make it', () => {
      const behind = leader().on(put('a'), client).on(move(two), client)
      expect(sent(behind, two).map(({ type }) => type)).not.toContain('MsgTimeoutNow')
      expect(sent(acked(behind.on(synced), two, 5), two).map(({ type }) => type)).toContain('MsgTimeoutNow')
      expect(roleOf(behind.after('election timeout'))).toBe('leader.leading')
      expect(answers(behind.after('request timeout'))).toMatchObject([{ code: 2 }])
      expect(answers(behind.on(move(three), { ...client, call: 8 }))).toMatchObject([{ code: 2 }])
      const asked = leader().on(event('etcd.MemberRemove', { id: numberOf(two) }), { ...client, ...later })
      const proposed = asked.on(probed(9_000), lineTo(two)).on(probed(9_000), lineTo(three))
      const handing = proposed.on(move(two), client).on(synced)
      expect(roleOf(handing)).toBe('leader.handingOver')
      expect(roleOf(acked(handing, three, 5))).toBe('leader.leading')
    })

    test('is the leader’s to give, to a voter', () => {
      expect(answers(follower().on(move(two), client))).toMatchObject([{ error: 'etcdserver: not leader' }])
      expect(answers(leader().on(move(four), client))).toMatchObject([{ error: 'etcdserver: bad leader transferee' }])
      expect(answers(leader().on(move(self), client))).toMatchObject([{ type: 'etcd.answered' }])
    })
  })

  describe('maintenance', () => {
    test('tells how a member is', () => {
      expect(answers(alone().on(event('etcd.Status'), client))).toMatchObject([
        { reply: { leader: numberOf(self), raftTerm: 2, errors: [], isLearner: false } },
      ])
      expect(answers(newcomer().on(event('etcd.Status'), client))).toMatchObject([
        { reply: { leader: 0, errors: ['etcdserver: no leader'] } },
      ])
    })

    test('finds the same hash in the same store, and none of what is compacted or to come', () => {
      const hash = (revision: number): EventObject => event('etcd.HashKV', { revision })
      const member = alone().on(put('a', 1), client).on(synced).on(put('a', 2), client).on(synced)
      const [now] = answers(member.on(hash(0), client)) as unknown as [{ reply: { hash: number } }]
      expect(answers(member.on(hash(3), client))).toEqual([now])
      expect(answers(member.on(hash(2), client))).not.toEqual([now])
      expect(answers(member.on(hash(9), client))).toMatchObject([{ code: 11 }])
      const compacted = member.on(event('etcd.Compact', { revision: 3 }), client).on(synced)
      expect(answers(compacted.on(hash(2), client))).toMatchObject([{ code: 11 }])
    })

    test('sends the whole store in parts', () => {
      const member = alone().on(put('a', 1), client).on(synced).on(event('etcd.Snapshot'), client)
      expect(member.did('push').map(({ event: part }) => part)).toMatchObject([
        { revision: 2, remaining: 0, changes: [{ key: 'a' }] },
        { changes: [], digest: expect.any(Number) },
      ])
      expect(member.did('end')).toHaveLength(1)
    })

    test('raises an alarm when the quota is used up; nothing grows until it is disarmed', () => {
      const text = 'x'.repeat(40_000)
      const alarm = (action: string, memberId = numberOf(self)): EventObject =>
        event('etcd.Alarm', { action, memberId, alarm: 'nospace' })
      const full = alone({ quotaBackendBytes: 65_536 }).on(put('a', text), client).on(synced)
      expect(answers(full)).toMatchObject([{ revision: 2 }])
      const grant = event('etcd.LeaseGrant', { id: 5, ttlSeconds: 10 })
      const txn = event('etcd.Txn', { compare: [], success: [put('b', text)], failure: [] })
      for (const request of [put('b', text), txn]) {
        const raised = full.on(request, client).on(synced)
        expect(answers(raised)).toMatchObject([{ code: 8, error: 'etcdserver: mvcc: database space exceeded' }])
        expect(answers(raised.on(put('c', ''), client).on(synced))).toMatchObject([{ code: 8 }])
        expect(answers(raised.on(event('etcd.Status'), client))).toMatchObject([
          { reply: { errors: [`memberID:${numberOf(self)} alarm:NOSPACE `] } },
        ])
        expect(answers(raised.on(event('etcd.Health'), client))).toMatchObject([{ reply: { reason: 'ALARM NOSPACE' } }])
        const none = raised.on(alarm('deactivate', 0), client).on(synced)
        expect(answers(none)).toMatchObject([{ reply: { alarms: [] } }])
        const disarmed = none.on(alarm('deactivate'), client).on(synced)
        expect(answers(disarmed)).toMatchObject([{ reply: { alarms: [{ alarm: 'nospace' }] } }])
        expect(answers(disarmed.on(put('c', ''), client).on(synced))).toMatchObject([{ revision: 3 }])
      }
      const brim = alone({ quotaBackendBytes: 20_500 })
      expect(answers(brim.on(grant, client).on(synced))).toMatchObject([{ code: 8 }])
    })

    test('takes the file down to what is in it', () => {
      const dbSize = (member: Member): number =>
        (answers(member.on(event('etcd.Status'), client)) as unknown as [{ reply: { dbSize: number } }])[0].reply.dbSize
      const written = alone({ quotaBackendBytes: 1e9 })
        .on(put('a', 'x'.repeat(9_000)), client)
        .on(synced)
        .on(put('a', ''), client)
        .on(synced)
      const compacted = written.on(event('etcd.Compact', { revision: 3 }), client).on(synced)
      expect(dbSize(compacted)).toBe(dbSize(written))
      expect(dbSize(compacted.on(event('etcd.Defragment'), client))).toBeLessThan(dbSize(written) - 8_000)
    })

    test('refuses what is too large for the log, or for a message', () => {
      const large = 'x'.repeat(1_572_864)
      const txn = event('etcd.Txn', { compare: [], success: [put('b', large)], failure: [] })
      for (const request of [put('k', large), txn])
        expect(answers(alone().on(request, client))).toMatchObject([{ error: 'etcdserver: request is too large' }])
      expect(answers(alone().on(put('k', 'x'.repeat(2_621_440)), client))).toMatchObject([
        { code: 8, error: 'grpc: received message larger than max (2621448 vs. 2097152)' },
      ])
    })

    test('is well when a quorum answers', () => {
      const health = event('etcd.Health')
      expect(answers(newcomer().on(health, client))).toMatchObject([
        { reply: { health: 'false', reason: 'RAFT NO LEADER' } },
      ])
      expect(answers(newcomer().on(event('etcd.Health', { serializable: true }), client))).toMatchObject([
        { reply: { health: 'true' } },
      ])
      const asked = follower().on(health, client)
      const [{ context }] = sent(asked, two) as unknown as [{ context: string }]
      const told = asked.on(event('MsgReadIndexResp', { term: 1, index: 3, context }), { from: two })
      expect(answers(told)).toMatchObject([{ reply: { health: 'true', reason: '' } }])
      expect(answers(asked.after('request timeout'))).toMatchObject([
        { reply: { health: 'false', reason: 'RANGE ERROR:etcdserver: request timed out' } },
      ])
    })
  })
}
