/** What an administrator is answered by one member, out of what it knows itself (v3rpc/maintenance.go, etcdhttp/health.go). */
import { answer, type Delivery, type Effect, end, push } from '../../../runtime/contract.ts'
import type { EtcdFailed, EtcdReply, KeyValue } from '../../protocol/etcd.ts'
import type {
  Alarm,
  HashKvRequest,
  HealthReply,
  HealthRequest,
  SnapshotPart,
  StatusReply,
} from '../../protocol/etcd-admin.ts'
import type { Change, Context } from '../context.ts'
import * as failures from '../failures.ts'
import { numberOf } from '../membership/identity.ts'
import { eachVersion, type History } from '../mvcc/store.ts'
import { hashAt } from './hash.ts'
import { defragmented, measured } from './size.ts'

const VERSION = '3.5.33'

const answered = ({ replica }: Context, reply: EtcdReply) => ({
  type: 'etcd.answered' as const,
  revision: replica.store.revision,
  reply,
})
const answerTo = (context: Context, { from, call }: Delivery, reply: EtcdReply): Effect =>
  answer(from, call, answered(context, reply))

export const tellStatus = (context: Context, _: unknown, told: Delivery): Effect =>
  answerTo(context, told, statusOf(context))

function statusOf(context: Context): StatusReply {
  const { lead, commit, applied, term, replica, standing } = context
  const { inUse, file } = measured(context.size, replica.store)
  const none = lead === '' ? ['etcdserver: no leader'] : []
  return {
    version: VERSION,
    leader: lead === '' ? 0 : numberOf(lead),
    raftIndex: commit,
    raftAppliedIndex: applied,
    raftTerm: term,
    dbSize: file,
    dbSizeInUse: inUse,
    isLearner: standing === 'learner',
    errors: [...none, ...replica.alarms.map(textOf)],
  }
}
/** As protobuf prints it, with a space behind. */
const textOf = ({ memberId, alarm }: Alarm): string => `memberID:${memberId} alarm:${alarm.toUpperCase()} `

/** Why there is no hash of what the store was then. */
function unhashable({ replica: { store } }: Context, { revision }: HashKvRequest): EtcdFailed | undefined {
  if (revision > 0 && revision < store.compactRevision) return failures.compacted
  return revision > store.revision ? failures.futureRevision : undefined
}
export function tellHash(context: Context, request: HashKvRequest, told: Delivery): Effect {
  const { store } = context.replica
  const failure = unhashable(context, request)
  if (failure !== undefined) return answer(told.from, told.call, failure)
  const hash = hashAt(store, request.revision === 0 ? store.revision : request.revision)
  return answerTo(context, told, { hash, compactRevision: store.compactRevision })
}

/** The file becomes as small as what is in it. Clients wait meanwhile in the real one. */
export const defragment = (context: Context, _: unknown, told: Delivery): readonly [Change, readonly Effect[]] => [
  { size: defragmented(measured(context.size, context.replica.store)) },
  [answerTo(context, told, {})],
]

const KEYS_A_PART = 1_000
/** The whole store as it is now, in parts; the last bears what they come to, by which a restore is checked. */
export function sendTheStore({ replica: { store } }: Context, _: unknown, { call }: Delivery): readonly Effect[] {
  const all: History[] = store.keys.values()
  const parts: Effect[] = []
  const { revision } = store
  for (let at = 0; at < all.length; at += KEYS_A_PART) {
    const changes = all.slice(at, at + KEYS_A_PART).flatMap(versionsOf)
    const remaining = Math.max(0, all.length - at - KEYS_A_PART)
    parts.push(push(call, { type: 'etcd.snapshotPart', revision, remaining, changes } satisfies SnapshotPart))
  }
  const digest = hashAt(store, revision)
  const last: SnapshotPart = { type: 'etcd.snapshotPart', revision, remaining: 0, changes: [], digest }
  return [...parts, push(call, last), end(call)]
}
function versionsOf(history: History): readonly KeyValue[] {
  const all: KeyValue[] = []
  eachVersion(history, (version) => all.push(version))
  return all
}

/** Why it is not well, as far as that is known without asking a quorum. */
function illness({ replica, lead }: Context, { exclude = [], serializable = false }: HealthRequest) {
  const counted = replica.alarms.find(({ alarm }) => !exclude.includes(alarm.toUpperCase()))
  if (counted !== undefined) return `ALARM ${counted.alarm.toUpperCase()}`
  return lead === '' && !serializable ? 'RAFT NO LEADER' : undefined
}
export const healthIsKnown = (context: Context, request: HealthRequest): boolean =>
  request.serializable === true || illness(context, request) !== undefined
export const tellHealth = (context: Context, request: HealthRequest, told: Delivery): Effect =>
  answerTo(context, told, healthFrom(illness(context, request)))

const healthFrom = (reason: string | undefined): HealthReply =>
  reason === undefined ? { health: 'true', reason: '' } : { health: 'false', reason }
/** After a quorum was asked: whether it could be read. */
export const healthAfter = (context: Context, failure?: EtcdFailed) =>
  answered(context, healthFrom(failure && `RANGE ERROR:${failure.error}`))
