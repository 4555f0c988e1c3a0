import { expect, test } from 'vitest'
import { heard, isOverdue } from '../../../../../machines/controllers/node-lifecycle/heartbeats.ts'
import type { Lease } from '../../../../../machines/protocol/objects.ts'
import { AT, neverHeard, node, object } from '../objects.ts'

const lease = (renewTime: string) =>
  object('coordination.k8s.io/v1', 'Lease', 'a', { spec: { renewTime } }) as unknown as Lease
const first = lease('2026-01-01T00:00:10.000000Z')

test('a heartbeat is heard when the monitor sees it, whatever time it bears', () => {
  const known = heard(undefined, node('a'), first, AT + 1_000)
  expect(known.heardAt).toBe(AT + 1_000)
  expect(heard(known, node('a'), first, AT + 6_000)).toBe(known)
  expect(heard(known, node('a'), lease('2026-01-01T00:00:20.000000Z'), AT + 6_000).heardAt).toBe(AT + 6_000)
  const older = heard(known, node('a'), lease('2026-01-01T00:00:05.000000Z'), AT + 6_000)
  expect(older).toBe(known)
})

test('a status counts as well as a Lease', () => {
  const known = heard(undefined, node('a'), undefined, AT)
  const conditions = [{ type: 'Ready', status: 'True', lastHeartbeatTime: '2026-01-01T00:00:30Z' }]
  expect(heard(known, node('a', 'True', { status: { conditions } }), undefined, AT + 30_000).heardAt).toBe(AT + 30_000)
  expect(isOverdue(known, AT + 49_999)).toBe(false)
  expect(isOverdue(known, AT + 50_000)).toBe(true)
})

test('a node that never posted has 60 s from its creation', () => {
  const known = heard(undefined, neverHeard('a'), undefined, AT + 3_000)
  expect(known.heardAt).toBe(AT)
  expect([isOverdue(known, AT + 55_000), isOverdue(known, AT + 60_000)]).toEqual([false, true])
  const undated = object('v1', 'Node', 'a', { metadata: { creationTimestamp: undefined } })
  expect(heard(undefined, undated as ReturnType<typeof node>, undefined, AT + 3_000).heardAt).toBe(AT + 3_000)
})
