import { describe, expect, test } from 'vitest'
import type { EventObject } from 'xstate'
import type { Context } from '../../../../machines/etcd/context.ts'
import { etcd } from '../../../../machines/etcd/member.ts'
import type { EtcdAnswered, EtcdWatched } from '../../../../machines/protocol/etcd.ts'
import type { Entry, MsgApp, RaftMessage } from '../../../../machines/protocol/raft.ts'
import type { Effect } from '../../../../runtime/contract.ts'
import { Tree } from '../../../../runtime/tree.ts'
import { born, type Chart, expectWhole } from '../../../kit/chart.ts'
import { equivalent } from '../../../kit/equivalence.ts'
import { put, range } from './cluster.ts'
import administered from './member/administered.ts'
import beginning from './member/beginning.ts'

type Member = Chart<Context>
const [self, two, three] = ['etcd/cp-1', 'etcd/cp-2', 'etcd/cp-3'] as const
const AT = 86_400_000
const client = { from: 'kube-apiserver/cp-1', call: 7 }

const event = (type: string, rest: object = {}): EventObject => ({ type, ...rest })
const synced = event('disk.synced', { key: 'raft' })
const electionDue = event('election.due')
const message = (of: RaftMessage): EventObject => of

/** Its founding entries are on the disk: a follower that knows no leader, in term 1 at index 3. */
const newcomer = (): Member => born(etcd, { name: 'cp-1', members: [self, two, three] }, self).on(synced)
const alone = (): Member => born(etcd, { name: 'cp-1', members: [self] }, self).on(synced)
/** Paused time does not count: the clock is read a timeout after it was wound. */
const patient = (member: Member): Member => member.on(electionDue, { at: member.context.patience.checkAt })
const preCandidate = (): Member => patient(newcomer())
const candidate = (): Member =>
  preCandidate().on(message({ type: 'MsgPreVoteResp', term: 2, reject: false }), { from: two })
const elected = (): Member =>
  candidate()
    .on(synced)
    .on(message({ type: 'MsgVoteResp', term: 2, reject: false }), { from: two })
const acked = (member: Member, from: string, index: number): Member =>
  member.on(message({ type: 'MsgAppResp', term: 2, index, reject: false, rejectHint: 0, logTerm: 0 }), { from })
/** Its first entry is committed, and both followers have it. */
const leader = (): Member => acked(acked(elected().on(synced), two, 4), three, 4)
const heartbeat = (term: number, commit = 0): EventObject =>
  message({ type: 'MsgHeartbeat', term, commit, context: '' })
const follower = (): Member => newcomer().on(heartbeat(1), { from: two })
const loneLeader = (): Member => patient(alone()).on(synced)

const app = (rest: Partial<MsgApp>): EventObject =>
  message({ type: 'MsgApp', term: 1, index: 3, logTerm: 1, entries: [], commit: 3, ...rest })
const proposal = (key: string): Entry['data'] => ({
  origin: two,
  life: 1,
  number: 0,
  request: { type: 'etcd.Put', key, value: 'v' },
})
const entry = (index: number, term: number, key = 'a'): Entry => ({ index, term, data: proposal(key) })

const sent = (member: Member, to?: string): readonly RaftMessage[] =>
  member
    .did('send')
    .filter((effect) => to === undefined || effect.to === to)
    .map(({ event: said }) => said as RaftMessage)
const answers = (member: Member) => member.did('answer').map(({ event: said }) => said)
const roleOf = ({ state }: Member): string =>
  /serving\.role\.([a-zA-Z.]+)/.exec(state)?.[1]?.replace('.leading', '') ?? state
const keysWritten = (effects: readonly Effect[]): readonly string[] =>
  effects.flatMap((effect) => (effect.do === 'write' ? [effect.key] : []))

interface Named {
  readonly context: string
}

