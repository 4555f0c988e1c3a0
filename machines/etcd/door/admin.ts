/** The Cluster and Maintenance services in the JSON of the gateway: path and body to request, answer to body. */
import type { EtcdRequest } from '../../protocol/etcd.ts'
import type {
  AdminRequest,
  AlarmKind,
  AlarmReply,
  HashKvReply,
  HealthReply,
  HealthRequest,
  Member,
  MembersReply,
  StatusReply,
} from '../../protocol/etcd-admin.ts'
import type { Json } from './wire.ts'

const number = (value: unknown): number => Number(value ?? 0)
const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : [])
const lower = (value: unknown): string => String(value ?? '').toLowerCase()

export const ADMIN_READERS: Readonly<Record<string, (body: Json) => EtcdRequest>> = {
  '/v3/cluster/member/add': ({ peerURLs, isLearner }) => ({
    type: 'etcd.MemberAdd',
    peerUrls: texts(peerURLs),
    isLearner: isLearner === true,
  }),
  '/v3/cluster/member/remove': ({ ID }) => ({ type: 'etcd.MemberRemove', id: number(ID) }),
  '/v3/cluster/member/update': ({ ID, peerURLs }) => ({
    type: 'etcd.MemberUpdate',
    id: number(ID),
    peerUrls: texts(peerURLs),
  }),
  '/v3/cluster/member/promote': ({ ID }) => ({ type: 'etcd.MemberPromote', id: number(ID) }),
  '/v3/cluster/member/list': ({ linearizable }) => ({ type: 'etcd.MemberList', linearizable: linearizable === true }),
  '/v3/maintenance/status': () => ({ type: 'etcd.Status' }),
  '/v3/maintenance/hash': ({ revision }) => ({ type: 'etcd.HashKV', revision: number(revision) }),
  '/v3/maintenance/defragment': () => ({ type: 'etcd.Defragment' }),
  '/v3/maintenance/transfer-leadership': ({ targetID }) => ({ type: 'etcd.MoveLeader', targetId: number(targetID) }),
  '/v3/maintenance/alarm': ({ action, memberID, alarm }) => ({
    type: 'etcd.Alarm',
    action: (lower(action) || 'get') as 'get',
    memberId: number(memberID),
    alarm: (lower(alarm) || 'none') as AlarmKind,
  }),
}

const writeMember = ({ id: ID, name, peerUrls, clientUrls, isLearner }: Member): Json => ({
  ID,
  ...(name === '' ? {} : { name }),
  ...(peerUrls.length === 0 ? {} : { peerURLs: peerUrls }),
  ...(clientUrls.length === 0 ? {} : { clientURLs: clientUrls }),
  ...(isLearner ? { isLearner } : {}),
})
const writeMembers = ({ members, member }: MembersReply): Json => ({
  member: member && writeMember(member),
  members: members.map(writeMember),
})

export const ADMIN_WRITERS: Readonly<Record<string, (reply: never) => Json>> = {
  '/v3/cluster/member/add': writeMembers,
  '/v3/cluster/member/remove': writeMembers,
  '/v3/cluster/member/update': writeMembers,
  '/v3/cluster/member/promote': writeMembers,
  '/v3/cluster/member/list': writeMembers,
  '/v3/maintenance/status': (reply: StatusReply) => ({ ...reply }),
  '/v3/maintenance/hash': ({ hash, compactRevision: compact_revision }: HashKvReply) => ({ hash, compact_revision }),
  '/v3/maintenance/alarm': ({ alarms }: AlarmReply) => ({
    alarms: alarms.map(({ memberId: memberID, alarm }) => ({ memberID, alarm: alarm.toUpperCase() })),
  }),
} satisfies Readonly<Record<string, (reply: never) => Json>> as Readonly<Record<string, (reply: never) => Json>>

/** The other way: what is asked, as path and body. */
export function adminAsked(request: AdminRequest): readonly [path: string, body: Json] {
  switch (request.type) {
    case 'etcd.MemberAdd':
      return ['/v3/cluster/member/add', { peerURLs: request.peerUrls, isLearner: request.isLearner }]
    case 'etcd.MemberRemove':
      return ['/v3/cluster/member/remove', { ID: request.id }]
    case 'etcd.MemberUpdate':
      return ['/v3/cluster/member/update', { ID: request.id, peerURLs: request.peerUrls }]
    case 'etcd.MemberPromote':
      return ['/v3/cluster/member/promote', { ID: request.id }]
    case 'etcd.MemberList':
      return ['/v3/cluster/member/list', { linearizable: request.linearizable }]
    case 'etcd.Status':
      return ['/v3/maintenance/status', {}]
    case 'etcd.HashKV':
      return ['/v3/maintenance/hash', { revision: request.revision }]
    case 'etcd.Defragment':
      return ['/v3/maintenance/defragment', {}]
    case 'etcd.MoveLeader':
      return ['/v3/maintenance/transfer-leadership', { targetID: request.targetId }]
    case 'etcd.Alarm': {
      const { action, memberId: memberID, alarm } = request
      return ['/v3/maintenance/alarm', { action: action.toUpperCase(), memberID, alarm: alarm.toUpperCase() }]
    }
    case 'etcd.Health':
      return [healthPath(request), {}]
  }
}

function healthPath({ exclude = [], serializable }: HealthRequest): string {
  const asked = [...exclude.map((alarm) => `exclude=${alarm}`), ...(serializable === true ? ['serializable=true'] : [])]
  return asked.length === 0 ? '/health' : `/health?${asked.join('&')}`
}

const readMember = (of: Json): Member => ({
  id: number(of['ID']),
  name: String(of['name'] ?? ''),
  peerUrls: texts(of['peerURLs']),
  clientUrls: texts(of['clientURLs']),
  isLearner: of['isLearner'] === true,
})
const membersIn = (body: Json): MembersReply => {
  const members = Array.isArray(body['members']) ? (body['members'] as Json[]).map(readMember) : []
  const member = body['member'] as Json | undefined
  return member === undefined ? { members } : { members, member: readMember(member) }
}

export const ADMIN_ANSWERS: Readonly<Record<string, (body: Json) => object>> = {
  '/v3/cluster/member/add': membersIn,
  '/v3/cluster/member/remove': membersIn,
  '/v3/cluster/member/update': membersIn,
  '/v3/cluster/member/promote': membersIn,
  '/v3/cluster/member/list': membersIn,
  '/v3/maintenance/status': (body): StatusReply => ({
    version: String(body['version'] ?? ''),
    leader: number(body['leader']),
    raftIndex: number(body['raftIndex']),
    raftAppliedIndex: number(body['raftAppliedIndex']),
    raftTerm: number(body['raftTerm']),
    dbSize: number(body['dbSize']),
    dbSizeInUse: number(body['dbSizeInUse']),
    isLearner: body['isLearner'] === true,
    errors: texts(body['errors']),
  }),
  '/v3/maintenance/hash': (body): HashKvReply => ({
    hash: number(body['hash']),
    compactRevision: number(body['compact_revision']),
  }),
  '/health': (body): HealthReply => ({
    health: body['health'] === 'true' ? 'true' : 'false',
    reason: String(body['reason'] ?? ''),
  }),
  '/v3/maintenance/alarm': (body): AlarmReply => ({
    alarms: (Array.isArray(body['alarms']) ? (body['alarms'] as Json[]) : []).map((each) => ({
      memberId: number(each['memberID']),
      alarm: (lower(each['alarm']) || 'none') as AlarmKind,
    })),
  }),
}
