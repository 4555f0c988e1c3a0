import { expect, test } from 'vitest'
import { byAge, conditionOf, deploymentView, holds, isReady } from '../../../../machines/cluster/views.ts'
import type { Deployment, Pod } from '../../../../machines/protocol/objects.ts'

const deployment = (status: object, generation = 2): Deployment =>
  ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', generation },
    spec: { replicas: 3, template: { spec: { containers: [{ name: 'web', image: 'web:2' }] } } },
    status,
  }) as unknown as Deployment
const DONE = {
  observedGeneration: 2,
  replicas: 3,
  updatedReplicas: 3,
  availableReplicas: 3,
  conditions: [{ type: 'Available', status: 'True' }],
}

test('a Deployment is available and rolled out when its controller has seen it and says so', () => {
  expect(deploymentView(deployment(DONE))).toMatchObject({ available: true, rolledOut: true, image: 'web:2' })
  expect(deploymentView(undefined)).toEqual({ object: undefined, available: false, rolledOut: false, image: undefined })
})

test.each([
  ['of an older generation', { ...DONE, observedGeneration: 1 }, false, false],
  ['with a replica of the old template', { ...DONE, replicas: 4 }, true, false],
  ['with a replica that is not updated', { ...DONE, updatedReplicas: 2, replicas: 2 }, true, false],
  ['with a replica that is not available', { ...DONE, availableReplicas: 2 }, false, false],
  ['whose condition is False', { ...DONE, conditions: [{ type: 'Available', status: 'False' }] }, false, true],
  ['without a status', {}, false, false],
])('one %s is not', (_, status, available, rolledOut) => {
  expect(deploymentView(deployment(status))).toMatchObject({ available, rolledOut })
})

test('conditions are found by their type', () => {
  const pod = { metadata: { name: 'a' }, status: { conditions: [{ type: 'Ready', status: 'True' }] } } as unknown as Pod
  expect(conditionOf(pod, 'Ready')).toMatchObject({ status: 'True' })
  expect([isReady(pod), holds(pod, 'Initialized'), isReady(undefined)]).toEqual([true, false, false])
})

test('the older comes first; of one second the one whose name does', () => {
  const made = (name: string, creationTimestamp: string) =>
    ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, creationTimestamp } }) as const
  const [a, b, c] = [
    made('a', '2026-01-01T00:00:02Z'),
    made('b', '2026-01-01T00:00:01Z'),
    made('c', '2026-01-01T00:00:01Z'),
  ]
  expect([a, c, b].sort(byAge)).toEqual([b, c, a])
})