describe('a member that begins', () => {
  test('writes the founding entries and knows no leader', () => {
    const member = born(etcd, { name: 'cp-1', members: [self, two, three] }, self)
    expect(roleOf(member)).toBe('follower.withoutLeader')
    expect(keysWritten(member.asked)).toEqual(['log/0000000000', 'hard-state'])
    expect(member.asked.at(-1)).toEqual({ do: 'sync', key: 'raft' })
    expect(member.on(synced).context).toMatchObject({ term: 1, applied: 3, stable: 3 })
  })

  test('finds again what its former life left on the disk', () => {
    const disk = Tree.of<unknown>([
      ['hard-state', { term: 4, vote: two, commit: 2 }],
      ['log/0000000000', [{ index: 1, term: 1, data: { addNode: self } }, entry(2, 3), entry(3, 4), entry(4, 1)]],
      ['log/0000000064', [entry(64, 4)]],
    ])
    const { context, asked } = born(etcd, { name: 'cp-1', members: [self, two, three] }, self, { disk })
    expect(context).toMatchObject({ term: 4, vote: two, commit: 2, applied: 2, log: { last: { index: 3, term: 4 } } })
    expect(context.replica.store.keys.get('a')).toMatchObject({ version: 1 })
    expect(asked.map((effect) => effect.do)).toEqual(['wake'])
  })

  test('alone, elects itself within the election timeout and commits its first entry by its own disk', () => {
    const member = alone()
    const leftMs = member.context.patience.checkAt - AT
    expect(leftMs).toBeGreaterThan(0)
    expect(leftMs).toBeLessThanOrEqual(1_100)
    const now = loneLeader()
    expect(roleOf(now)).toBe('leader')
    expect(now.context).toMatchObject({ term: 2, commit: 2, applied: 2 })
    expect(loneLeader().did('wake')).toEqual([])
  })
})

describe('an election', () => {
  test('does not begin while a leader was heard since the clock was wound', () => {
    const member = follower().on(heartbeat(1), { from: two, at: AT + 900 })
    const slept = member.on(electionDue, { at: member.context.patience.checkAt })
    expect(roleOf(slept)).toBe('follower.withLeader')
    expect(slept.did('wake')).toMatchObject([{ key: 'election' }])
    expect(slept.context.patience.checkAt).toBeGreaterThan(member.context.patience.checkAt)
  })

  test('does not begin because the process was paused', () => {
    const late = follower().on(heartbeat(1), { from: two, at: AT + 900 })
    const woken = late.on(electionDue, { at: late.context.patience.checkAt + 5_000 })
    expect(roleOf(woken)).toBe('follower.withLeader')
  })

  test('begins with the question whether it would be won, and no term is touched', () => {
    const member = preCandidate()
    expect(member.context).toMatchObject({ term: 1, vote: '', votes: { [self]: true } })
    expect(sent(member)).toEqual([
      { type: 'MsgPreVote', term: 2, index: 3, logTerm: 1 },
      { type: 'MsgPreVote', term: 2, index: 3, logTerm: 1 },
    ])
    expect(roleOf(patient(member))).toBe('preCandidate')
  })

  test('is given up when a quorum would not help', () => {
    const no = message({ type: 'MsgPreVoteResp', term: 1, reject: true })
    const member = preCandidate().on(no, { from: two })
    expect(roleOf(member)).toBe('preCandidate')
    expect(roleOf(member.on(no, { from: three }))).toBe('follower.withoutLeader')
    const later = message({ type: 'MsgPreVoteResp', term: 5, reject: true })
    expect(preCandidate().on(later, { from: two }).context.term).toBe(5)
    expect(newcomer().on(later, { from: two }).context.term).toBe(5)
  })

  test('raises the term and votes for itself; others are asked when that is on the disk', () => {
    const member = candidate()
    expect(roleOf(member)).toBe('candidate')
    expect(keysWritten(member.asked)).toEqual(['hard-state'])
    expect(sent(member)).toEqual([])
    expect(sent(member.on(synced), two)).toEqual([{ type: 'MsgVote', term: 2, index: 3, logTerm: 1 }])
    expect(roleOf(patient(member))).toBe('preCandidate')
  })

  test('is lost when a quorum has voted for others', () => {
    const no = message({ type: 'MsgVoteResp', term: 2, reject: true })
    expect(roleOf(candidate().on(no, { from: two }).on(no, { from: three }))).toBe('follower.withoutLeader')
    const later = message({ type: 'MsgVoteResp', term: 3, reject: true })
    expect(candidate().on(later, { from: two }).context).toMatchObject({ term: 3, vote: '' })
  })

  test('is won with a quorum; the first entry of the term goes out at once', () => {
    const member = elected()
    expect(roleOf(member)).toBe('leader')
    expect(sent(member, two)).toMatchObject([
      { type: 'MsgApp', index: 3, logTerm: 1, commit: 3, entries: [{ index: 4, term: 2, data: undefined }] },
    ])
    expect(keysWritten(member.asked)).toEqual(['log/0000000000'])
  })

  test.each([
    ['pre-candidate', preCandidate, 1],
    ['candidate', candidate, 2],
  ] as const)('is over for a %s that hears of a leader', (_, standing, term) => {
    expect(roleOf(standing().on(app({ term }), { from: two }))).toBe('follower.withLeader')
    expect(roleOf(standing().on(heartbeat(term), { from: two }))).toBe('follower.withLeader')
    const snapshot = { index: 9, term, state: newcomer().context.replica }
    expect(roleOf(standing().on(message({ type: 'MsgSnap', term, snapshot }), { from: two }))).toBe(
      'follower.withLeader',
    )
    expect(standing().on(heartbeat(term, 99), { from: two }).done).toBe(true)
  })
})

