import { expect, test } from 'vitest'
import { isAuthenticated, may, refusedTo } from '../../../../machines/apiserver/authorization.ts'
import type { ApiRequest } from '../../../../machines/protocol/api.ts'

test.each([
  ['kubernetes-admin', ['system:masters'], true],
  ['system:kube-scheduler', [], true],
  ['system:serviceaccount:kube-system:deployment-controller', [], true],
  ['system:node:node-1', ['system:nodes'], true],
  ['system:anonymous', ['system:unauthenticated'], false],
  ['system:serviceaccount:default:default', ['system:serviceaccounts'], false],
])('%s of %j may: %s', (name, groups, allowed) => {
  expect(may({ name, groups })).toBe(allowed)
})

test('nobody is not authenticated', () => {
  expect([isAuthenticated({ name: '', groups: [] }), isAuthenticated({ name: 'a', groups: [] })]).toEqual([false, true])
})

const base: ApiRequest = { type: 'api.request', user: { name: 'alice', groups: [] }, verb: 'list', resource: 'pods' }
test.each([
  [base, 'pods is forbidden: User "alice" cannot list resource "pods" in API group "" at the cluster scope'],
  [
    { ...base, verb: 'get', resource: 'deployments.apps', subresource: 'scale', namespace: 'n', name: 'x' },
    'deployments.apps "x" is forbidden: User "alice" cannot get resource "deployments/scale" in API group "apps" in the namespace "n"',
  ],
  [
    { ...base, verb: 'create', namespace: 'n', name: 'z' },
    'pods is forbidden: User "alice" cannot create resource "pods" in API group "" in the namespace "n"',
  ],
  [
    { ...base, verb: 'get', resource: 'namespaces', name: 'n' },
    'namespaces "n" is forbidden: User "alice" cannot get resource "namespaces" in API group "" in the namespace "n"',
  ],
] as const)('%o is told in the words of the real server', (request, message) => {
  expect(refusedTo(request).message).toBe(message)
})
