import { expect, test } from 'vitest'
import { framesOf } from '../../../../../machines/apiserver/http/frames.ts'
import type { Form } from '../../../../../machines/apiserver/http/words.ts'
import type { ResourceFacts } from '../../../../../machines/lib/schema.ts'
import { resourceOf } from '../../../../../machines/lib/schema.ts'
import profile from '../../../../../machines/profiles/v1.32/index.ts'
import type { WatchEvents } from '../../../../../machines/protocol/api.ts'

const nodes = resourceOf(profile, 'nodes') as ResourceFacts
const plain: Form = {
  media: 'application/json',
  as: 'itself',
  metaVersion: 'v1',
  includeObject: 'Metadata',
  pretty: false,
}
const object = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1', resourceVersion: '5' } }
const events = (...types: readonly ('ADDED' | 'MODIFIED' | 'DELETED')[]): WatchEvents => ({
  type: 'watch.events',
  changes: types.map((type) => ({ type, key: 'n1', object })),
  resourceVersion: '5',
})
const frames = (event: Parameters<typeof framesOf>[2], form = plain, begun = false) =>
  framesOf(nodes, form, event, 0, begun)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

test('each change is a line', () => {
  expect(frames(events('ADDED', 'DELETED'))).toEqual([
    { type: 'ADDED', object },
    { type: 'DELETED', object },
  ])
})
test('no change is a bookmark, which may end the initial events', () => {
  expect(frames({ ...events(), initialEventsEnd: true })).toMatchObject([
    {
      type: 'BOOKMARK',
      object: {
        kind: 'Node',
        metadata: { resourceVersion: '5', annotations: { 'k8s.io/initial-events-end': 'true' } },
      },
    },
  ])
})
test('a failure is an ERROR with its Status', () => {
  const status = {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    message: 'm',
    reason: 'Expired',
    code: 410,
  } as const
  expect(frames({ type: 'watch.failed', status })).toMatchObject([{ type: 'ERROR', object: { code: 410 } }])
})
test('Tables tell their columns once', () => {
  const table = frames(events('ADDED', 'MODIFIED'), { ...plain, as: 'table' })
  expect(table.map(({ object: { columnDefinitions } }) => columnDefinitions?.length ?? null)).toEqual([10, null])
  expect(frames(events('ADDED'), { ...plain, as: 'table' }, true)[0].object.columnDefinitions).toBeNull()
})
