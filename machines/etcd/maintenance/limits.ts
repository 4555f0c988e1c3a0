/**
 * How large a request may be: for the gRPC server, and for the log (`--max-request-bytes`). Counted as protobuf would;
 * only text counts, what the API server stores has no size here.
 */
import type { EtcdFailed, Operation } from '../../protocol/etcd.ts'
import * as failures from '../failures.ts'
import { lengthOf } from './alarms.ts'
import { field } from './protobuf-size.ts'

const MAX_REQUEST_BYTES = 1_572_864
/** grpcOverheadBytes */
const GRPC_OVERHEAD = 512 * 1_024
/** What a server takes in one message, and what it sends in one when it is asked to mind it. */
export const MESSAGE_BYTES = MAX_REQUEST_BYTES + GRPC_OVERHEAD

export function tooLarge(request: Operation): EtcdFailed | undefined {
  const size = sizeOf(request)
  return size > MESSAGE_BYTES ? failures.messageTooLarge(size, MESSAGE_BYTES) : undefined
}
/** What is left to find once the request is well-formed: with its envelope it does not fit into the log. */
export const tooLargeForLog = (request: Operation): EtcdFailed | undefined =>
  sizeOf(request) + ENVELOPE > MAX_REQUEST_BYTES ? failures.requestTooLarge : undefined
/** The header of an InternalRaftRequest, with its number. */
const ENVELOPE = 12

function sizeOf(request: Operation): number {
  if (request.type === 'etcd.Put') return field(request.key.length) + field(lengthOf(request.value))
  if (request.type !== 'etcd.Txn') return field(request.key.length)
  return [...request.success, ...request.failure].reduce((sum, operation) => sum + field(sizeOf(operation)), 0)
}
