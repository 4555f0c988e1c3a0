import { expect, test } from 'vitest'
import { found } from '../../../../../machines/lib/table/json-path.ts'

const object = {
  spec: { replicas: 3, list: [{ name: 'a' }, { name: 'b' }] },
  metadata: { annotations: { 'a.b/c': 'x' } },
  status: {
    conditions: [
      { type: 'Ready', status: 'True' },
      { type: 'Other', status: 'False' },
    ],
  },
}
test.each([
  ['.spec.replicas', [3]],
  ['.spec.list[0].name', ['a']],
  ['.spec.list[-1].name', ['b']],
  ['.spec.list[*].name', ['a', 'b']],
  ['.status.conditions[?(@.type=="Ready")].status', ['True']],
  [".metadata.annotations['a.b/c']", ['x']],
  ['.spec.missing', []],
  ['.spec.replicas[0]', []],
  ['.spec.list[5]', []],
])('%s', (path, values) => {
  expect(found(path, object)).toEqual(values)
})
