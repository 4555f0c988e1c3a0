import { describe, expect, test } from 'vitest'
import { type HttpRequest, type Passed, responseOf, routed } from '../../../../machines/apiserver/http.ts'
import { extended } from '../../../../machines/lib/schema.ts'
import profile from '../../../../machines/profiles/v1.32/index.ts'
import { Conversation } from './http/conversation.ts'

const user = { name: 'kubernetes-admin', groups: ['system:masters'] }
const own = { plural: 'widgets', group: 'example.com', version: 'v1', kind: 'Widget', namespaced: true }
const both = extended(profile, [own])
const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json'
const route = (method: string, path: string, rest: Partial<HttpRequest> & { readonly json?: unknown } = {}) =>
  routed(
    both,
    {
      method,
      path,
      headers: rest.headers ?? {},
      ...(rest.json === undefined ? {} : { body: new TextEncoder().encode(JSON.stringify(rest.json)) }),
    },
    user,
  )
const question = (method: string, path: string, rest = {}): unknown => {
  const { type: _, user: __, ...request } = (route(method, path, rest) as Passed).request
  return request
}
const code = (method: string, path: string, rest = {}): number | string => {
  const what = route(method, path, rest)
  return what.does === 'answer' ? what.response.code : what.does
}

describe('a method and a path are a verb and a place', () => {
  test.each([
    ['GET', '/api/v1/pods', { verb: 'list', resource: 'pods' }],
    ['GET', '/api/v1/namespaces/shop/pods/web', { verb: 'get', resource: 'pods', namespace: 'shop', name: 'web' }],
    ['GET', '/api/v1/namespaces/shop', { verb: 'get', resource: 'namespaces', name: 'shop' }],
    [
      'PUT',
      '/api/v1/namespaces/shop/finalize',
      { verb: 'update', resource: 'namespaces', name: 'shop', subresource: 'finalize' },
    ],
    ['DELETE', '/apis/apps/v1/namespaces/a/deployments', { verb: 'deletecollection', resource: 'deployments.apps' }],
    ['DELETE', '/apis/apps/v1/namespaces/a/deployments/b', { verb: 'delete', name: 'b' }],
    ['GET', '/apis/apps/v1/namespaces/a/deployments/b/scale', { verb: 'get', subresource: 'scale' }],
    ['GET', '/apis/example.com/v1/widgets', { verb: 'list', resource: 'widgets.example.com' }],
    ['POST', '/api/v1/nodes', { verb: 'create', resource: 'nodes' }],
  ])('%s %s', (method, path, expected) => {
    expect(question(method, path)).toMatchObject(expected)
  })
  test('a watch is a list that goes on, of one object if it names one', () => {
    expect(route('GET', '/api/v1/pods?watch=1').does).toBe('watch')
    expect(route('GET', '/api/v1/pods?watch=false').does).toBe('call')
    expect(question('GET', '/api/v1/watch/namespaces/a/pods/b')).toEqual({
      verb: 'watch',
      resource: 'pods',
      namespace: 'a',
      options: { fieldSelector: 'metadata.name=b' },
    })
  })
  test('what is served nowhere is refused', () => {
    expect(code('POST', '/api/v1/pods')).toBe(405)
    expect(code('PUT', '/api/v1/namespaces/a/pods')).toBe(405)
    expect(code('TRACE', '/api/v1/pods')).toBe(405)
    expect(code('GET', '/api/v1/pods/web')).toBe(404)
    expect(code('GET', '/apis/apps/v1/namespaces/a/nothings')).toBe(404)
    expect(code('GET', '/nowhere')).toBe(404)
  })
})

