import { expect, test } from 'vitest'
import { scaleOf, scaleProposed } from '../../../../../machines/apiserver/registry/scale.ts'
import { attempt, messageOf, object } from '../attempts.ts'

const deployment = object('Deployment', {
  spec: { replicas: 3, selector: { matchLabels: { a: 'b' } } },
  status: { replicas: 2 },
})
const scaled = (body: unknown, verb: 'update' | 'patch' = 'update') =>
  scaleProposed(
    attempt({
      verb,
      resource: 'deployments.apps',
      subresource: 'scale',
      body,
      ...(verb === 'patch' ? { patchType: 'merge' as const } : {}),
    }),
    deployment,
  )

test('a Scale shows what is wanted, what is there, and by which selector', () => {
  expect(scaleOf(deployment)).toMatchObject({
    kind: 'Scale',
    spec: { replicas: 3 },
    status: { replicas: 2, selector: 'a=b' },
  })
  expect(scaleOf(object('ReplicationController', { spec: { replicas: 0, selector: { c: 'd' } } }))).toMatchObject({
    spec: {},
    status: { replicas: 0, selector: 'c=d' },
  })
})

test('its replicas become those of the workload', () => {
  expect(scaled({ metadata: { name: 'x' }, spec: { replicas: 5 } })).toMatchObject({
    object: { spec: { replicas: 5 } },
  })
  expect(scaled({ spec: { replicas: 4 } }, 'patch')).toMatchObject({ object: { spec: { replicas: 4 } } })
})

test('an old version and a negative number are refused', () => {
  expect(messageOf(scaled({ metadata: { name: 'x', resourceVersion: '1' }, spec: { replicas: 5 } }))).toMatch(
    /the object has been modified/,
  )
  expect(messageOf(scaled({ spec: { replicas: -2 } }, 'patch'))).toBe(
    'Scale.autoscaling "x" is invalid: spec.replicas: Invalid value: -2: must be greater than or equal to 0',
  )
})
