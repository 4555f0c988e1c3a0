import { expect, test } from 'vitest'
import { deploymentController } from '../../../../../machines/controllers/deployment/controller.ts'
import type { ApiObject } from '../../../../../machines/protocol/objects.ts'
import { deployment, podOf, setOf, viewOf } from './examples.ts'

const set = setOf('img:1', 4)
const orphan = (labels: Record<string, string>) => ({
  ...set,
  metadata: { ...set.metadata, ownerReferences: [], labels },
})
const concerns = (
  resource: string,
  was: ApiObject | undefined,
  now: ApiObject | undefined,
  view = viewOf([deployment()], [set]),
) => deploymentController.concerns(resource, { key: 'default/x', was, now }, view)

test('a Deployment concerns itself, a replica set its owner before and after', () => {
  expect(concerns('deployments.apps', undefined, deployment())).toEqual(['default/x'])
  expect(concerns('replicasets.apps', set, set)).toEqual(['default/web'])
  expect(concerns('replicasets.apps', set, undefined)).toEqual(['default/web'])
})

test('an orphan that is new or changed concerns who may adopt it', () => {
  expect(concerns('replicasets.apps', undefined, orphan({ app: 'web' }))).toEqual(['default/web'])
  expect(concerns('replicasets.apps', undefined, orphan({ app: 'other' }))).toEqual([])
  expect(concerns('replicasets.apps', orphan({ app: 'web' }), orphan({ app: 'web' }))).toEqual([])
})

test('the last pod that goes concerns a Deployment that re-creates', () => {
  const pod = podOf(set, 'a')
  const recreating = deployment({ strategy: { type: 'Recreate' } })
  expect(concerns('pods', pod, undefined)).toEqual([])
  expect(concerns('pods', pod, undefined, viewOf([recreating], [set]))).toEqual(['default/web'])
  expect(concerns('pods', pod, undefined, viewOf([recreating], [set], [podOf(set, 'b')]))).toEqual([])
  expect(concerns('pods', undefined, undefined, viewOf([recreating], [set]))).toEqual([])
})
