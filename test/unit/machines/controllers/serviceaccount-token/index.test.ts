import { expect, test } from 'vitest'
import { serviceAccountTokenController } from '../../../../../machines/controllers/serviceaccount-token/index.ts'
import type { ApiObject } from '../../../../../machines/protocol/objects.ts'
import { object, viewOf } from '../objects.ts'

const account = object('v1', 'ServiceAccount', 'bot', { metadata: { namespace: 'default' } })
const secret = (name: string, of: string, type = 'kubernetes.io/service-account-token') =>
  object('v1', 'Secret', name, {
    metadata: { namespace: 'default', annotations: { 'kubernetes.io/service-account.name': of } },
    type,
  } as never)
const view = viewOf({ secrets: [secret('a', 'bot'), secret('b', 'other'), secret('c', 'bot', 'Opaque')] })
const concerned = (resource: string, was: ApiObject | undefined, now: ApiObject | undefined) =>
  serviceAccountTokenController.concerns(resource, { key: 'default/a', was, now }, view)

test('Secrets with tokens concern themselves', () => {
  expect(concerned('secrets', undefined, secret('a', 'bot'))).toEqual(['default/a'])
  expect(concerned('secrets', secret('a', 'bot'), undefined)).toEqual(['default/a'])
  expect(concerned('secrets', undefined, secret('a', 'bot', 'Opaque'))).toEqual([])
})
test('an account that is gone, or another one now, concerns its tokens', () => {
  expect(concerned('serviceaccounts', account, undefined)).toEqual(['default/a'])
  expect(concerned('serviceaccounts', account, { ...account, metadata: { ...account.metadata, uid: 'new' } })).toEqual([
    'default/a',
  ])
  expect(concerned('serviceaccounts', account, account)).toEqual([])
  expect(concerned('serviceaccounts', undefined, account)).toEqual([])
})
