import { describe, expect, test } from 'vitest'
import { served } from '../../../../machines/apiserver/served.ts'
import { advanced } from '../../../../machines/apiserver/watch-cache.ts'
import { openedWatch } from '../../../../machines/apiserver/watch-opening.ts'
import { NOBODY } from '../../../../machines/apiserver/watchers.ts'
import type { RequestOptions } from '../../../../machines/protocol/api.ts'
import { cacheWith, object } from './attempts.ts'

const map = (name: string) => object('ConfigMap', {}, { name })
const kv = (name: string, modRevision: number) => ({
  key: `/registry/configmaps/default/${name}`,
  value: map(name),
  createRevision: 1,
  modRevision,
  version: 1,
})
const [cache] = advanced(
  cacheWith({ 'configmaps/default/a': map('a') }),
  [{ type: 'PUT', kv: kv('b', 11) }],
  12,
  0,
  served([]).prefixes,
)
const opened = (options: RequestOptions) => {
  const request = {
    type: 'api.request' as const,
    user: { name: 'a', groups: [] },
    verb: 'watch' as const,
    resource: 'configmaps',
    options,
  }
  const [watchers, effects] = openedWatch(cache, NOBODY, [], request, 3, 7)
  const pushed = effects.flatMap((effect) =>
    effect.do === 'push' ? [effect.event as { type: string; changes?: readonly { key: string }[] }] : [],
  )
  return { watchers, effects, pushed, keys: pushed.flatMap(({ changes }) => changes ?? []).map(({ key }) => key) }
}

describe('a watch begins', () => {
  test.each([
    ['with the state of now, without a version', {}, ['default/a', 'default/b']],
    ['with any state, at version 0', { resourceVersion: '0' }, ['default/a', 'default/b']],
    ['with what came after its version', { resourceVersion: '10' }, ['default/b']],
    ['with nothing, when it knows all', { resourceVersion: '12' }, []],
    [
      'with the state, when it asks for it',
      { resourceVersion: '5', sendInitialEvents: true },
      ['default/a', 'default/b'],
    ],
    ['without the state, when it wants none', { resourceVersion: '0', sendInitialEvents: false }, []],
  ])('%s', (_, options, keys) => {
    expect(opened(options).keys).toEqual(keys)
    expect(opened(options).watchers.places.size).toBe(1)
  })
  test('at a version that the cache no longer knows it is Expired', () => {
    const { pushed, effects, watchers } = opened({ resourceVersion: '5' })
    expect(pushed).toMatchObject([
      { type: 'watch.failed', status: { code: 410, message: 'too old resource version: 5 (10)' } },
    ])
    expect([effects.at(-1)?.do, watchers.places.size]).toEqual(['end', 0])
  })
  test('and tells by a bookmark where its first state ends', () => {
    expect(opened({ sendInitialEvents: true, allowWatchBookmarks: true }).pushed.at(-1)).toMatchObject({
      changes: [],
      initialEventsEnd: true,
      resourceVersion: '12',
    })
    expect(opened({ sendInitialEvents: true }).pushed).toHaveLength(1)
    expect(opened({ resourceVersion: '0', allowWatchBookmarks: true }).pushed).toHaveLength(1)
  })
})

test('a watch lasts as long as it asked for, else between half an hour and an hour', () => {
  const lasts = (options: RequestOptions) =>
    opened(options).effects.flatMap((effect) => (effect.do === 'wake' ? [effect.afterMs] : []))[0] ?? 0
  expect(lasts({ timeoutSeconds: 5 })).toBe(5_000)
  expect(lasts({}) >= 1_800_000 && lasts({}) < 3_600_000).toBe(true)
})
