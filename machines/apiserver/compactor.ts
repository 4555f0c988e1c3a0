/**
 * Every five minutes one of the API servers has etcd forget its history up to the revision of the round before; they
 * agree by the version of one key. apiserver/pkg/storage/etcd3/compact.go.
 */
import { setup } from 'xstate'
import { type Address, born, type CallLost, call, verbs } from '../../runtime/contract.ts'
import type { EtcdAnswered, EtcdFailed, RangeReply, TxnReply, TxnRequest } from '../protocol/etcd.ts'

export interface CompactorInput {
  readonly etcd: readonly Address[]
}
interface Context extends CompactorInput {
  readonly member: number
  /** The version of the key as last seen, and the revision that it brought. */
  readonly version: number
  readonly revision: number
  /** The revision of the round before: nobody needs more history than that. */
  readonly before: number
}
type Events = EtcdAnswered | EtcdFailed | CallLost
const { update, ask, when } = verbs<Context, Events>()

const KEY = 'compact_rev_key'

/** Only the server that knows the latest version takes the turn; the others learn it. */
export const turn = (version: number, revision: number): TxnRequest => ({
  type: 'etcd.Txn',
  compare: [{ key: KEY, target: 'version', result: 'equal', than: version }],
  success: [{ type: 'etcd.Put', key: KEY, value: String(revision) }],
  failure: [{ type: 'etcd.Range', key: KEY }],
})

const member = ({ etcd, member: index }: Context): Address => etcd[index % etcd.length] as Address

export const etcdCompactor = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as CompactorInput },
  delays: { 'compaction interval': 300_000, 'request timeout': 60_000 },
  guards: {
    'it is the first turn': when(
      'etcd.answered',
      ({ revision }, { reply }) => (reply as TxnReply).succeeded && revision === 0,
    ),
    'it is our turn': when('etcd.answered', (_, { reply }) => (reply as TxnReply).succeeded),
  },
  actions: {
    'ask for the turn': ask((context) => call(member(context), turn(context.version, context.revision), 'etcd')),
    'note the round': update('etcd.answered', ({ version, revision }, { revision: now }) => ({
      version: version + 1,
      before: revision,
      revision: now,
    })),
    'learn who took it': update('etcd.answered', (_, { reply, revision }) => ({
      version: ((reply as TxnReply).replies[0] as RangeReply).kvs[0]?.version ?? 0,
      revision,
    })),
    'have etcd forget': ask((context) =>
      call(member(context), { type: 'etcd.Compact', revision: context.before }, 'etcd'),
    ),
    'turn to the next member': update(({ member: index }) => ({ member: index + 1 })),
  },
}).createMachine({
  id: 'etcd-compactor',
  context: born(({ etcd }: CompactorInput): Context => ({ etcd, member: 0, version: 0, revision: 0, before: 0 })),
  initial: 'resting',
  states: {
    resting: { after: { 'compaction interval': 'takingTurn' } },
    takingTurn: {
      entry: 'ask for the turn',
      on: {
        'etcd.answered': [
          { guard: 'it is the first turn', target: 'resting', actions: 'note the round' },
          { guard: 'it is our turn', target: 'compacting', actions: 'note the round' },
          { target: 'resting', actions: 'learn who took it' },
        ],
        'etcd.failed': 'resting',
        'call.lost': { target: 'resting', actions: 'turn to the next member' },
      },
      after: { 'request timeout': 'resting' },
    },
    compacting: {
      entry: 'have etcd forget',
      on: {
        'etcd.answered': 'resting',
        'etcd.failed': { target: 'resting', description: 'Already compacted, by a server that was faster.' },
        'call.lost': { target: 'resting', actions: 'turn to the next member' },
      },
      after: { 'request timeout': 'resting' },
    },
  },
})
