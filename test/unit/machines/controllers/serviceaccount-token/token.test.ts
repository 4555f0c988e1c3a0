import { expect, test } from 'vitest'
import {
  accountOf,
  filledIn,
  isItsAccount,
  isToken,
} from '../../../../../machines/controllers/serviceaccount-token/token.ts'
import type { Secret, ServiceAccount } from '../../../../../machines/protocol/objects.ts'
import { object } from '../objects.ts'

const account = object('v1', 'ServiceAccount', 'bot', { metadata: { namespace: 'default' } }) as ServiceAccount
const secret = (annotations: Record<string, string> = {}, more: object = {}) =>
  object('v1', 'Secret', 'bot-token', {
    metadata: { namespace: 'default', annotations: { 'kubernetes.io/service-account.name': 'bot', ...annotations } },
    type: 'kubernetes.io/service-account-token',
    ...more,
  } as never) as Secret

test('a Secret with a token names its account', () => {
  expect([isToken(secret()), accountOf(secret())]).toEqual([true, 'bot'])
  expect(isToken({ ...secret(), type: 'Opaque' })).toBe(false)
  expect(accountOf(object('v1', 'Secret', 's') as Secret)).toBe('')
})
test('another account of the same name is not its account', () => {
  expect(isItsAccount(account, secret())).toBe(true)
  expect(isItsAccount(account, secret({ 'kubernetes.io/service-account.uid': 'uid-bot' }))).toBe(true)
  expect(isItsAccount(account, secret({ 'kubernetes.io/service-account.uid': 'uid-before' }))).toBe(false)
  expect(isItsAccount(undefined, secret())).toBe(false)
})
test('what is missing is filled in, once', () => {
  const filled = filledIn(secret(), account) as Secret
  expect(Object.keys(filled.data ?? {}).sort()).toEqual(['ca.crt', 'namespace', 'token'])
  expect(filled.data?.['namespace']).toBe('ZGVmYXVsdA==')
  expect(filled.metadata.annotations).toMatchObject({ 'kubernetes.io/service-account.uid': 'uid-bot' })
  expect(filledIn(filled, account)).toBe(undefined)
  const kept = filledIn({ ...filled, data: { ...filled.data, token: 'b3du', namespace: '' } }, account)
  expect(kept?.data).toMatchObject({ token: 'b3du', namespace: 'ZGVmYXVsdA==' })
})
