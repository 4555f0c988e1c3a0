import { expect, test } from 'vitest'
import { bindingProposed } from '../../../../../machines/apiserver/registry/binding.ts'
import type { Pod } from '../../../../../machines/protocol/objects.ts'
import { attempt, messageOf, object } from '../attempts.ts'

const pod = (more = {}, metadata = {}) => object('Pod', { spec: { containers: [] }, ...more }, metadata) as Pod
const bound = (body: unknown, to: Pod = pod()) =>
  bindingProposed(attempt({ verb: 'create', resource: 'pods', subresource: 'binding', body }), to)
const target = { kind: 'Node', name: 'node-1' }

test('a binding says where the pod runs, and that it is scheduled', () => {
  const { object: after } = bound({ target, metadata: { annotations: { a: 'b' } } }) as unknown as { object: Pod }
  expect(after).toMatchObject({
    metadata: { annotations: { a: 'b' } },
    spec: { nodeName: 'node-1' },
    status: {
      conditions: [
        { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: '2026-01-01T00:00:00Z' },
      ],
    },
  })
})

test('a pod that could not be scheduled before has the condition replaced', () => {
  const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }]
  const { object: after } = bound({ target }, pod({ status: { conditions } })) as unknown as { object: Pod }
  expect(after.status?.conditions).toHaveLength(1)
})

test.each([
  [
    { target: { kind: 'Pod', name: 'x' } },
    pod(),
    'target.kind: Unsupported value: "Pod": supported values: "Node", "<empty>"',
  ],
  [{ target: { kind: 'Node', name: '' } }, pod(), 'target.name: Required value'],
  [
    { target },
    pod({ spec: { nodeName: 'z', containers: [] } }),
    'Operation cannot be fulfilled on pods/binding "x": pod x is already assigned to node "z"',
  ],
  [
    { target },
    pod({}, { deletionTimestamp: 'now' }),
    'Operation cannot be fulfilled on pods/binding "x": pod x is being deleted, cannot be assigned to a host',
  ],
  [
    { target },
    pod({ spec: { schedulingGates: [{ name: 'g' }], containers: [] } }),
    'Operation cannot be fulfilled on pods/binding "x": pod x has non-empty .spec.schedulingGates',
  ],
])('%o: refused', (body, to, message) => {
  expect(messageOf(bound(body, to))).toBe(message)
})

test('a binding for an earlier pod of that name is refused', () => {
  expect(messageOf(bound({ target, metadata: { uid: 'u-9' } }))).toMatch(
    /Key: \/registry\/pods\/default\/x, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: u-9, UID in object meta: u-1$/,
  )
})
