import fc from 'fast-check'
import { expect, test } from 'vitest'
import { continueToken, parseContinue } from '../../../../machines/apiserver/continue-token.ts'

test('a token is unpadded base64url of what the real server writes', () => {
  const token = continueToken({ revision: 7, after: 'c1' })
  expect(Buffer.from(token, 'base64url').toString()).toBe('{"v":"meta.k8s.io/v1","rv":7,"start":"c1\\u0000"}')
})

test('a token tells what it was made of', () => {
  const name = fc.stringMatching(/^[a-z0-9./-]{1,40}$/)
  fc.assert(
    fc.property(fc.nat(), name, (revision, after) => {
      expect(parseContinue(continueToken({ revision, after }))).toEqual({ revision, after })
    }),
  )
})

test.each(['', 'x', '%%%', 'bm90IG91cnM'])('%j is no token', (text) => {
  expect(parseContinue(text)).toBeUndefined()
})
