/** What etcd answers when it does not do what was asked: codes and texts of its package `rpctypes`. */
import type { EtcdFailed } from '../protocol/etcd.ts'

const failed = (code: number, error: string): EtcdFailed =>
  Object.freeze({ type: 'etcd.failed', code, error: `etcdserver: ${error}` })

const UNKNOWN = 2
const INVALID_ARGUMENT = 3
const NOT_FOUND = 5
const RESOURCE_EXHAUSTED = 8
const FAILED_PRECONDITION = 9
const OUT_OF_RANGE = 11
const UNAVAILABLE = 14
const DATA_LOSS = 15

export const emptyKey = failed(INVALID_ARGUMENT, 'key is not provided')
export const keyNotFound = failed(INVALID_ARGUMENT, 'key not found')
export const valueProvided = failed(INVALID_ARGUMENT, 'value is provided')
export const leaseProvided = failed(INVALID_ARGUMENT, 'lease is provided')
export const tooManyOperations = failed(INVALID_ARGUMENT, 'too many operations in txn request')
export const duplicateKey = failed(INVALID_ARGUMENT, 'duplicate key given in txn request')
export const corrupt = failed(DATA_LOSS, 'corrupt cluster')
export const compacted = failed(OUT_OF_RANGE, 'mvcc: required revision has been compacted')
export const futureRevision = failed(OUT_OF_RANGE, 'mvcc: required revision is a future revision')
export const leaseNotFound = failed(NOT_FOUND, 'requested lease not found')
export const leaseExists = failed(FAILED_PRECONDITION, 'lease already exists')
export const leaseTooLong = failed(OUT_OF_RANGE, 'too large lease TTL')
export const requestTooLarge = failed(INVALID_ARGUMENT, 'request is too large')
export const noSpace = failed(RESOURCE_EXHAUSTED, 'mvcc: database space exceeded')

export const memberNotFound = failed(NOT_FOUND, 'member not found')
export const memberExists = failed(FAILED_PRECONDITION, 'member ID already exist')
export const peerUrlExists = failed(FAILED_PRECONDITION, 'Peer URLs already exists')
export const badUrls = failed(INVALID_ARGUMENT, 'given member URLs are invalid')
export const memberNotLearner = failed(FAILED_PRECONDITION, 'can only promote a learner member')
export const learnerNotReady = failed(
  FAILED_PRECONDITION,
  'can only promote a learner member which is in sync with leader',
)
export const tooManyLearners = failed(FAILED_PRECONDITION, 'too many learner members in cluster')
/** Of no code of its own: etcd maps it to the client's error by mistake (toGRPCErrorMap). */
export const notEnoughStarted = failed(UNKNOWN, 're-configuration failed due to not enough started members')
export const unhealthy = failed(UNAVAILABLE, 'unhealthy cluster')
export const notForLearners = failed(UNAVAILABLE, 'rpc not supported for learner')
export const notLeader = failed(FAILED_PRECONDITION, 'not leader')
export const badTransferee = failed(FAILED_PRECONDITION, 'bad leader transferee')
/** Only inside, where no client's deadline came first. */
export const transferTimedOut = failed(UNKNOWN, 'request timed out, leader transfer took too long')
/** Who hands over takes no writes. */
export const proposalDropped: EtcdFailed = Object.freeze({
  type: 'etcd.failed',
  code: UNKNOWN,
  error: 'raft proposal dropped',
})
/** gRPC's own, before etcd sees the request. */
export const messageTooLarge = (size: number, limit: number): EtcdFailed => ({
  type: 'etcd.failed',
  code: RESOURCE_EXHAUSTED,
  error: `grpc: received message larger than max (${size} vs. ${limit})`,
})

/** Indefinite: the request may yet be applied. */
export const timedOut = failed(UNAVAILABLE, 'request timed out')
export const timedOutByLeaderFailure = failed(UNAVAILABLE, 'request timed out, possibly due to previous leader failure')
export const leaderChanged = failed(UNAVAILABLE, 'leader changed')

export const isFailure = (reply: object): reply is EtcdFailed => 'type' in reply && reply.type === 'etcd.failed'
