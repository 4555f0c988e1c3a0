import { describe, expect, test } from 'vitest'
import type { Outcome } from '../../../../../machines/apiserver/registry/attempt.ts'
import { deletionSettled } from '../../../../../machines/apiserver/registry/deletion.ts'
import type { RequestOptions } from '../../../../../machines/protocol/api.ts'
import { attempt, messageOf, object } from '../attempts.ts'

const deleted = (resource: string, current: ReturnType<typeof object>, options: RequestOptions = {}): Outcome =>
  deletionSettled(attempt({ verb: 'delete', resource, options }), current)
const bound = { spec: { nodeName: 'n', containers: [], terminationGracePeriodSeconds: 30 } }
const metadataOf = (outcome: Outcome) => (outcome.does === 'store' ? outcome.value.metadata : undefined)

describe('a pod', () => {
  test('that runs is given its grace', () => {
    expect(metadataOf(deleted('pods', object('Pod', bound)))).toMatchObject({
      deletionGracePeriodSeconds: 30,
      deletionTimestamp: '2026-01-01T00:00:30Z',
    })
  })
  test.each([
    ['the grace asked for', bound, { gracePeriodSeconds: 5 }, 5],
    ['one second for a negative one', bound, { gracePeriodSeconds: -1 }, 1],
    ['none when it is bound to no node', { spec: { containers: [] } }, { gracePeriodSeconds: 5 }, 0],
    ['none when it has ended', { ...bound, status: { phase: 'Succeeded' } }, {}, 0],
  ])('is given %s', (_, parts, options, seconds) => {
    const outcome = deleted('pods', object('Pod', parts), options)
    expect(metadataOf(outcome)?.deletionGracePeriodSeconds).toBe(seconds)
    expect(outcome).toMatchObject({ does: 'store', next: seconds === 0 ? 'remove' : 'answer' })
  })
  test('that is evicted is told so, unless it has ended', () => {
    const evicted = (parts: object) =>
      deletionSettled(
        attempt({ verb: 'create', resource: 'pods', subresource: 'eviction', body: {} }),
        object('Pod', { ...bound, ...parts }),
      )
    const told = evicted({ status: { conditions: [{ type: 'Ready', status: 'True' }] } })
    const conditions = [
      { type: 'Ready' },
      { type: 'DisruptionTarget', reason: 'EvictionByEvictionAPI', lastTransitionTime: '2026-01-01T00:00:00Z' },
    ]
    expect(told).toMatchObject({ does: 'store', value: { status: { conditions } }, next: 'go on' })
    expect(metadataOf(told)?.deletionGracePeriodSeconds).toBeUndefined()
    expect(evicted({ status: { conditions } })).toMatchObject({
      value: { metadata: { deletionGracePeriodSeconds: 30 }, status: { conditions } },
      next: 'answer',
    })
    expect(metadataOf(evicted({ status: { phase: 'Failed' } }))?.deletionGracePeriodSeconds).toBe(0)
  })
  test('that is being deleted may only go sooner', () => {
    const going = object('Pod', bound, { deletionTimestamp: '2026-01-01T00:00:30Z', deletionGracePeriodSeconds: 30 })
    expect(deleted('pods', going).does).toBe('keep')
    expect(deleted('pods', going, { gracePeriodSeconds: 60 }).does).toBe('keep')
    expect(metadataOf(deleted('pods', going, { gracePeriodSeconds: 5 }))?.deletionTimestamp).toBe(
      '2026-01-01T00:00:05Z',
    )
    expect(deleted('pods', going, { gracePeriodSeconds: 0 })).toMatchObject({ does: 'store', next: 'remove' })
  })
  test('without grace left is removed, unless a finalizer holds it', () => {
    const left = { deletionTimestamp: '2026-01-01T00:00:30Z', deletionGracePeriodSeconds: 0 }
    expect(deleted('pods', object('Pod', bound, left)).does).toBe('remove')
    expect(deleted('pods', object('Pod', bound, { ...left, finalizers: ['e.x/f'] })).does).toBe('keep')
  })
})

describe('any other object', () => {
  const deployment = object('Deployment', {}, { generation: 1 })
  test('goes at once, unless finalizers hold it', () => {
    expect(deleted('deployments.apps', deployment).does).toBe('remove')
    const held = deleted('configmaps', object('ConfigMap', {}, { finalizers: ['e.x/f'] }))
    expect(metadataOf(held)).toMatchObject({ deletionGracePeriodSeconds: 0, finalizers: ['e.x/f'] })
  })
  test.each([
    ['Foreground', ['foregroundDeletion']],
    ['Orphan', ['orphan']],
  ] as const)('with the policy %s waits for the garbage collector', (propagationPolicy, finalizers) => {
    const outcome = deleted('deployments.apps', deployment, { propagationPolicy })
    expect(metadataOf(outcome)).toMatchObject({ finalizers, generation: 2 })
  })
  test('with the policy Background drops the finalizers of the other policies', () => {
    const orphaning = object('Deployment', {}, { finalizers: ['orphan'] })
    expect(deleted('deployments.apps', orphaning, { propagationPolicy: 'Background' }).does).toBe('remove')
    expect(metadataOf(deleted('deployments.apps', orphaning))?.finalizers).toEqual(['orphan'])
  })
  test('of the first job API leaves its pods alone', () => {
    expect(metadataOf(deleted('jobs.batch', object('Job')))?.finalizers).toEqual(['orphan'])
  })
  test.each([
    [{ uid: 'u-9' }, /the UID in the precondition \(u-9\) does not match the UID in record \(u-1\)/],
    [
      { resourceVersion: '1' },
      /the ResourceVersion in the precondition \(1\) does not match the ResourceVersion in record \(5\)/,
    ],
  ])('is protected by the precondition %o', (preconditions, message) => {
    expect(messageOf(deleted('configmaps', object('ConfigMap'), { preconditions }))).toMatch(message)
  })
})

describe('a namespace', () => {
  test('is marked first, waits for its finalizer, and is removed then', () => {
    const namespace = (finalizers: string[], metadata = {}) => object('Namespace', { spec: { finalizers } }, metadata)
    expect(deleted('namespaces', namespace(['kubernetes']))).toMatchObject({
      value: { status: { phase: 'Terminating' } },
    })
    const going = { deletionTimestamp: '2026-01-01T00:00:00Z' }
    expect(deleted('namespaces', namespace(['kubernetes'], going)).does).toBe('keep')
    expect(deleted('namespaces', namespace([], going)).does).toBe('remove')
  })
  test('of the system stays', () => {
    expect(messageOf(deleted('namespaces', object('Namespace', {}, { name: 'default' })))).toBe(
      'namespaces "default" is forbidden: this namespace may not be deleted',
    )
  })
})