describe('a vote', () => {
  const asks = (term: number, index = 3, logTerm = 1): EventObject => message({ type: 'MsgVote', term, index, logTerm })
  const preAsks = (term: number, index = 3, logTerm = 1): EventObject =>
    message({ type: 'MsgPreVote', term, index, logTerm })

  test('is given once in a term, and told when it is on the disk', () => {
    const member = newcomer().on(asks(2), { from: two })
    expect(member.context).toMatchObject({ term: 2, vote: two })
    expect(sent(member)).toEqual([])
    const voted = member.on(synced)
    expect(sent(voted, two)).toEqual([{ type: 'MsgVoteResp', term: 2, reject: false }])
    expect(sent(voted.on(asks(2), { from: two }))).toEqual([{ type: 'MsgVoteResp', term: 2, reject: false }])
    expect(sent(voted.on(asks(2), { from: three }))).toEqual([{ type: 'MsgVoteResp', term: 2, reject: true }])
    expect(sent(voted.on(asks(1), { from: three }))).toEqual([])
  })

  test('is refused to a log that ends earlier, though the term is taken over', () => {
    const member = newcomer().on(asks(2, 2), { from: two }).on(synced)
    expect(member.context).toMatchObject({ term: 2, vote: '' })
    expect(sent(member)).toEqual([{ type: 'MsgVoteResp', term: 2, reject: true }])
  })

  test('and a pre-vote are not answered while a leader is heard', () => {
    for (const asked of [asks(5), preAsks(5)]) {
      const member = follower().on(asked, { from: three, at: AT + 500 })
      expect(member.context.term).toBe(1)
      expect(sent(member)).toEqual([])
    }
  })

  test('in advance is for any later term and as good a log', () => {
    expect(sent(newcomer().on(preAsks(2), { from: two }))).toEqual([{ type: 'MsgPreVoteResp', term: 2, reject: false }])
    expect(sent(newcomer().on(preAsks(2, 2), { from: two }))).toEqual([
      { type: 'MsgPreVoteResp', term: 1, reject: true },
    ])
    expect(newcomer().on(preAsks(9), { from: two }).context.term).toBe(1)
  })
})

