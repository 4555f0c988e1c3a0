import { expect, test } from 'vitest'
import {
  isActive,
  isAvailable,
  isReady,
  mostRestarts,
  readySince,
} from '../../../../../machines/controllers/kit/pods.ts'
import type { Pod } from '../../../../../machines/protocol/objects.ts'

const pod = (status: object, metadata: object = {}, spec: object = {}): Pod =>
  ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', ...metadata }, spec, status }) as unknown as Pod
const ready = (status: string, lastTransitionTime?: string) =>
  pod({ phase: 'Running', conditions: [{ type: 'Ready', status, lastTransitionTime }] })

test('a pod is active until it is over or on its way out', () => {
  expect(['Pending', 'Running', 'Succeeded', 'Failed'].map((phase) => isActive(pod({ phase })))).toEqual([
    true,
    true,
    false,
    false,
  ])
  expect(isActive(pod({ phase: 'Running' }, { deletionTimestamp: '2026-01-01T00:00:00Z' }))).toBe(false)
})

test('a pod is available once it has been ready for long enough', () => {
  const since = ready('True', '1970-01-01T00:00:10Z')
  expect([isReady(since), readySince(since)]).toEqual([true, 10_000])
  expect([isAvailable(since, 0, 10_000), isAvailable(since, 3, 13_000), isAvailable(since, 3, 13_001)]).toEqual([
    true,
    false,
    true,
  ])
  expect([isReady(ready('False')), readySince(ready('False')), isAvailable(ready('False'), 0, 0)]).toEqual([
    false,
    undefined,
    false,
  ])
})

test('restarts are those of containers and those of sidecars', () => {
  const many = pod(
    {
      containerStatuses: [{ restartCount: 1 }, { restartCount: 4 }],
      initContainerStatuses: [
        { name: 'setup', restartCount: 9 },
        { name: 'proxy', restartCount: 2 },
      ],
    },
    {},
    { initContainers: [{ name: 'setup' }, { name: 'proxy', restartPolicy: 'Always' }] },
  )
  expect(mostRestarts(many)).toEqual([4, 2])
  expect(mostRestarts(pod({}))).toEqual([0, 0])
})
