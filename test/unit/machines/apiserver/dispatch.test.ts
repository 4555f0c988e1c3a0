import { describe, expect, test } from 'vitest'
import {
  answerFromCache,
  answersFromCache,
  canonical,
  isRefused,
  objection,
  refusalOf,
  turnedAway,
} from '../../../../machines/apiserver/dispatch.ts'
import { notReady } from '../../../../machines/apiserver/statuses.ts'
import type { ApiRequest } from '../../../../machines/protocol/api.ts'
import { cacheWith, object } from './attempts.ts'

const admin = { name: 'kubernetes-admin', groups: ['system:masters'] }
const get: ApiRequest = {
  type: 'api.request',
  user: admin,
  verb: 'get',
  resource: 'pods',
  namespace: 'default',
  name: 'p',
}

describe('what is refused on its face', () => {
  test.each([
    ['an unknown user', { ...get, user: { name: '', groups: [] } }, 401],
    ['a user who may not', { ...get, user: { name: 'alice', groups: [] } }, 403],
    ['an unknown resource', { ...get, resource: 'nothings' }, 404],
    ['an unknown subresource', { ...get, subresource: 'scale' as const }, 404],
    ['a subresource that is not read', { ...get, subresource: 'binding' as const }, 405],
    ['what is never kept', { ...get, verb: 'create' as const, resource: 'tokenreviews.authentication.k8s.io' }, 404],
    ['a bad version', { ...get, options: { resourceVersion: 'abc' } }, 500],
    ['a bad selector', { ...get, verb: 'list' as const, options: { fieldSelector: 'foo' } }, 400],
  ])('%s', (_, request, code) => {
    expect(objection([], request)?.code).toBe(code)
    expect(isRefused([], request)).toBe(true)
  })
  test('and nothing else', () => {
    expect(objection([], get)).toBeUndefined()
  })
})

test('a call is answered with the Status, a watch gets it as its only event', () => {
  expect(refusalOf([], { ...get, resource: 'nothings' }, 'kubectl/w/1', 5)).toMatchObject([
    { do: 'answer', to: 'kubectl/w/1', call: 5 },
  ])
  expect(turnedAway({ ...get, verb: 'watch' }, 'kubectl/w/1', 5, notReady())).toMatchObject([
    { do: 'push', stream: 5, event: { type: 'watch.failed' } },
    { do: 'end', stream: 5 },
  ])
})

describe('the cache', () => {
  const cache = cacheWith({
    'pods/default/p': object('Pod', { spec: { nodeName: 'n' } }, { name: 'p' }),
    'pods/other/q': object('Pod', {}, { name: 'q', namespace: 'other' }),
  })
  test.each([
    [{ resourceVersion: '0' }, true],
    [{ resourceVersion: '10' }, true],
    [{ resourceVersion: '11' }, false],
    [{}, false],
  ])('answers %o: %s', (options, answers) => {
    expect(answersFromCache(cache, { ...get, options })).toBe(answers)
  })
  test.each([
    ['all', {}, ['default/p', 'other/q']],
    ['those of a namespace', { namespace: 'other' }, ['other/q']],
    ['those of a node', { options: { fieldSelector: 'spec.nodeName=n' } }, ['default/p']],
    ['one by its name', { namespace: 'default', options: { fieldSelector: 'metadata.name=p' } }, ['default/p']],
  ])('lists %s', (_, more, keys) => {
    const { namespace: __, name: ___, ...list } = { ...get, verb: 'list' as const }
    expect(answerFromCache(cache, [], { ...list, ...more }).list?.objects.keys()).toEqual(keys)
  })
  test('gives one object, or says that there is none', () => {
    expect(answerFromCache(cache, [], get).object?.metadata.resourceVersion).toBe('2')
    expect(answerFromCache(cache, [], { ...get, name: 'z' }).code).toBe(404)
  })
})

test('the old form of a binding is a binding', () => {
  expect(canonical({ ...get, verb: 'create', resource: 'bindings', body: { metadata: { name: 'q' } } })).toMatchObject({
    resource: 'pods',
    subresource: 'binding',
    name: 'q',
  })
  expect(canonical(get)).toBe(get)
})