describe('a follower', () => {
  test('answers an append when it is on the disk, and applies what is committed', () => {
    const member = follower().on(app({ entries: [entry(4, 1)], commit: 4 }), { from: two })
    expect(sent(member)).toEqual([])
    expect(member.context).toMatchObject({ commit: 4, applied: 3 })
    const done = member.on(synced)
    expect(sent(done, two)).toMatchObject([{ type: 'MsgAppResp', index: 4, reject: false }])
    expect(done.context.applied).toBe(4)
  })

  test('lets what comes meanwhile share the next write', () => {
    const member = follower()
      .on(app({ entries: [entry(4, 1)] }), { from: two })
      .on(app({ index: 4, entries: [entry(5, 1)] }), { from: two })
    expect(member.asked).toEqual([])
    const first = member.on(synced)
    expect(sent(first)).toMatchObject([{ index: 4 }])
    expect(keysWritten(first.asked)).toEqual(['log/0000000000'])
    expect(sent(first.on(synced))).toMatchObject([{ index: 5 }])
  })

  test('says where the logs may agree', () => {
    const member = follower().on(app({ index: 8, logTerm: 1, entries: [entry(9, 1)] }), { from: two })
    expect(sent(member)).toMatchObject([{ type: 'MsgAppResp', index: 8, reject: true, rejectHint: 3, logTerm: 1 }])
  })

  test('gives up entries that a later leader does not have', () => {
    const member = follower()
      .on(app({ entries: [entry(4, 1), entry(5, 1)] }), { from: two })
      .on(synced)
      .on(app({ term: 2, entries: [entry(4, 2, 'b')] }), { from: three })
    expect(member.context.log.last).toEqual({ index: 4, term: 2 })
    expect(keysWritten(member.asked)).toEqual(['log/0000000000', 'hard-state'])
    expect(member.context.lead).toBe(three)
  })

  test('that knew no leader follows the first that it hears of in its term', () => {
    expect(roleOf(newcomer().on(app({}), { from: two }))).toBe('follower.withLeader')
    const snapshot = { index: 9, term: 1, state: newcomer().context.replica }
    const member = newcomer().on(message({ type: 'MsgSnap', term: 1, snapshot }), { from: two })
    expect(member.context).toMatchObject({ lead: two, applied: 9, commit: 9 })
    expect(keysWritten(member.asked)).toEqual(['snapshot', 'log/0000000000'])
    expect(sent(member.on(synced))).toMatchObject([{ type: 'MsgAppResp', index: 9 }])
  })

  test('takes a snapshot only when it is ahead of its own log, and tells its watchers what it skipped', () => {
    const state = loneLeader().on(put('a'), client).on(synced).context.replica
    const watching = follower().on(event('etcd.Watch', { key: 'a' }), client)
    const old = watching.on(message({ type: 'MsgSnap', term: 1, snapshot: { index: 2, term: 1, state } }), {
      from: two,
    })
    expect(sent(old)).toMatchObject([{ index: 3 }])
    const known = watching.on(message({ type: 'MsgSnap', term: 2, snapshot: { index: 9, term: 2, state } }), {
      from: two,
    })
    expect(known.context.watchers.behind.size).toBe(1)
    const told = known.on(synced).after('next turn of the watch loop')
    expect(told.did('push')).toMatchObject([{ stream: 7, event: { events: [{ type: 'PUT', kv: { key: 'a' } }] } }])
  })

  test('of a later leader adopts its term; one of an earlier term is told', () => {
    expect(follower().on(heartbeat(3), { from: three }).context).toMatchObject({ term: 3, lead: three })
    const late = follower().on(heartbeat(3), { from: three }).on(synced)
    expect(sent(late.on(heartbeat(1), { from: two }))).toMatchObject([{ type: 'MsgAppResp', term: 3 }])
    expect(sent(late.on(app({}), { from: two }))).toMatchObject([{ type: 'MsgAppResp', term: 3 }])
  })

  test('panics when its leader knows of entries that it has lost', () => {
    expect(follower().on(heartbeat(1, 29), { from: two }).done).toBe(true)
    expect(follower().on(heartbeat(2, 29), { from: two }).state).toBe('panicked')
    expect(newcomer().on(heartbeat(1, 29), { from: two }).state).toBe('panicked')
  })

  test('holds writes until it knows a leader, and forwards them', () => {
    const member = newcomer().on(put('a'), client)
    expect(member.context.proposals).toHaveLength(1)
    const known = member.on(heartbeat(1), { from: two })
    expect(sent(known, two)).toMatchObject([{ type: 'MsgHeartbeatResp' }, { type: 'MsgProp' }])
    expect(sent(follower().on(put('a'), client), two)).toMatchObject([
      { type: 'MsgProp', proposals: [{ origin: self, request: { key: 'a' } }] },
    ])
  })

  test('passes on what was meant for it when it led', () => {
    const forwarded = message({ type: 'MsgProp', proposals: [proposal('a') as never] })
    expect(sent(follower().on(forwarded, { from: three }), two)).toEqual([forwarded])
  })

  test('answers its client once it has applied the entry itself', () => {
    const member = follower().on(put('a'), client)
    const [data] = (sent(member, two)[0] as { proposals: readonly Entry['data'][] }).proposals
    const applied = member.on(app({ entries: [{ index: 4, term: 1, data }], commit: 4 }), { from: two }).on(synced)
    expect(applied.did('answer')).toMatchObject([
      { to: client.from, call: 7, event: { type: 'etcd.answered', revision: 2 } },
    ])
  })

  test('asks the leader about leases, and says when there is none', () => {
    for (const type of ['etcd.LeaseKeepAlive', 'etcd.LeaseTimeToLive']) {
      const asked = event(type, { id: 5 })
      const member = follower().on(asked, client)
      const [{ to, line }] = member.did('call') as unknown as [{ to: string; line: string }]
      expect(to).toBe(two)
      const reply: EtcdAnswered = { type: 'etcd.answered', revision: 1, reply: { id: 5, ttlSeconds: 9 } }
      expect(answers(member.on(reply, { line }))).toEqual([reply])
      expect(answers(member.on(event('etcd.failed', { code: 14, error: 'x' }), { line }))).toHaveLength(1)
      expect(answers(member.on(event('call.lost', { line, reason: 'reset' })))).toMatchObject([{ code: 14 }])
      for (const without of [newcomer, preCandidate, candidate])
        expect(answers(without().on(asked, client))).toMatchObject([{ type: 'etcd.failed', code: 14 }])
    }
  })
})

