import { expect, test } from 'vitest'
import { fault } from '../../../../../machines/etcd/mvcc/check.ts'
import type { Operation, TxnRequest } from '../../../../../machines/protocol/etcd.ts'

const put = (key: string, rest: object = {}): Operation => ({ type: 'etcd.Put', key, value: 'v', ...rest })
const remove = (key: string, rangeEnd?: string): Operation =>
  ({ type: 'etcd.DeleteRange', key, ...(rangeEnd === undefined ? {} : { rangeEnd }) }) as Operation
const txn = (success: readonly Operation[], failure: readonly Operation[] = []): TxnRequest => ({
  type: 'etcd.Txn',
  compare: [],
  success,
  failure,
})
const puts = (count: number): Operation[] => Array.from({ length: count }, (_, i) => put(`k${i}`))

test.each<[string, Operation, string | undefined]>([
  ['a put', put('a'), undefined],
  ['no key', put(''), 'key is not provided'],
  ['a value that is to be ignored', put('a', { ignoreValue: true }), 'value is provided'],
  ['a lease that is to be ignored', put('a', { ignoreLease: true, lease: 1 }), 'lease is provided'],
  ['128 operations', txn(puts(128)), undefined],
  ['129 operations', txn(puts(129)), 'too many operations in txn request'],
  ['64 operations around 128', txn([...puts(63), txn(puts(128))]), 'too many operations in txn request'],
  [
    'a comparison without a key',
    { ...txn([]), compare: [{ key: '', target: 'mod', result: 'equal', than: 0 }] },
    'key is not provided',
  ],
  ['a key put twice', txn([put('a'), put('a')]), 'duplicate key given in txn request'],
  ['a key put in both branches', txn([put('a')], [put('a')]), undefined],
  ['a key put and deleted', txn([put('b'), remove('a', 'c')]), 'duplicate key given in txn request'],
  ['a key put and everything from another on deleted', txn([put('b'), remove('a', '\0')]), undefined],
  ['both branches of an inner transaction', txn([txn([put('a')], [put('a')])]), undefined],
  ['a key put inside and outside', txn([txn([put('a')]), put('a')]), 'duplicate key given in txn request'],
  ['a key put in two inner ones', txn([txn([], [put('a')]), txn([put('a')])]), 'duplicate key given in txn request'],
  ['a key deleted inside, put outside', txn([txn([remove('a')]), put('a')]), 'duplicate key given in txn request'],
  ['a key put inside, deleted outside', txn([remove('a'), txn([], [put('a')])]), 'duplicate key given in txn request'],
  ['an inner fault', txn([txn([put('x'), put('x')])]), 'duplicate key given in txn request'],
])('%s', (_, request, wanted) => {
  expect(fault(request)?.error).toBe(wanted === undefined ? undefined : `etcdserver: ${wanted}`)
})
