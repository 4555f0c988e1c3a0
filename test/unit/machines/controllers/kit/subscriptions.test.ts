import { expect, test } from 'vitest'
import { wantedBy } from '../../../../../machines/controllers/kit/subscriptions.ts'
import type { Delta } from '../../../../../machines/protocol/cache.ts'
import type { ApiObject } from '../../../../../machines/protocol/objects.ts'

const pod = (phase: string, resourceVersion = '1'): ApiObject =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'a', namespace: 'default', uid: 'a', resourceVersion },
    status: { phase },
  }) as ApiObject
const delta = (was: ApiObject | undefined, now: ApiObject | undefined): Delta => ({ key: 'default/a', was, now })
const [begun, touched, ended, gone] = [
  delta(undefined, pod('Running')),
  delta(pod('Running'), pod('Running', '2')),
  delta(pod('Running'), pod('Failed')),
  delta(pod('Failed'), undefined),
]
const all = [begun, touched, ended, gone]

test('who wants everything gets the list as it is', () => {
  expect(wantedBy(undefined, all)).toBe(all)
})
test.each([
  ['deletions', [gone]],
  ['endings', [ended, gone]],
  ['ownership', [begun, gone]],
] as const)('who wants %s gets those', (only, wanted) => {
  expect(wantedBy(only, all)).toEqual(wanted)
})
test('who wants all that came gets the very list', () => {
  const deltas = [gone]
  expect(wantedBy('deletions', deltas)).toBe(deltas)
})
