import { expect, test } from 'vitest'
import { apiCollectionDeletion } from '../../../../machines/apiserver/collection-deletion.ts'
import { served } from '../../../../machines/apiserver/served.ts'
import { filled } from '../../../../machines/apiserver/watch-cache.ts'
import type { ApiAnswered } from '../../../../machines/protocol/api.ts'
import { born, expectWhole } from '../../../kit/chart.ts'

const map = (name: string, uid: string) => ({
  key: `/registry/configmaps/default/${name}`,
  value: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default', uid } },
  createRevision: 3,
  modRevision: 3,
  version: 1,
})
const user = { name: 'kubernetes-admin', groups: ['system:masters'] }
const options = { labelSelector: '', propagationPolicy: 'Background' as const }
const request = {
  type: 'api.request' as const,
  user,
  verb: 'deletecollection' as const,
  resource: 'configmaps',
  namespace: 'default',
  options,
}
const begun = () => {
  const cache = filled([map('a', 'u-1'), map('b', 'u-2')], 9, served([]).prefixes)
  const input = {
    request,
    client: 'kubectl/workstation/1',
    call: 5,
    server: 'kube-apiserver/cp-1',
    ownKinds: [],
    cache,
  }
  return born(apiCollectionDeletion, input)
}
const gone = { type: 'api.answered', code: 200 }

test('one after another is deleted, with its uid as a precondition; the answer is the list', () => {
  const first = begun()
  expect(first.did('call')[0]?.event).toMatchObject({
    verb: 'delete',
    name: 'a',
    options: { propagationPolicy: 'Background', preconditions: { uid: 'u-1' } },
  })
  const done = first.on({ type: 'api.answered', code: 404 }).on(gone)
  expect((done.did('answer')[0]?.event as ApiAnswered).list?.objects.keys()).toEqual(['default/a', 'default/b'])
})

test('a deletion that fails, is lost or takes too long ends it', () => {
  const codes = [
    begun().on({ type: 'api.answered', code: 500 }),
    begun().on({ type: 'call.lost', line: 'delete', reason: 'reset' }),
    begun().after('request timeout'),
  ].map((chart) => (chart.did('answer')[0]?.event as ApiAnswered).code)
  expect(codes).toEqual([500, 500, 504])
})

expectWhole(apiCollectionDeletion)
