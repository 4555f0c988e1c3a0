import { expect, test } from 'vitest'
import { deleter, evaluatorOf, reader, type Server, writer } from '../../../../machines/apiserver/handing-on.ts'
import type { ApiRequest } from '../../../../machines/protocol/api.ts'
import { Tree } from '../../../../runtime/tree.ts'
import { cacheWith } from './attempts.ts'

const server: Server = {
  etcd: ['etcd/cp-1', 'etcd/cp-2'],
  member: 1,
  ownKinds: [],
  cache: cacheWith(),
  named: Tree.of(),
  eventLease: undefined,
  evaluators: Tree.of(),
}
const asked = { from: 'kubectl/w/1', self: 'kube-apiserver/cp-1', call: 5 }
const get: ApiRequest = {
  type: 'api.request',
  user: { name: 'a', groups: [] },
  verb: 'get',
  resource: 'pods',
  name: 'p',
}

test('each request has an actor named by its number, with the member that answers first', () => {
  expect(reader(server, get, asked)).toMatchObject({
    address: 'request/cp-1/5',
    machine: 'api-read',
    input: { etcd: ['etcd/cp-2', 'etcd/cp-1'], revision: 10 },
  })
  expect(deleter(server, get, asked)).toMatchObject({
    machine: 'api-collection-deletion',
    input: { client: 'kubectl/w/1', call: 5 },
  })
  expect(writer(server, { ...get, verb: 'delete' }, asked, 7, 0)).toMatchObject([
    {},
    [{ machine: 'api-request', input: { dice: 7, ordinal: 0 } }],
  ])
})

test('names of one prefix are counted, names that are given are not', () => {
  const creating = (metadata: object): ApiRequest => ({ ...get, verb: 'create', body: { metadata } })
  const [change] = writer(server, creating({ generateName: 'web-' }), asked, 7, 0)
  expect(change.named?.entries()).toEqual([['pods  web-', 1]])
  expect(writer(server, creating({ generateName: 'web-', name: 'fixed' }), asked, 7, 0)[0]).toEqual({})
})

test('the lease of Events is shared until its minute or its thousand objects are over', () => {
  const event: ApiRequest = { ...get, verb: 'create', resource: 'events', body: {} }
  const leaseAt = (at: number, left: number) =>
    writer({ ...server, eventLease: { id: 77, until: 100, left } }, event, asked, 7, at)[1][0]?.input
  expect(leaseAt(99, 1)).toMatchObject({ lease: 77 })
  expect(leaseAt(100, 1)).toMatchObject({ lease: undefined })
  expect(leaseAt(99, 0)).toMatchObject({ lease: undefined })
})

test('a namespace with quotas gets one evaluator, with the first that may use something up', () => {
  const cache = cacheWith({ 'resourcequotas/default/q': { metadata: { name: 'q', namespace: 'default' } } })
  const creating: ApiRequest = { ...get, verb: 'create', namespace: 'default', body: {} }
  const [change, spawned] = writer({ ...server, cache }, creating, asked, 7, 0)
  expect(spawned.map(({ address }) => address)).toEqual([
    evaluatorOf('kube-apiserver/cp-1', 'default'),
    'request/cp-1/5',
  ])
  const [, later] = writer({ ...server, cache, evaluators: change.evaluators as Tree<true> }, creating, asked, 7, 0)
  expect(later.length).toBe(1)
})
