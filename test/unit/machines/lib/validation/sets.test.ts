import { describe, expect, test } from 'vitest'
import type { Found } from '../../../../../machines/lib/validation/causes.ts'
import { checkDaemonSet, checkDaemonSetUpdate } from '../../../../../machines/lib/validation/daemon-sets.ts'
import { checkReplicationController } from '../../../../../machines/lib/validation/replication-controllers.ts'
import {
  checkStatefulSet,
  checkStatefulSetStatus,
  checkStatefulSetUpdate,
} from '../../../../../machines/lib/validation/stateful-sets.ts'
import { toldOf } from './told-of.ts'

const containers = [
  { name: 'c', image: 'nginx', imagePullPolicy: 'Always', terminationMessagePolicy: 'File', resources: {} },
]
const pod = { restartPolicy: 'Always', dnsPolicy: 'ClusterFirst', terminationGracePeriodSeconds: 30, containers }
const template = { metadata: { labels: { a: 'b' } }, spec: pod }
const SPEC = { selector: { matchLabels: { a: 'b' } }, template }
const NO_MATCH =
  'spec.template.metadata.labels: Invalid value: map[string]string{"a":"b"}: `selector` does not match template `labels`'

describe('a StatefulSet', () => {
  const set = (more: object) => ({
    spec: { ...SPEC, podManagementPolicy: 'OrderedReady', updateStrategy: { type: 'RollingUpdate' }, ...more },
  })
  test.each<[string, object, readonly string[]]>([
    ['as it should be', {}, []],
    [
      'managed in a way that there is not',
      { podManagementPolicy: 'X' },
      ["spec.podManagementPolicy: Invalid value: \"X\": must be 'OrderedReady' or 'Parallel'"],
    ],
    [
      'updated in a way that there is not',
      { updateStrategy: { type: 'X' } },
      [
        "spec.updateStrategy: Invalid value: apps.StatefulSetUpdateStrategy{Type:\"X\", RollingUpdate:(*apps.RollingUpdateStatefulSetStrategy)(nil)}: must be 'RollingUpdate' or 'OnDelete'",
      ],
    ],
    [
      'with a partition where nothing rolls',
      { updateStrategy: { type: 'OnDelete', rollingUpdate: { partition: 1 } } },
      [
        "spec.updateStrategy.rollingUpdate: Invalid value: apps.RollingUpdateStatefulSetStrategy{Partition:1, MaxUnavailable:(*intstr.IntOrString)(nil)}: only allowed for updateStrategy 'RollingUpdate'",
      ],
    ],
    [
      'that counts below zero',
      { ordinals: { start: -1 }, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: -1 } } },
      [
        'spec.updateStrategy.rollingUpdate.partition: Invalid value: -1: must be greater than or equal to 0',
        'spec.ordinals.start: Invalid value: -1: must be greater than or equal to 0',
      ],
    ],
    [
      'that keeps claims as nobody does',
      { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'X' } },
      [
        'spec.persistentVolumeClaimRetentionPolicy.whenDeleted: Unsupported value: "X": supported values: "Retain", "Delete"',
      ],
    ],
    ['that selects others', { selector: { matchLabels: { a: 'z' } } }, [NO_MATCH]],
    ['that selects nothing', { selector: undefined }, ['spec.selector: Required value']],
  ])('%s', (_, more, causes) => {
    expect(toldOf(checkStatefulSet, set(more))).toEqual(causes)
  })
  test('may change in a few fields alone', () => {
    const update = (found: Found, next: never): void => checkStatefulSetUpdate(found, next, set({}) as never)
    expect(toldOf(update, set({ replicas: 3 }))).toEqual([])
    expect(toldOf(update, set({ serviceName: 't' }))).toEqual([
      expect.stringMatching(/^spec: Forbidden: updates to statefulset spec for fields other than 'replicas'/),
    ])
  })
  test('counts no more pods than there are', () => {
    expect(toldOf(checkStatefulSetStatus, { status: { replicas: 1, readyReplicas: 2 } })).toEqual([
      'status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas',
    ])
  })
})

describe('a DaemonSet', () => {
  const rolling = (rollingUpdate: object) => ({ updateStrategy: { type: 'RollingUpdate', rollingUpdate } })
  const set = (more: object) => ({ spec: { ...SPEC, ...rolling({ maxUnavailable: 1, maxSurge: 0 }), ...more } })
  test.each<[string, object, readonly string[]]>([
    ['as it should be', {}, []],
    [
      'that could not go on',
      rolling({ maxUnavailable: 0 }),
      ['spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0'],
    ],
    [
      'that goes two ways at once',
      rolling({ maxUnavailable: 1, maxSurge: '10%' }),
      [
        'spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: intstr.IntOrString{Type:1, IntVal:0, StrVal:"10%"}: may not be set when maxUnavailable is non-zero',
      ],
    ],
    [
      'whose pods end',
      { template: { ...template, spec: { ...pod, restartPolicy: 'Never', activeDeadlineSeconds: 1 } } },
      [
        'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
        'spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in DaemonSet is not Supported',
      ],
    ],
    ['that selects others', { selector: { matchLabels: { a: 'z' } } }, [NO_MATCH]],
    [
      'updated in a way that there is not',
      { updateStrategy: { type: 'X' } },
      [
        'spec.updateStrategy: Unsupported value: apps.DaemonSetUpdateStrategy{Type:"X", RollingUpdate:(*apps.RollingUpdateDaemonSet)(nil)}: supported values: "RollingUpdate", "OnDelete"',
      ],
    ],
  ])('%s', (_, more, causes) => {
    expect(toldOf(checkDaemonSet, set(more))).toEqual(causes)
  })
  test('keeps its selector', () => {
    const update = (found: Found, next: never): void => checkDaemonSetUpdate(found, next, set({}) as never)
    const labels = { a: 'b', c: 'd' }
    const other = set({ selector: { matchLabels: labels }, template: { ...template, metadata: { labels } } })
    expect(toldOf(update, other)).toEqual([expect.stringMatching(/^spec\.selector: .*: field is immutable$/)])
  })
})

test('a ReplicationController selects what it makes', () => {
  expect(toldOf(checkReplicationController, { spec: { selector: { a: 'b' }, template } })).toEqual([])
  expect(toldOf(checkReplicationController, { spec: { selector: { a: 'z' }, template } })).toEqual([NO_MATCH])
  expect(toldOf(checkReplicationController, { spec: {} })).toEqual([
    'spec.selector: Required value',
    'spec.template: Required value',
  ])
})
