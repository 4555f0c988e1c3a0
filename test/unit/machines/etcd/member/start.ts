/** Members in the states that a test begins with, what they are told, and what is read of them. */
import type { EventObject } from 'xstate'
import type { Context } from '../../../../../machines/etcd/context.ts'
import { etcd } from '../../../../../machines/etcd/member.ts'
import type { Entry, MsgApp, RaftMessage } from '../../../../../machines/protocol/raft.ts'
import type { Effect } from '../../../../../runtime/contract.ts'
import { born, type Chart } from '../../../../kit/chart.ts'

export type Member = Chart<Context>
export const [self, two, three] = ['etcd/cp-1', 'etcd/cp-2', 'etcd/cp-3'] as const
export const AT = 86_400_000
export const client = { from: 'kube-apiserver/cp-1', call: 7 }

export const event = (type: string, rest: object = {}): EventObject => ({ type, ...rest })
export const synced = event('disk.synced', { key: 'raft' })
export const electionDue = event('election.due')
export const message = (of: RaftMessage): EventObject => of

/** Its founding entries are on the disk: a follower that knows no leader, in term 1 at index 3. */
export const newcomer = (): Member => born(etcd, { name: 'cp-1', members: [self, two, three] }, self).on(synced)
export const alone = (): Member => born(etcd, { name: 'cp-1', members: [self] }, self).on(synced)
/** Paused time does not count: the clock is read a timeout after it was wound. */
export const patient = (member: Member): Member => member.on(electionDue, { at: member.context.patience.checkAt })
export const preCandidate = (): Member => patient(newcomer())
export const candidate = (): Member =>
  preCandidate().on(message({ type: 'MsgPreVoteResp', term: 2, reject: false }), { from: two })
export const elected = (): Member =>
  candidate()
    .on(synced)
    .on(message({ type: 'MsgVoteResp', term: 2, reject: false }), { from: two })
export const acked = (member: Member, from: string, index: number): Member =>
  member.on(message({ type: 'MsgAppResp', term: 2, index, reject: false, rejectHint: 0, logTerm: 0 }), { from })
/** Its first entry is committed, and both followers have it. */
export const leader = (): Member => acked(acked(elected().on(synced), two, 4), three, 4)
export const heartbeat = (term: number, commit = 0): EventObject =>
  message({ type: 'MsgHeartbeat', term, commit, context: '' })
export const follower = (): Member => newcomer().on(heartbeat(1), { from: two })
export const loneLeader = (): Member => patient(alone()).on(synced)

export const app = (rest: Partial<MsgApp>): EventObject =>
  message({ type: 'MsgApp', term: 1, index: 3, logTerm: 1, entries: [], commit: 3, ...rest })
export const proposal = (key: string): Entry['data'] => ({
  origin: two,
  life: 1,
  number: 0,
  request: { type: 'etcd.Put', key, value: 'v' },
})
export const entry = (index: number, term: number, key = 'a'): Entry => ({ index, term, data: proposal(key) })

export const sent = (member: Member, to?: string): readonly RaftMessage[] =>
  member
    .did('send')
    .filter((effect) => to === undefined || effect.to === to)
    .map(({ event: said }) => said as RaftMessage)
export const answers = (member: Member) => member.did('answer').map(({ event: said }) => said)
export const roleOf = ({ state }: Member): string =>
  /serving\.role\.([a-zA-Z.]+)/.exec(state)?.[1]?.replace('.leading', '') ?? state
export const keysWritten = (effects: readonly Effect[]): readonly string[] =>
  effects.flatMap((effect) => (effect.do === 'write' ? [effect.key] : []))