describe('a leader', () => {
  test('copies a proposal to the others while it writes it, and answers when a quorum has it', () => {
    const member = leader().on(put('a'), client)
    expect(sent(member)).toMatchObject([
      { type: 'MsgApp', index: 4, entries: [{ index: 5 }] },
      { type: 'MsgApp', index: 4, entries: [{ index: 5 }] },
    ])
    expect(answers(member.on(synced))).toEqual([])
    const committed = acked(member.on(synced), three, 5)
    expect(answers(committed)).toMatchObject([{ type: 'etcd.answered', revision: 2 }])
    expect(sent(committed, two)).toMatchObject([{ type: 'MsgApp', entries: [], commit: 5 }])
  })

  test('does not commit entries of earlier terms by counting', () => {
    const member = acked(elected(), two, 3)
    expect(member.context.commit).toBe(3)
    expect(acked(member.on(synced), two, 4).context.commit).toBe(4)
  })

  test('takes proposals that followers forward', () => {
    const forwarded = message({ type: 'MsgProp', proposals: [proposal('a') as never] })
    expect(sent(leader().on(forwarded, { from: two }), three)).toMatchObject([{ entries: [{ data: { origin: two } }] }])
  })

  test('goes back to where logs may agree, and ignores an old refusal', () => {
    const no = (index: number, rejectHint: number): EventObject =>
      message({ type: 'MsgAppResp', term: 2, index, reject: true, rejectHint, logTerm: 1 })
    const member = elected().on(no(3, 1), { from: two }).on(synced)
    expect(sent(member, two)).toMatchObject([{ type: 'MsgApp', index: 1, entries: [{ index: 2 }, { index: 3 }, {}] }])
    expect(sent(leader().on(no(3, 1), { from: two }))).toEqual([])
  })

  test('is no longer one when somebody speaks in a later term', () => {
    const later = message({ type: 'MsgAppResp', term: 9, index: 0, reject: false, rejectHint: 0, logTerm: 0 })
    const member = leader().on(later, { from: two })
    expect(roleOf(member)).toBe('follower.withoutLeader')
    expect(member.context).toMatchObject({ term: 9, vote: '', progress: {}, lead: '' })
    expect(newcomer().on(later, { from: two }).context.term).toBe(9)
    const snapshot = { index: 9, term: 3, state: newcomer().context.replica }
    expect(leader().on(message({ type: 'MsgSnap', term: 3, snapshot }), { from: two }).context.lead).toBe(two)
    expect(leader().on(app({ term: 3 }), { from: two }).context.lead).toBe(two)
    expect(leader().on(message({ type: 'MsgHeartbeatResp', term: 3, context: '' }), { from: two }).context.term).toBe(2)
  })

  test('sends heartbeats with one timer, and an answer costs nothing when there is nothing to say', () => {
    const member = leader().on(event('heartbeat.due'))
    expect(member.did('wake')).toMatchObject([{ key: 'heartbeat', afterMs: 100 }])
    expect(sent(member)).toEqual([heartbeat(2, 4), heartbeat(2, 4)])
    const resp = message({ type: 'MsgHeartbeatResp', term: 2, context: '' })
    const answered = member.on(resp, { from: two })
    expect(answered.context).toBe(member.context)
    expect(sent(elected().on(synced).on(resp, { from: two }), two)).toMatchObject([{ type: 'MsgApp' }])
  })

  test('steps down when a quorum was silent for an election timeout', () => {
    let member = leader()
    for (let tick = 0; tick < 19; tick++) member = member.on(event('heartbeat.due'))
    expect(roleOf(member)).toBe('leader')
    expect(roleOf(member.on(event('heartbeat.due')))).toBe('follower.withoutLeader')
  })

  test('probes a follower whose connection refused', () => {
    const member = leader()
      .on(put('a'), client)
      .on(event('send.refused', { to: two, event: 'MsgApp' }))
    expect(member.context.progress[two]).toMatchObject({ state: 'probe', next: 5 })
    const again = event('send.refused', { to: two, event: 'MsgApp' })
    expect(member.on(again).context.progress[two]).toEqual(member.context.progress[two])
  })

  test('renews leases, tells their time, and proposes to revoke what has expired', () => {
    const granted = loneLeader()
      .on(event('etcd.LeaseGrant', { id: 5, ttlSeconds: 10 }), client)
      .on(synced)
    expect(answers(granted)).toMatchObject([{ reply: { id: 5, ttlSeconds: 10 } }])
    const since = (granted.context.lessor.expiresAt.get('5') as number) - 10_000
    const asks = event('etcd.LeaseTimeToLive', { id: 5, keys: true })
    expect(answers(granted.on(asks, { ...client, at: since + 3_500 }))).toMatchObject([{ reply: { ttlSeconds: 6 } }])
    const renewed = granted.on(event('etcd.LeaseKeepAlive', { id: 5 }), { ...client, at: since + 3_500 })
    expect(answers(renewed)).toMatchObject([{ reply: { ttlSeconds: 10 } }])
    expect(answers(renewed.on(asks, { ...client, at: since + 3_500 }))).toMatchObject([{ reply: { ttlSeconds: 9 } }])
    expect(answers(granted.on(event('etcd.LeaseLeases'), client))).toMatchObject([{ reply: { leases: [5] } }])
    const over = granted.on(event('lease.due'), { at: since + 14_000 })
    expect(keysWritten(over.asked)).toHaveLength(1)
    const gone = over.on(synced)
    expect(answers(gone.on(asks, client))).toMatchObject([{ reply: { ttlSeconds: -1 } }])
    expect(answers(gone.on(event('etcd.LeaseKeepAlive', { id: 5 }), client))).toMatchObject([
      { reply: { ttlSeconds: 0 } },
    ])
    expect(answers(gone.on(event('etcd.LeaseRevoke', { id: 5 }), client).on(synced))).toMatchObject([{ code: 5 }])
  })
})

