import { describe, expect, test } from 'vitest'
import { versioned } from '../../../../../machines/apiserver/frozen.ts'
import { createProposed, createSettled } from '../../../../../machines/apiserver/registry/create.ts'
import { updateProposed, updateSettled } from '../../../../../machines/apiserver/registry/update.ts'
import type { ApiObject } from '../../../../../machines/protocol/objects.ts'
import { attempt, messageOf, object } from '../attempts.ts'

const settings = object('ConfigMap', { data: { k: 'v' } })
const put = (next: unknown, current: ApiObject = settings, resource = 'configmaps') =>
  updateProposed(attempt({ verb: 'update', resource, body: next }), current)
const settled = (next: ApiObject, current: ApiObject, resource: string, subresource?: 'status') =>
  updateSettled(
    attempt({ verb: 'update', resource, ...(subresource === undefined ? {} : { subresource }) }),
    next,
    current,
  )

describe('what a client may replace', () => {
  test('an object of the version that it read, or of none', () => {
    expect(put(settings).does).toBe('draft')
    expect(put({ metadata: { name: 'x' } }).does).toBe('draft')
  })
  test.each([
    [
      'another version',
      { metadata: { name: 'x', resourceVersion: '4' } },
      /the object has been modified; please apply your changes/,
    ],
    [
      'another uid',
      { metadata: { name: 'x', uid: 'u-9' } },
      /Precondition failed: UID in precondition: u-9, UID in object meta: u-1$/,
    ],
    [
      'another name',
      { metadata: { name: 'y' } },
      /^the name of the object \(y\) does not match the name on the URL \(x\)$/,
    ],
    [
      'another namespace',
      { metadata: { name: 'x', namespace: 'z' } },
      /^the namespace of the provided object does not match/,
    ],
    [
      'another kind',
      { kind: 'Secret', metadata: { name: 'x' } },
      /^Secret in version "v1" cannot be handled as a ConfigMap/,
    ],
  ])('not %s', (_, body, message) => {
    expect(messageOf(put(body))).toMatch(message)
  })
  test('a Lease only with a version', () => {
    const lease = object('Lease', { apiVersion: 'coordination.k8s.io/v1' })
    expect(messageOf(put({ metadata: { name: 'x' } }, lease, 'leases.coordination.k8s.io'))).toMatch(
      /must be specified for an update$/,
    )
  })
})

describe('an update', () => {
  const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } }
  const spec = { replicas: 1, selector: { matchLabels: { a: 'b' } }, template }
  const created = (resource: string): ApiObject => {
    const creation = attempt({ verb: 'create', resource, body: { metadata: { name: 'x' }, spec } })
    const made = createSettled(creation, (createProposed(creation) as { object: ApiObject }).object)
    return versioned((made as unknown as { value: ApiObject }).value, 5)
  }
  const replicaSet = { ...created('replicasets.apps'), status: { replicas: 1 } } as unknown as ApiObject & {
    spec: typeof spec
  }
  const scaled = { ...replicaSet, spec: { ...replicaSet.spec, replicas: 2 }, status: { replicas: 9 } } as ApiObject
  const of = (outcome: { does: string }) =>
    (outcome as unknown as { value: ApiObject & { spec: typeof spec; status: { replicas: number } } }).value
  test('of the spec leaves the status and raises the generation', () => {
    const value = of(settled(scaled, replicaSet, 'replicasets.apps'))
    expect([value.spec.replicas, value.status.replicas, value.metadata.generation]).toEqual([2, 1, 2])
  })
  test('of the status leaves the spec and the generation', () => {
    const value = of(settled(scaled, replicaSet, 'replicasets.apps', 'status'))
    expect([value.spec.replicas, value.status.replicas, value.metadata.generation]).toEqual([1, 9, 1])
  })
  test('of a Deployment raises the generation for new annotations too, but not with its status', () => {
    const deployment = created('deployments.apps')
    const annotated = {
      ...deployment,
      metadata: { ...deployment.metadata, annotations: { a: 'b' } },
    } as unknown as ApiObject
    expect(of(settled(annotated, deployment, 'deployments.apps')).metadata.generation).toBe(2)
    expect(of(settled(annotated, deployment, 'deployments.apps', 'status')).metadata).toMatchObject({
      generation: 1,
      annotations: { a: 'b' },
    })
  })
  test('that changes nothing is kept as it is', () => {
    expect(settled(settings, settings, 'configmaps').does).toBe('keep')
  })
  test('never changes birth or death', () => {
    const going = object(
      'ConfigMap',
      {},
      { finalizers: ['e.x/f'], deletionTimestamp: '2026-01-01T00:00:00Z', deletionGracePeriodSeconds: 0 },
    )
    const { deletionTimestamp: _, ...rest } = going.metadata
    const next = { ...going, metadata: { ...rest, labels: { a: 'b' } } } as ApiObject
    expect(of(settled(next, going, 'configmaps')).metadata).toMatchObject({
      deletionTimestamp: '2026-01-01T00:00:00Z',
      labels: { a: 'b' },
    })
  })
  test('that empties the finalizers of a deleted object removes it', () => {
    const going = object(
      'ConfigMap',
      {},
      { finalizers: ['e.x/f'], deletionTimestamp: '2026-01-01T00:00:00Z', deletionGracePeriodSeconds: 0 },
    )
    const { finalizers: _, ...rest } = going.metadata
    expect(settled({ ...going, metadata: rest } as ApiObject, going, 'configmaps')).toMatchObject({
      does: 'remove',
      object: { metadata: { resourceVersion: '5' } },
    })
  })
})

test('a pod with scheduling gates is created with the condition that says so', () => {
  const pod = {
    metadata: { name: 'x' },
    spec: { schedulingGates: [{ name: 'g' }], containers: [{ name: 'c', image: 'i' }] },
  }
  const creation = attempt({ verb: 'create', resource: 'pods', body: pod })
  const proposed = createProposed(creation) as { object: ApiObject }
  const account = { metadata: { name: 'default', namespace: 'default' } } as ApiObject
  const made = createSettled({ ...creation, found: { serviceAccount: account } }, proposed.object)
  expect(made).toMatchObject({
    value: { status: { phase: 'Pending', conditions: [{ type: 'PodScheduled', reason: 'SchedulingGated' }] } },
  })
})
