import { expect, test } from 'vitest'
import { Harness } from './harness.ts'

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p' },
  spec: { containers: [{ name: 'c', image: 'nginx' }] },
}
const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } }

test('a server brings its own namespaces and its own Service', () => {
  const server = new Harness()
  expect(server.state('kube-apiserver/cp-1')).toBe('ready.watching')
  const { list } = server.ask({ verb: 'list', resource: 'namespaces' })
  expect(list?.objects.keys()).toEqual(['default', 'kube-node-lease', 'kube-public', 'kube-system'])
  const { object } = server.ask({ verb: 'get', resource: 'services', namespace: 'default', name: 'kubernetes' })
  expect(object).toMatchObject({ spec: { clusterIP: '10.96.0.1', ports: [{ port: 443, targetPort: 6443 }] } })
})

test('a pod is created, bound, read, patched and deleted', () => {
  const server = new Harness()
  server.ask({ verb: 'create', resource: 'serviceaccounts', namespace: 'default', body: account })
  const pods = server.watch({ resource: 'pods', options: { resourceVersion: '0' } })
  const created = server.ask({ verb: 'create', resource: 'pods', namespace: 'default', body: pod })
  expect(created).toMatchObject({ code: 201, object: { status: { phase: 'Pending', qosClass: 'BestEffort' } } })
  expect(server.ask({ verb: 'create', resource: 'pods', namespace: 'default', body: pod }).status?.message).toBe(
    'pods "p" already exists',
  )
  const binding = { kind: 'Binding', metadata: { name: 'p' }, target: { kind: 'Node', name: 'node-1' } }
  const bound = server.ask({
    verb: 'create',
    resource: 'pods',
    subresource: 'binding',
    namespace: 'default',
    name: 'p',
    body: binding,
  })
  expect(bound.code).toBe(201)
  const got = server.ask({ verb: 'get', resource: 'pods', namespace: 'default', name: 'p' })
  expect(got.object).toMatchObject({ spec: { nodeName: 'node-1' } })
  const status = { status: { phase: 'Running' } }
  const patched = server.ask({
    verb: 'patch',
    resource: 'pods',
    subresource: 'status',
    namespace: 'default',
    name: 'p',
    patchType: 'strategic',
    body: status,
  })
  expect(patched.object).toMatchObject({ status: { phase: 'Running' } })
  const deleted = server.ask({ verb: 'delete', resource: 'pods', namespace: 'default', name: 'p' })
  expect(deleted.object?.metadata.deletionGracePeriodSeconds).toBe(30)
  server.ask({ verb: 'delete', resource: 'pods', namespace: 'default', name: 'p', options: { gracePeriodSeconds: 0 } })
  expect(server.ask({ verb: 'get', resource: 'pods', namespace: 'default', name: 'p' }).code).toBe(404)
  const types = server.pushed
    .get(pods)
    ?.flatMap((event) => (event as never as { changes: { type: string }[] }).changes.map(({ type }) => type))
  expect(types).toEqual(['ADDED', 'MODIFIED', 'MODIFIED', 'MODIFIED', 'MODIFIED', 'DELETED'])
})
