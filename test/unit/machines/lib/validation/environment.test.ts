import { expect, test } from 'vitest'
import {
  checkEnvironment,
  checkEnvironmentFrom,
  checkFieldReference,
  checkResourceField,
} from '../../../../../machines/lib/validation/environment.ts'
import { told } from './told.ts'

const of = (variable: object) => told((found) => checkEnvironment(found, 'e', [variable as never]))
test.each([
  [{ name: 'A', value: 'b' }, []],
  [{ name: '' }, ['e[0].name: Required value']],
  [
    { name: 'A', valueFrom: {} },
    [
      'e[0].valueFrom: Invalid value: "": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`',
    ],
  ],
  [
    { name: 'A', value: 'x', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
    ['e[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty'],
  ],
  [
    { name: 'A', valueFrom: { secretKeyRef: { name: 's', key: 'k' }, configMapKeyRef: { name: 's', key: '' } } },
    [
      'e[0].valueFrom.configMapKeyRef.key: Required value',
      'e[0].valueFrom: Invalid value: "": may not have more than one field specified at a time',
    ],
  ],
  [
    { name: 'A', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'spec.foo' } } },
    [
      'e[0].valueFrom.fieldRef.fieldPath: Invalid value: "spec.foo": error converting fieldPath: field label not supported: spec.foo',
    ],
  ],
  [{ name: 'A', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '1m' } } }, []],
])('%j', (variable, expected) => {
  expect(of(variable)).toEqual(expected)
})
test.each([
  [{ apiVersion: '', fieldPath: 'x' }, 'f.apiVersion: Required value'],
  [{ apiVersion: 'v1', fieldPath: '' }, 'f.fieldPath: Required value'],
  [
    { apiVersion: 'v1', fieldPath: 'status.phase' },
    'f.fieldPath: Unsupported value: "status.phase": supported values: "metadata.name"',
  ],
  [
    { apiVersion: 'v1', fieldPath: "spec.x['a']" },
    'f.fieldPath: Invalid value: "spec.x[\'a\']": error converting fieldPath: field label does not support subscript: spec.x',
  ],
])('field %j', (reference, expected) => {
  expect(told((found) => checkFieldReference(found, 'f', reference, ['metadata.name']))).toEqual([expected])
})
test('labels and annotations have subscripts', () => {
  const of = (fieldPath: string) =>
    told((found) => checkFieldReference(found, 'f', { apiVersion: 'v1', fieldPath }, []))
  expect(of("metadata.labels['a.b/c']")).toEqual([])
  expect(of("metadata.annotations['A']")).toEqual([])
  expect(of("metadata.labels['a b']")).toHaveLength(1)
})
test.each([
  [{ resource: '' }, 1],
  [{ resource: 'limits.foo' }, 1],
  [{ resource: 'limits.hugepages-2Mi' }, 0],
  [{ resource: 'limits.cpu', divisor: '1Mi' }, 1],
])('resource %j', (reference, count) => {
  expect(told((found) => checkResourceField(found, 'f', reference as never, false))).toHaveLength(count)
})
test('in a volume a container is named', () => {
  expect(told((found) => checkResourceField(found, 'f', { resource: 'limits.cpu' }, true))).toEqual([
    'f.containerName: Required value',
  ])
})
test('everything of a ConfigMap or a Secret', () => {
  const of = (source: object) => told((found) => checkEnvironmentFrom(found, 'e', [source]))
  expect(of({ configMapRef: { name: 'c' }, prefix: 'P_' })).toEqual([])
  expect(of({})).toEqual(['e: Invalid value: "": must specify one of: `configMapRef` or `secretRef`'])
  expect(of({ configMapRef: { name: '' }, secretRef: { name: 'A' } })).toHaveLength(3)
})
