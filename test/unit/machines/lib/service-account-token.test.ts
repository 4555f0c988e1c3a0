import { expect, test } from 'vitest'
import { legacyClaims, signed, subjectOf } from '../../../../machines/lib/service-account-token.ts'
import type { Secret, ServiceAccount } from '../../../../machines/protocol/objects.ts'
import { object } from '../controllers/objects.ts'

const claimsIn = (token: string): unknown => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
const within = { metadata: { namespace: 'default' } }

test('a token is three parts, the claims in the middle', () => {
  const token = signed({ sub: subjectOf('default', 'bot') })
  expect(token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/)
  expect(claimsIn(token)).toEqual({ sub: 'system:serviceaccount:default:bot' })
  expect(signed({ a: 1 })).not.toBe(signed({ a: 2 }))
})
test('one in a Secret names both and never expires', () => {
  const account = object('v1', 'ServiceAccount', 'bot', within) as ServiceAccount
  expect(legacyClaims(account, object('v1', 'Secret', 'bot-token', within) as Secret)).toEqual({
    iss: 'kubernetes/serviceaccount',
    'kubernetes.io/serviceaccount/namespace': 'default',
    'kubernetes.io/serviceaccount/secret.name': 'bot-token',
    'kubernetes.io/serviceaccount/service-account.name': 'bot',
    'kubernetes.io/serviceaccount/service-account.uid': 'uid-bot',
    sub: 'system:serviceaccount:default:bot',
  })
})
