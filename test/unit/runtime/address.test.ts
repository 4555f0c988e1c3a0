import { expect, test } from 'vitest'
import { hostOf } from '../../../runtime/address.ts'

test('the host of an address is its second part', () => {
  expect(['etcd/cp-1', 'request/cp-2/17', 'deployment-controller/cp-1/default/web'].map(hostOf)).toEqual([
    'cp-1',
    'cp-2',
    'cp-1',
  ])
})