describe('a request', () => {
  const bad = { compare: [], success: [], failure: [] }
  test('that is malformed is refused at once', () => {
    const malformed = [
      put(''),
      event('etcd.DeleteRange', { key: '' }),
      range(''),
      event('etcd.Txn', { ...bad, success: [put('a'), put('a')] }),
    ]
    for (const request of malformed)
      expect(answers(newcomer().on(request, client))).toMatchObject([{ type: 'etcd.failed', code: 3 }])
  })

  test('that is not applied in time fails, and is not proposed any more', () => {
    const member = newcomer()
      .on(put('a'), client)
      .on(put('b'), { ...client, call: 8, at: AT + 1_000 })
    const over = member.on(event('request.overdue'), { at: AT + 7_000 })
    expect(over.did('answer')).toMatchObject([{ call: 7, event: { error: 'etcdserver: request timed out' } }])
    expect(over.did('wake')).toMatchObject([{ key: 'overdue', afterMs: 1_000 }])
    expect(over.context.proposals).toHaveLength(1)
  })

  test('to delete, to compact, or in a transaction goes through the log', () => {
    let member = loneLeader().on(put('a'), client).on(synced)
    member = member.on(event('etcd.DeleteRange', { key: 'a' }), client).on(synced)
    expect(answers(member)).toMatchObject([{ revision: 3, reply: { deleted: 1 } }])
    member = member.on(event('etcd.Txn', { ...bad, success: [put('b')] }), client).on(synced)
    expect(answers(member)).toMatchObject([{ revision: 4, reply: { succeeded: true } }])
    member = member.on(event('etcd.Compact', { revision: 3 }), client).on(synced)
    expect(answers(member)).toMatchObject([{ revision: 4, reply: {} }])
  })
})

