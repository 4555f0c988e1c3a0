import { describe, expect, test } from 'vitest'
import { scaleOfAll, scalePlace, scaleTold } from '../../../../../machines/controllers/disruption/scales.ts'
import { pod, viewOf } from '../objects.ts'
import { owner, podOf, workload } from './budgets.ts'

const rs = owner('ReplicaSet', 'rs')
const view = viewOf({
  'replicasets.apps': [workload('ReplicaSet', 'rs', 3), workload('ReplicaSet', 'of', 2, owner('Deployment', 'web'))],
  'deployments.apps': [workload('Deployment', 'web', 7)],
  'statefulsets.apps': [workload('StatefulSet', 'db', 5)],
  replicationcontrollers: [workload('ReplicationController', 'rc', 4)],
})
const sum = (...pods: readonly ReturnType<typeof pod>[]) => scaleOfAll(pods, view, {})

describe('how many pods there are meant to be', () => {
  test('is the sum of what their owners are to have, each counted once', () => {
    expect(sum(podOf('a', rs), podOf('b', rs))).toEqual({ expected: 3, unmanaged: false })
    const [of, db] = [owner('ReplicaSet', 'of'), owner('StatefulSet', 'db')]
    const rc = owner('ReplicationController', 'rc', 'v1')
    expect(sum(podOf('a', of), podOf('b', db), podOf('c', rc))).toEqual({ expected: 16, unmanaged: false })
  })
  test('is told of those that have an owner, and that some have none', () => {
    expect(sum(podOf('a', rs), pod('bare'))).toEqual({ expected: 3, unmanaged: true })
    expect(sum()).toEqual({ expected: 0, unmanaged: false })
  })
})

describe('an owner that the caches do not have', () => {
  const gone = owner('ReplicaSet', 'gone')
  test('is asked for, also a ReplicaSet whose Deployment is not there', () => {
    expect(sum(podOf('a', gone))).toEqual({ ask: gone })
    expect(sum(podOf('a', { ...rs, uid: 'another' }))).toMatchObject({ ask: { uid: 'another' } })
    const orphan = viewOf({ 'replicasets.apps': [workload('ReplicaSet', 'of', 2, owner('Deployment', 'away'))] })
    expect(scaleOfAll([podOf('a', owner('ReplicaSet', 'of'))], orphan, {})).toMatchObject({ ask: { name: 'of' } })
    const foreign = owner('Deployment', 'web', 'example.com/v1')
    const strange = viewOf({ 'replicasets.apps': [workload('ReplicaSet', 'of', 2, foreign)], 'deployments.apps': [] })
    expect(scaleOfAll([podOf('a', owner('ReplicaSet', 'of'))], strange, {})).toMatchObject({ ask: { name: 'of' } })
  })
  test('counts as the API says, or there is no controller', () => {
    const told = { 'uid-gone': { uid: 'uid-gone', replicas: 6 } }
    expect(scaleOfAll([podOf('a', gone)], view, told)).toEqual({ expected: 6, unmanaged: false })
    expect(scaleOfAll([podOf('a', gone)], view, { 'uid-gone': null })).toEqual({
      why: 'found no controllers for pod "a"',
    })
  })
  test('of a kind that has no scale, or that nobody knows, cannot be counted', () => {
    expect(sum(podOf('a', owner('Job', 'j', 'batch/v1')))).toEqual({
      why: 'jobs.batch does not implement the scale subresource',
    })
    expect(sum(podOf('a', owner('Node', 'n', 'v1')))).toEqual({ why: 'nodes does not implement the scale subresource' })
    expect(sum(podOf('a', owner('Fleet', 'f', 'example.com/v1')))).toEqual({
      why: 'no matches for kind "Fleet" in version "example.com/v1"',
    })
  })
  test('is found under its name, when it is the same', () => {
    expect(scalePlace(gone, 'default')).toEqual({
      ...{ resource: 'replicasets.apps', namespace: 'default', name: 'gone', subresource: 'scale' },
    })
    expect(scaleTold(gone, workload('ReplicaSet', 'gone', 2))).toEqual({ uid: 'uid-gone', replicas: 2 })
    expect([scaleTold(gone, workload('ReplicaSet', 'other', 2)), scaleTold(gone, undefined)]).toEqual([null, null])
  })
})
