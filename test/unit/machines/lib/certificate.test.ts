import { expect, test } from 'vitest'
import { SOME_CERTIFICATE } from '../../../../machines/lib/certificate.ts'

test('it has the form of a certificate', () => {
  expect(SOME_CERTIFICATE).toMatch(/^-----BEGIN CERTIFICATE-----\n.+\n-----END CERTIFICATE-----\n$/)
})