describe('a read', () => {
  const readTxn = (serializable: boolean): EventObject =>
    event('etcd.Txn', { compare: [], success: [{ ...range('a', { serializable }) }], failure: [] })

  test('that may be stale, or of a leader alone, is answered at once', () => {
    expect(answers(newcomer().on(range('a', { serializable: true }), client))).toMatchObject([{ reply: { count: 0 } }])
    expect(answers(newcomer().on(readTxn(true), client))).toMatchObject([{ reply: { succeeded: true } }])
    expect(answers(loneLeader().on(range('a'), client))).toMatchObject([{ reply: { count: 0 } }])
  })

  test('waits for a round of heartbeats that shows that the leader still leads', () => {
    const member = leader()
      .on(range('a'), client)
      .on(readTxn(false), { ...client, call: 8 })
    const [first] = sent(leader().on(range('a'), client), two) as unknown as [{ context: string }]
    expect(first).toMatchObject({ type: 'MsgHeartbeat', context: expect.stringContaining(self) })
    const resp = message({ type: 'MsgHeartbeatResp', term: 2, context: first.context })
    const confirmed = member.on(resp, { from: two })
    expect(confirmed.did('answer')).toMatchObject([{ call: 7 }])
    expect(confirmed.context.batch?.reads).toMatchObject([{ call: 8 }])
    expect(answers(confirmed.on(resp, { from: three }))).toEqual([])
  })

  test('of a follower asks the leader how far to apply', () => {
    const member = follower().on(range('a'), client)
    const [{ context }] = sent(member, two) as unknown as [{ context: string }]
    const resp = (index: number, name = context): EventObject =>
      message({ type: 'MsgReadIndexResp', term: 1, index, context: name })
    expect(answers(member.on(resp(3, 'another')))).toEqual([])
    expect(answers(member.on(resp(3)))).toMatchObject([{ type: 'etcd.answered' }])
    const early = member.on(resp(4))
    expect(answers(early)).toEqual([])
    const caughtUp = early.on(app({ entries: [entry(4, 1)], commit: 4 }), { from: two }).on(synced)
    expect(answers(caughtUp)).toMatchObject([{ revision: 2, reply: { count: 1 } }])
  })

  test('is asked for once more under a name of its own, and either answer will do', () => {
    const asking = (rest: object): readonly [string, Member, string] => {
      const member = born(etcd, { name: 'cp-1', members: [self, two, three], ...rest }, self)
        .on(synced)
        .on(heartbeat(1), { from: two })
        .on(range('a'), client)
      const again = member.after('read index retry')
      const [[first], [second]] = [sent(member, two), sent(again, two)] as unknown as [[Named], [Named]]
      return [first.context, again, second.context]
    }
    const [first, again, second] = asking({})
    expect(second).not.toBe(first)
    for (const context of [first, second])
      expect(
        answers(again.on(message({ type: 'MsgReadIndexResp', term: 1, index: 3, context }), { from: two })),
      ).toMatchObject([{ type: 'etcd.answered' }])
    const [old, , same] = asking({ bug: 'stale-read-index' })
    expect(same).toBe(old)
  })

  test('through a new leader waits for the first commit of its term', () => {
    const asks = message({ type: 'MsgReadIndex', context: 'a read' })
    const early = elected().on(asks, { from: two })
    expect(early.context.postponed).toHaveLength(1)
    const committed = acked(early.on(synced), two, 4)
    expect(sent(committed, two)).toMatchObject([{ type: 'MsgHeartbeat', context: 'a read' }, { type: 'MsgApp' }])
    const resp = message({ type: 'MsgHeartbeatResp', term: 2, context: 'a read' })
    expect(sent(committed.on(resp, { from: three }), two)).toMatchObject([{ type: 'MsgReadIndexResp', index: 4 }])
  })

  test('fails when no leader answers in time, or another leader comes', () => {
    const waits = newcomer().on(range('a'), client)
    expect(answers(waits.after('request timeout'))).toMatchObject([{ error: 'etcdserver: request timed out' }])
    expect(answers(waits.on(heartbeat(1), { from: two }))).toMatchObject([{ error: 'etcdserver: leader changed' }])
  })
})

