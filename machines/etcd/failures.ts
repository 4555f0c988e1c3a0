/** What etcd answers when it does not do what was asked: codes and texts of its package `rpctypes`. */
import type { EtcdFailed } from '../protocol/etcd.ts'

const failed = (code: number, error: string): EtcdFailed =>
  Object.freeze({ type: 'etcd.failed', code, error: `etcdserver: ${error}` })

const INVALID_ARGUMENT = 3
const NOT_FOUND = 5
const FAILED_PRECONDITION = 9
const OUT_OF_RANGE = 11
const UNAVAILABLE = 14

export const emptyKey = failed(INVALID_ARGUMENT, 'key is not provided')
export const keyNotFound = failed(INVALID_ARGUMENT, 'key not found')
export const valueProvided = failed(INVALID_ARGUMENT, 'value is provided')
export const leaseProvided = failed(INVALID_ARGUMENT, 'lease is provided')
export const tooManyOperations = failed(INVALID_ARGUMENT, 'too many operations in txn request')
export const duplicateKey = failed(INVALID_ARGUMENT, 'duplicate key given in txn request')
export const compacted = failed(OUT_OF_RANGE, 'mvcc: required revision has been compacted')
export const futureRevision = failed(OUT_OF_RANGE, 'mvcc: required revision is a future revision')
export const leaseNotFound = failed(NOT_FOUND, 'requested lease not found')
export const leaseExists = failed(FAILED_PRECONDITION, 'lease already exists')
export const leaseTooLong = failed(OUT_OF_RANGE, 'too large lease TTL')
/** Indefinite: the request may yet be applied. */
export const timedOut = failed(UNAVAILABLE, 'request timed out')
export const timedOutByLeaderFailure = failed(UNAVAILABLE, 'request timed out, possibly due to previous leader failure')
export const leaderChanged = failed(UNAVAILABLE, 'leader changed')

export const isFailure = (reply: object): reply is EtcdFailed => 'type' in reply && reply.type === 'etcd.failed'
