import { expect, test } from 'vitest'
import {
  checkConfigMap,
  checkFixed,
  checkSecret,
  checkSecretUpdate,
} from '../../../../../machines/lib/validation/configuration.ts'
import { told } from './told.ts'

test('a ConfigMap has keys, each once', () => {
  const of = (map: object) => told((found) => checkConfigMap(found, map as never))
  expect(of({ data: { 'a.b': 'c' } })).toEqual([])
  expect(of({ data: { '..': '' } })).toEqual([`data[..]: Invalid value: "..": must not be '..'`])
  expect(of({ data: { a: '' }, binaryData: { a: '', 'b c': '' } })).toHaveLength(2)
  expect(of({ data: { a: 'x'.repeat(1_048_577) } })).toEqual(['[]: Too long: may not be more than 1048576 bytes'])
})
test.each([
  ['kubernetes.io/tls', { 'tls.crt': '' }, ['data[tls.key]: Required value']],
  ['kubernetes.io/basic-auth', {}, ['data[username]: Required value', 'data[password]: Required value']],
  ['kubernetes.io/basic-auth', { username: '' }, []],
  ['kubernetes.io/ssh-auth', {}, ['data[ssh-privatekey]: Required value']],
  ['kubernetes.io/dockercfg', {}, ['data[.dockercfg]: Required value']],
  [
    'kubernetes.io/dockerconfigjson',
    { '.dockerconfigjson': 'YWJj' },
    [
      'data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": invalid character \'a\' looking for beginning of value',
    ],
  ],
  ['kubernetes.io/dockerconfigjson', { '.dockerconfigjson': 'W10=' }, 1],
  ['kubernetes.io/dockerconfigjson', { '.dockerconfigjson': 'e30=' }, []],
  [
    'kubernetes.io/service-account-token',
    {},
    ['metadata.annotations[kubernetes.io/service-account.name]: Required value'],
  ],
  ['Opaque', { 'a b': '' }, 1],
])('a Secret of type %s with %j', (type, data, expected) => {
  const found = told((into) => checkSecret(into, { metadata: { name: 's' }, type, data } as never))
  expect(typeof expected === 'number' ? found.length : found).toEqual(expected)
})
test('what is immutable stays', () => {
  const was = { immutable: true, data: { a: 'b' }, binaryData: {} }
  expect(told((found) => checkFixed(found, { data: {}, binaryData: { x: '' } }, was))).toEqual([
    'immutable: Forbidden: field is immutable when `immutable` is set',
    'data: Forbidden: field is immutable when `immutable` is set',
    'binaryData: Forbidden: field is immutable when `immutable` is set',
  ])
  expect(told((found) => checkFixed(found, {}, { data: { a: 'b' } }))).toEqual([])
  expect(told((found) => checkSecretUpdate(found, { type: 'a/b' } as never, { type: 'Opaque' } as never))).toEqual([
    'type: Invalid value: "a/b": field is immutable',
  ])
})
