import { expect, test } from 'vitest'
import { tooLarge, tooLargeForLog } from '../../../../../machines/etcd/maintenance/limits.ts'
import type { PutRequest } from '../../../../../machines/protocol/etcd.ts'

const put = (bytes: number, key = 'k'): PutRequest => ({ type: 'etcd.Put', key, value: 'x'.repeat(bytes) })
const MIB = 1_048_576

test('what the log takes ends at 1.5 MiB, envelope included', () => {
  expect(tooLargeForLog(put(MIB))).toBeUndefined()
  expect(tooLargeForLog(put(1.5 * MIB - 64))).toBeUndefined()
  expect(tooLargeForLog(put(1.5 * MIB))?.error).toBe('etcdserver: request is too large')
  expect(tooLargeForLog({ type: 'etcd.Put', key: 'k', value: { opaque: true } })).toBeUndefined()
})

test('gRPC refuses what is larger than 2 MiB, and says by how much', () => {
  expect(tooLarge(put(2 * MIB - 64))).toBeUndefined()
  expect(tooLarge(put(2.5 * MIB))).toMatchObject({
    code: 8,
    error: 'grpc: received message larger than max (2621448 vs. 2097152)',
  })
  const many = { type: 'etcd.Txn' as const, compare: [], success: [put(MIB), put(MIB)], failure: [] }
  expect(tooLarge(many)?.code).toBe(8)
  expect(tooLarge({ type: 'etcd.Range', key: '' })).toBeUndefined()
})
