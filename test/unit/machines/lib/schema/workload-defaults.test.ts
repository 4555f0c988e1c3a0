import { expect, test } from 'vitest'
import {
  daemonSetStrategyDefaults,
  deploymentStrategyDefaults,
  jobDefaults,
  replicationControllerDefaults,
  statefulSetDefaults,
} from '../../../../../machines/lib/schema/workload-defaults.ts'

test('a strategy rolls unless it says otherwise', () => {
  expect(deploymentStrategyDefaults({})).toEqual({
    type: 'RollingUpdate',
    rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' },
  })
  expect(daemonSetStrategyDefaults({ rollingUpdate: { maxUnavailable: 2 } })).toMatchObject({
    rollingUpdate: { maxSurge: 0, maxUnavailable: 2 },
  })
  const recreate = { type: 'Recreate' }
  expect(deploymentStrategyDefaults(recreate)).toBe(recreate)
})
test('a StatefulSet keeps claims and updates from its last pod to its first', () => {
  expect(statefulSetDefaults({ volumeClaimTemplates: [{}] })).toEqual({
    podManagementPolicy: 'OrderedReady',
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
    persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    replicas: 1,
    revisionHistoryLimit: 10,
    volumeClaimTemplates: [{ apiVersion: 'v1', kind: 'PersistentVolumeClaim' }],
  })
  expect(statefulSetDefaults({ updateStrategy: { type: 'OnDelete' } })).toMatchObject({
    updateStrategy: { type: 'OnDelete' },
  })
})
test('a Job runs once', () => {
  const made = jobDefaults({ spec: { template: { metadata: { labels: { a: 'b' } } } } })
  expect(made).toMatchObject({
    metadata: { labels: { a: 'b' } },
    spec: { completions: 1, parallelism: 1, backoffLimit: 6, suspend: false },
  })
  expect(jobDefaults({ spec: { parallelism: 2, backoffLimitPerIndex: 1 } }).spec).toMatchObject({
    parallelism: 2,
    backoffLimit: 2_147_483_647,
  })
})
test('a ReplicationController selects the labels of its template', () => {
  expect(replicationControllerDefaults({ spec: { template: { metadata: { labels: { a: 'b' } } } } })).toEqual({
    metadata: { labels: { a: 'b' } },
    spec: { template: { metadata: { labels: { a: 'b' } } }, selector: { a: 'b' }, replicas: 1 },
  })
})
