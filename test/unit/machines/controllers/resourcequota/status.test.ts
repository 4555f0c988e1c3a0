import { expect, test } from 'vitest'
import { kindsLimitedBy, recounted } from '../../../../../machines/controllers/resourcequota/status.ts'
import type { ResourceQuota } from '../../../../../machines/lib/quota/usage.ts'
import { keyOf } from '../../../../../machines/protocol/objects.ts'
import { Tree } from '../../../../../runtime/tree.ts'
import { AT, object, pod } from '../objects.ts'

const hard = { pods: '2', 'count/deployments.apps': '1', unheard: '3' }
const quota = (status: Record<string, unknown>) =>
  object('v1', 'ResourceQuota', 'q', { metadata: { namespace: 'default' }, spec: { hard }, status }) as ResourceQuota
const pods = [pod('a'), pod('b', { metadata: { namespace: 'other' } })]
const objectsOf = (resource: string) =>
  resource === 'pods' ? Tree.of(pods.map((each) => [keyOf(each), each] as const)) : undefined
const used = { pods: '1', 'count/deployments.apps': '0' }

test('it limits the kinds that its names are of', () => {
  expect(kindsLimitedBy(quota({}))).toEqual(['pods', 'deployments.apps'])
})
test('all of its namespace is counted, the rest is not', () => {
  expect(recounted(quota({}), objectsOf, AT)?.status).toEqual({ hard, used })
})
test('what nobody counts stays as it was', () => {
  expect(recounted(quota({ hard, used: { unheard: '9', gone: '1' } }), objectsOf, AT)?.status?.used).toEqual({
    unheard: '9',
    ...used,
  })
})
test('one pass is enough', () => {
  const right = recounted(quota({}), objectsOf, AT) as ResourceQuota
  expect(recounted(right, objectsOf, AT)).toBe(undefined)
})
