import { expect, test } from 'vitest'
import * as requests from '../../../../machines/lib/requests.ts'

const user = { name: 'u', groups: [] }
const web = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'default' } }

test('an object has a place, and so has a key', () => {
  expect(requests.placeOf('pods', web)).toEqual({ resource: 'pods', namespace: 'default', name: 'web' })
  expect(requests.placeOf('pods', web, 'status')).toMatchObject({ subresource: 'status' })
  expect(requests.placeAt('pods', 'default/web')).toEqual({ resource: 'pods', namespace: 'default', name: 'web' })
  expect(requests.placeAt('nodes', 'n1')).toEqual({ resource: 'nodes', name: 'n1' })
})
test('a request names only what it is about', () => {
  const place = requests.placeOf('pods', web)
  expect(requests.get(user, place)).toEqual({
    type: 'api.request',
    user,
    verb: 'get',
    resource: 'pods',
    namespace: 'default',
    name: 'web',
  })
  expect(requests.create(user, place, web)).toMatchObject({ verb: 'create', body: web })
  expect(requests.update(user, place, web)).toMatchObject({ verb: 'update' })
  expect(requests.patch(user, place, 'merge', {})).toMatchObject({ verb: 'patch', patchType: 'merge' })
  expect(requests.remove(user, place)).not.toHaveProperty('options')
  expect(requests.remove(user, place, { gracePeriodSeconds: 0 })).toMatchObject({ options: { gracePeriodSeconds: 0 } })
  expect(requests.list(user, { resource: 'nodes' })).toEqual({
    type: 'api.request',
    user,
    verb: 'list',
    resource: 'nodes',
  })
  expect(requests.watch(user, { resource: 'pods', namespace: 'a' }, { limit: 1 })).toMatchObject({
    verb: 'watch',
    namespace: 'a',
  })
  expect(requests.removeAll(user, { resource: 'pods' })).toMatchObject({ verb: 'deletecollection' })
})
test('an answer succeeded or has a reason', () => {
  const failed = { type: 'api.answered', code: 404, status: { reason: 'NotFound' } } as never
  expect([requests.succeeded({ type: 'api.answered', code: 201 }), requests.succeeded(failed)]).toEqual([true, false])
  expect([requests.reasonOf(failed), requests.reasonOf({ type: 'api.answered', code: 200 })]).toEqual(['NotFound', ''])
})