describe('a watch', () => {
  const watch = (rest: object): EventObject => event('etcd.Watch', { key: '/a/', rangeEnd: '/a0', ...rest })

  test('hears of what is applied from now on', () => {
    const member = loneLeader().on(watch({ prevKv: true }), client)
    expect(member.did('push')).toMatchObject([{ stream: 7, event: { created: true, revision: 1 } }])
    const told = member.on(put('/a/x', 1), client).on(synced)
    expect(told.did('push')).toMatchObject([{ stream: 7, event: { revision: 2, events: [{ type: 'PUT' }] } }])
    expect(member.on(event('stream.closed', { stream: 7 })).context.watchers.all.size).toBe(0)
  })

  test('from the past is told by a loop, or cancelled when the past is gone', () => {
    const written = loneLeader().on(put('/a/x', 1), client).on(synced).on(put('/a/x', 2), client).on(synced)
    const member = written.on(watch({ startRevision: 2 }), client)
    expect(member.state).toContain('catchingUp')
    const told = member.after('next turn of the watch loop')
    expect(told.did('push')).toMatchObject([{ event: { revision: 3, events: [{}, {}] } }])
    expect(told.state).toContain('inStep')
    const compacted = member.on(event('etcd.Compact', { revision: 3 }), client).on(synced)
    const canceled = compacted.after('next turn of the watch loop')
    expect(canceled.did('push')).toMatchObject([{ event: { canceled: '', compactRevision: 3 } }])
    expect(canceled.did('end')).toEqual([{ do: 'end', stream: 7 }])
  })

  test('tells much in one piece, or in fragments if that was asked for, of the past and of what comes', () => {
    const big = (key: string): EventObject => put(key, 'x'.repeat(1_200_000))
    const written = loneLeader().on(big('/a/x'), client).on(synced).on(big('/a/y'), client).on(synced)
    const told = (rest: object) => {
      const opened = written.on(watch({ startRevision: 2, ...rest }), client)
      return opened.after('next turn of the watch loop').did('push')
    }
    expect(told({})).toMatchObject([{ event: { events: [{}, {}], revision: 3 } }])
    expect(told({ fragment: true })).toMatchObject([
      { stream: 7, event: { events: [{}], fragment: true, revision: 3 } },
      { stream: 7, event: { events: [{}], revision: 3 } },
    ])
    // Values before count too: two of them make the one response to a deletion too large.
    const inStep = written.on(watch({ fragment: true, prevKv: true }), client)
    const gone = inStep.on(event('etcd.DeleteRange', { key: '/a/', rangeEnd: '/a0' }), client).on(synced)
    expect(gone.did('push').map(({ event: said }) => (said as EtcdWatched).fragment)).toEqual([true, undefined])
    const both = inStep.on(put('/a/z'), client).on(big('/a/x'), client).on(big('/a/y'), client).on(synced).on(synced)
    expect(both.did('push')).toMatchObject([{ event: { revision: 5 } }, { event: { revision: 6 } }])
    expect(both.did('push').map(({ event: said }) => (said as EtcdWatched).fragment)).toEqual([undefined, undefined])
  })

  test('of an empty range is cancelled at once', () => {
    const member = newcomer().on(watch({ rangeEnd: '/' }), client)
    expect(member.did('push')).toMatchObject([{ event: { created: true, canceled: 'mvcc: watcher range is empty' } }])
    expect(member.did('end')).toHaveLength(1)
  })

  test('is told that it has missed nothing, when it asks and now and then', () => {
    const member = loneLeader().on(watch({ progressNotify: true }), client)
    expect(member.did('wake')).toMatchObject([{ key: 'progress', afterMs: 600_000 }])
    const asked = member.on(event('etcd.WatchProgress', { key: '/a/' }), client)
    expect(asked.did('push')).toMatchObject([{ stream: 7, event: { revision: 1, events: [] } }])
    expect(member.on(event('progress.due')).did('push')).toHaveLength(1)
    expect(newcomer().on(event('progress.due')).asked).toEqual([])
  })
})

test('the compiled step does as XState does', () => {
  const members = [self, two, three]
  const resp = { term: 2, index: 4, reject: false, rejectHint: 0, logTerm: 0 }
  const events = [
    electionDue,
    synced,
    put('a'),
    range('a'),
    heartbeat(1),
    heartbeat(2),
    app({ entries: [entry(4, 1)], commit: 4 }),
    app({ term: 3, entries: [entry(4, 3)], commit: 4 }),
    event('MsgPreVoteResp', { term: 2, reject: false }),
    event('MsgVoteResp', { term: 2, reject: false }),
    event('MsgVote', { term: 2, index: 9, logTerm: 1 }),
    event('MsgAppResp', resp),
    event('heartbeat.due'),
    event('MsgHeartbeatResp', { term: 2, context: '' }),
    event('etcd.Watch', { key: 'a', startRevision: 1 }),
    event('etcd.LeaseGrant', { id: 3, ttlSeconds: 5 }),
    event('lease.due'),
    event('request.overdue'),
  ]
  const inputs = [{ name: 'cp-1', members }]
  const told = () => ({ self, from: two, call: 7, at: AT })
  expect(equivalent(etcd, { inputs, events }, { told }).steps).toBeGreaterThan(500)
})

beginning()
administered()
expectWhole(etcd)
