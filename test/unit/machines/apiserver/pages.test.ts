import { expect, test } from 'vitest'
import { isPaged, malformedPage, pageOf, pageRange } from '../../../../machines/apiserver/pages.ts'
import { EVERYTHING, type Selection } from '../../../../machines/apiserver/selection.ts'
import { factsOf } from '../../../../machines/apiserver/served.ts'
import type { ResourceFacts } from '../../../../machines/lib/schema.ts'
import type { ApiRequest, RequestOptions } from '../../../../machines/protocol/api.ts'

const facts = factsOf([], 'configmaps') as ResourceFacts
const list = (options: RequestOptions): ApiRequest => ({
  type: 'api.request',
  user: { name: 'a', groups: [] },
  verb: 'list',
  resource: 'configmaps',
  namespace: 'n',
  options,
})
const kvs = ['a', 'b', 'c'].map((name, i) => ({
  key: `/registry/configmaps/n/${name}`,
  value: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'n', labels: { i: String(i) } } },
  createRevision: 1,
  modRevision: i + 1,
  version: 1,
}))
const page = (options: RequestOptions, from = 0, selection: Selection = EVERYTHING) =>
  pageOf(list(options), facts, selection, { kvs: kvs.slice(from), count: 3, more: false }, 9).list

test.each([
  [{}, false],
  [{ limit: 5 }, true],
  [{ limit: 5, resourceVersion: '0' }, false],
  [{ resourceVersion: '7' }, false],
  [{ resourceVersion: '7', resourceVersionMatch: 'Exact' }, true],
  [{ continue: 'x' }, true],
] as const)('%o goes page by page: %s', (options, paged) => {
  expect(isPaged(list(options))).toBe(paged)
})

test("the pages together are the list, all of the first one's revision", () => {
  const first = page({ limit: 2 })
  expect([first?.objects.keys(), first?.remainingItemCount, first?.resourceVersion]).toEqual([['n/a', 'n/b'], 1, '9'])
  const rest = { limit: 2, continue: first?.continue as string }
  expect(pageRange(list(rest), facts)).toMatchObject({ key: '/registry/configmaps/n/b\0', revision: 9 })
  const second = pageOf(list(rest), facts, EVERYTHING, { kvs: kvs.slice(2), count: 1, more: false }, 12).list
  expect([second?.objects.keys(), second?.continue, second?.resourceVersion]).toEqual([['n/c'], undefined, '9'])
})

test('with a selector the rest is not counted', () => {
  const selection: Selection = { ...EVERYTHING, labels: [{ key: 'i', operator: 'NotIn', values: ['0'] }] }
  const first = page({ limit: 1 }, 0, selection)
  expect([first?.objects.keys(), first?.remainingItemCount]).toEqual([['n/b'], undefined])
})

test('a token goes with no version, and must be one', () => {
  expect(malformedPage(list({ continue: 'x', resourceVersion: '5' }))?.message).toBe(
    'specifying resource version is not allowed when using continue',
  )
  expect(malformedPage(list({ continue: 'x' }))?.code).toBe(400)
  expect(malformedPage(list({}))).toBeUndefined()
})
