import { expect, test } from 'vitest'
import { strictly } from '../../../../../machines/apiserver/http/strictness.ts'
import { type ResourceFacts, resourceOf } from '../../../../../machines/lib/schema.ts'
import profile from '../../../../../machines/profiles/v1.32/index.ts'

const configMaps = resourceOf(profile, 'configmaps') as ResourceFacts
const body = { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'a', unknown: 1 }, dat: {} }

test('unknown fields are warned of, unless they are to be ignored', () => {
  const warnings = ['unknown field "metadata.unknown"', 'unknown field "dat"']
  expect(strictly('', configMaps, { method: 'POST', body })).toEqual(warnings)
  expect(strictly('Warn', configMaps, { method: 'PUT', body })).toEqual(warnings)
  expect(strictly('Ignore', configMaps, { method: 'POST', body })).toEqual([])
})
test('a strict client is refused', () => {
  expect(strictly('Strict', configMaps, { method: 'POST', body })).toMatchObject({
    code: 400,
    message:
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "metadata.unknown", unknown field "dat"',
  })
  expect(strictly('Strict', configMaps, { method: 'PATCH', body: { foo: 1 }, patchType: 'strategic' })).toMatchObject({
    code: 422,
    message: ' "" is invalid: patch: Invalid value: "map[foo:1]": strict decoding error: unknown field "foo"',
  })
})
test('directives of a patch are no fields', () => {
  const patch = { metadata: { $retainKeys: ['a'] }, data: null }
  expect(strictly('Strict', configMaps, { method: 'PATCH', body: patch, patchType: 'strategic' })).toEqual([])
})
test('any other word is invalid', () => {
  expect(strictly('Bogus', configMaps, { method: 'POST', body })).toMatchObject({
    message:
      'CreateOptions.meta.k8s.io "" is invalid: fieldValidation: Unsupported value: "Bogus": supported values: "", "Ignore", "Strict", "Warn"',
  })
})
