import { expect, test } from 'vitest'
import { fieldOf, unsupported } from '../../../../machines/apiserver/fields.ts'
import type { ApiObject } from '../../../../machines/protocol/objects.ts'

const object = {
  metadata: { name: 'a', namespace: 'n' },
  spec: { unschedulable: true },
  source: { component: 'kubelet' },
} as unknown as ApiObject

test.each([
  ['metadata.name', 'a'],
  ['metadata.namespace', 'n'],
  ['spec.unschedulable', 'true'],
  ['spec.hostNetwork', 'false'],
  ['status.phase', ''],
  ['source', 'kubelet'],
])('%s reads %j', (field, value) => {
  expect(fieldOf(object, field)).toBe(value)
})

test.each([
  ['pods', 'spec.nodeName', undefined],
  ['configmaps', 'metadata.name', undefined],
  ['configmaps', 'data', '"data" is not a known field selector: only "metadata.name", "metadata.namespace"'],
  ['nodes', 'status.phase', 'field label not supported: status.phase'],
  ['jobs.batch', 'status.active', 'field label "status.active" not supported for Job'],
])('of %s %s: %j', (resource, field, why) => {
  expect(unsupported(resource, 'Job', field)).toBe(why)
})
