import { describe, expect, test } from 'vitest'
import { strategicPatched } from '../../../../../machines/lib/patch/strategic.ts'
import { strategicDiff, threeWayPatch } from '../../../../../machines/lib/patch/strategic-diff.ts'
import { type ResourceFacts, resourceOf } from '../../../../../machines/lib/schema.ts'
import profile from '../../../../../machines/profiles/v1.32/index.ts'

const { schema } = resourceOf(profile, 'deployments.apps') as ResourceFacts
const deployment = (containers: readonly object[], rest: object = {}) => ({
  metadata: { name: 'web' },
  spec: { replicas: 2, template: { spec: { containers } }, ...rest },
})

describe('the difference of two objects', () => {
  test.each([
    ['of equals is empty', deployment([{ name: 'a' }]), deployment([{ name: 'a' }]), {}],
    [
      'names what changed in a list, and its order',
      deployment([{ name: 'a', image: '1' }, { name: 'b' }]),
      deployment([{ name: 'a', image: '2' }, { name: 'b' }]),
      {
        spec: {
          template: {
            spec: {
              '$setElementOrder/containers': [{ name: 'a' }, { name: 'b' }],
              containers: [{ image: '2', name: 'a' }],
            },
          },
        },
      },
    ],
    [
      'deletes by key',
      deployment([{ name: 'a' }, { name: 'b' }]),
      deployment([{ name: 'b' }]),
      {
        spec: {
          template: {
            spec: { '$setElementOrder/containers': [{ name: 'b' }], containers: [{ $patch: 'delete', name: 'a' }] },
          },
        },
      },
    ],
    [
      'retains keys of a union',
      deployment([], { strategy: { type: 'RollingUpdate', rollingUpdate: {} } }),
      deployment([], { strategy: { type: 'Recreate' } }),
      { spec: { strategy: { $retainKeys: ['type'], rollingUpdate: null, type: 'Recreate' } } },
    ],
    [
      'takes from a list of scalars',
      { metadata: { finalizers: ['a', 'b'] } },
      { metadata: { finalizers: ['b', 'c'] } },
      {
        metadata: {
          finalizers: ['c'],
          '$deleteFromPrimitiveList/finalizers': ['a'],
          '$setElementOrder/finalizers': ['b', 'c'],
        },
      },
    ],
  ])('%s', (_name, from, to, expected) => {
    const patch = strategicDiff(schema, from, to)
    expect(patch).toEqual(expected)
    expect(strategicPatched(schema, from, patch).value).toEqual(to)
  })
})

test('what kubectl applies leaves what others wrote', () => {
  const lastApplied = deployment([{ name: 'a', image: '1', env: [{ name: 'X', value: '1' }] }])
  const modified = deployment([{ name: 'a', image: '2' }])
  const live = deployment([{ name: 'a', image: '1', env: [{ name: 'X', value: '1' }], imagePullPolicy: 'Always' }], {
    replicas: 5,
  })
  const patch = threeWayPatch(schema, lastApplied, modified, live)
  expect(patch).toMatchObject({ spec: { replicas: 2 } })
  const { value } = strategicPatched(schema, live, patch)
  expect(value).toMatchObject({
    spec: { replicas: 2, template: { spec: { containers: [{ name: 'a', image: '2', imagePullPolicy: 'Always' }] } } },
  })
  expect(value).not.toHaveProperty('spec.template.spec.containers.0.env')
})
test('nothing to do is an empty patch', () => {
  const object = deployment([{ name: 'a' }])
  expect(threeWayPatch(schema, object, object, { ...object, status: { replicas: 1 } })).toEqual({})
})