describe('the query and the body', () => {
  test('are the options of the request', () => {
    const path = '/api/v1/pods?labelSelector=a%3Db&limit=500&resourceVersion=0&allowWatchBookmarks=true&continue='
    expect(question('GET', path)).toMatchObject({
      options: { labelSelector: 'a=b', limit: 500, resourceVersion: '0', allowWatchBookmarks: true },
    })
  })
  test('of a deletion are told together', () => {
    const json = { kind: 'DeleteOptions', propagationPolicy: 'Background', gracePeriodSeconds: 0, dryRun: ['All'] }
    expect(question('DELETE', '/api/v1/namespaces/a/pods/b', { json })).toEqual({
      verb: 'delete',
      resource: 'pods',
      namespace: 'a',
      name: 'b',
      options: { propagationPolicy: 'Background', gracePeriodSeconds: 0, dryRun: true },
    })
  })
  test('of a patch say which kind of patch', () => {
    const patch = (media: string, path = '/api/v1/nodes/a') =>
      route('PATCH', path, { headers: { 'content-type': media }, json: {} })
    expect((patch('application/merge-patch+json') as Passed).request.patchType).toBe('merge')
    expect((patch('application/strategic-merge-patch+json') as Passed).request.patchType).toBe('strategic')
    expect(patch('text/plain')).toMatchObject({ does: 'answer', response: { code: 415 } })
    expect(
      patch('application/strategic-merge-patch+json', '/apis/example.com/v1/namespaces/a/widgets/b'),
    ).toMatchObject({ response: { code: 415 } })
  })
  test('of a log are its options', () => {
    expect(route('GET', '/api/v1/namespaces/a/pods/b/log?container=c&tailLines=3&follow=true')).toMatchObject({
      does: 'log',
      request: { subresource: 'log', body: { container: 'c', tailLines: 3, follow: true } },
    })
  })
  test('that cannot be read are refused', () => {
    const posted = (media: string, text: string) =>
      routed(
        both,
        {
          method: 'POST',
          path: '/api/v1/nodes',
          headers: { 'content-type': media },
          body: new TextEncoder().encode(text),
        },
        user,
      )
    expect(posted('application/json', '{')).toMatchObject({ response: { code: 400 } })
    expect(posted('text/html', '')).toMatchObject({ does: 'call' })
    expect(posted('text/html', 'x')).toMatchObject({ response: { code: 415 } })
    expect(posted('application/yaml', 'kind: Node')).toMatchObject({ request: { body: { kind: 'Node' } } })
    expect(posted('application/vnd.kubernetes.protobuf', 'x')).toMatchObject({ response: { code: 400 } })
  })
})

describe('documents', () => {
  test('are answered at once', () => {
    expect(['/version', '/openapi/v3', '/api', '/apis'].map((path) => code('GET', path))).toEqual([200, 200, 200, 200])
    expect(code('POST', '/version')).toBe(405)
  })
  test('health is asked of the server', () => {
    expect(route('GET', '/readyz')).toMatchObject({ does: 'health', path: '/readyz', well: { body: 'ok' } })
    expect(route('GET', '/healthz?verbose')).toMatchObject({ path: '/livez' })
    expect(code('GET', '/readyz/nope')).toBe(404)
  })
})

describe('answers', () => {
  const conversation = new Conversation()
  conversation.send({ method: 'POST', path: '/api/v1/nodes', body: { metadata: { name: 'n1' } } })

  test('lists carry their kind, items of Go types do not', () => {
    const list = JSON.parse(conversation.send({ path: '/api/v1/nodes' }).body)
    expect(list).toMatchObject({ kind: 'NodeList', apiVersion: 'v1', items: [{ metadata: { name: 'n1' } }] })
    expect(list.items[0].kind).toBeUndefined()
  })
  test('a Table has a row for each object, and the metadata of it', () => {
    const table = JSON.parse(conversation.send({ path: '/api/v1/nodes', headers: { accept: TABLE } }).body)
    expect(table.columnDefinitions[0]).toMatchObject({ name: 'Name', type: 'string', format: 'name' })
    expect(table.rows[0]).toMatchObject({ object: { kind: 'PartialObjectMetadata', metadata: { name: 'n1' } } })
  })
  test('a failure is a Status in any form', () => {
    const response = conversation.send({ path: '/api/v1/nodes/nope', headers: { accept: TABLE } })
    expect([response.code, JSON.parse(response.body).reason]).toEqual([404, 'NotFound'])
  })
  test('a failure that says when to ask again says it in a header too', () => {
    const failed = (details: object) =>
      responseOf(
        route('GET', '/api/v1/pods') as Passed,
        {
          type: 'api.answered',
          code: 429,
          status: { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: 429, reason: '', message: '', details },
        } as never,
        0,
      ).headers
    expect(failed({ retryAfterSeconds: 10 })).toMatchObject({ 'retry-after': '10' })
    expect(failed({})).not.toHaveProperty('retry-after')
  })
  test('warnings stand in a header', () => {
    const passed = route('GET', '/api/v1/nodes') as Passed
    const response = responseOf(
      { ...passed, warnings: ['one'] },
      { type: 'api.answered', code: 200, warnings: ['"two"'] },
      0,
    )
    expect(response.headers['warning']).toBe('299 - "one", 299 - "\\"two\\""')
  })
  test('people get their JSON indented', () => {
    expect(conversation.send({ path: '/api/v1/nodes/n1', headers: { 'user-agent': 'curl/8' } }).body).toContain('\n  "')
    expect(conversation.send({ path: '/api/v1/nodes/n1' }).body).not.toContain('\n  "')
  })
})
