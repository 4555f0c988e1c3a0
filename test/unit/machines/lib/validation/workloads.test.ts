import { expect, test } from 'vitest'
import {
  checkDeployment,
  checkDeploymentStatus,
  checkReplicaSet,
  checkReplicaSetStatus,
  checkSelectorUpdate,
} from '../../../../../machines/lib/validation/workloads.ts'
import { told } from './told.ts'

const container = { name: 'c', image: 'i', imagePullPolicy: 'Always', terminationMessagePolicy: 'File' }
const template = (rest: object = {}) => ({
  metadata: { labels: { a: 'b' } },
  spec: {
    containers: [container],
    restartPolicy: 'Always',
    dnsPolicy: 'ClusterFirst',
    terminationGracePeriodSeconds: 30,
    ...rest,
  },
})
const base = {
  replicas: 1,
  selector: { matchLabels: { a: 'b' } },
  template: template(),
  strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
}
const of = (spec: object) => told((found) => checkDeployment(found, { spec: { ...base, ...spec } } as never))
const rolling = (maxUnavailable: unknown, maxSurge: unknown = 1) => ({
  strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable, maxSurge } },
})

test.each([
  [{}, []],
  [{ replicas: -1 }, ['spec.replicas: Invalid value: -1: must be greater than or equal to 0']],
  [
    { selector: { matchLabels: { a: 'c' } } },
    [
      'spec.template.metadata.labels: Invalid value: map[string]string{"a":"b"}: `selector` does not match template `labels`',
    ],
  ],
  [
    { selector: undefined },
    [
      'spec.selector: Required value',
      'spec.template.metadata.labels: Invalid value: map[string]string{"a":"b"}: `selector` does not match template `labels`',
    ],
  ],
  [{ selector: {} }, 1],
  [{ selector: { matchExpressions: [{ key: 'a', operator: 'Like' }] } }, 2],
  [{ template: template({ restartPolicy: 'Never', activeDeadlineSeconds: 3 }) }, 2],
  [
    { strategy: { type: 'Recreate', rollingUpdate: {} } },
    ["spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'"],
  ],
  [{ strategy: { type: 'Recreate' } }, []],
  [{ strategy: { type: 'X' } }, 1],
  [{ strategy: { type: 'RollingUpdate' } }, 1],
  [rolling(0, 0), 1],
  [rolling('101%'), 1],
  [rolling('x'), 1],
  [rolling(-1), 1],
  [
    { minReadySeconds: 700, progressDeadlineSeconds: 600 },
    ['spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds'],
  ],
])('%j', (spec, expected) => {
  const found = of(spec)
  expect(typeof expected === 'number' ? found.length : found).toEqual(expected)
})
test('a ReplicaSet selects the pods of its template', () => {
  expect(told((found) => checkReplicaSet(found, { spec: base } as never))).toEqual([])
})
test('a selector is fixed', () => {
  expect(told((found) => checkSelectorUpdate(found, { matchLabels: { a: 'b' } }, { matchLabels: { a: 'b' } }))).toEqual(
    [],
  )
  expect(
    told((found) => checkSelectorUpdate(found, { matchLabels: { a: 'c' } }, { matchLabels: { a: 'b' } })),
  ).toHaveLength(1)
})
test('counts of a status fit together', () => {
  const status = { replicas: 1, readyReplicas: 2, availableReplicas: 3, collisionCount: 1 }
  expect(
    told((found) => checkDeploymentStatus(found, { status } as never, { status: { collisionCount: 2 } } as never)),
  ).toHaveLength(4)
  expect(told((found) => checkReplicaSetStatus(found, { status: { replicas: -1 } } as never))).toHaveLength(4)
})
