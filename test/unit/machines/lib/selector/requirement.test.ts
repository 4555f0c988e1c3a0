import { expect, test } from 'vitest'
import { requirementMet, requirementsMet } from '../../../../../machines/lib/selector/requirement.ts'

test('no requirement is met by anything', () => {
  expect(requirementsMet([], undefined)).toBe(true)
})
test('numbers are compared as numbers, of any size', () => {
  const gt = (label: string, value: string) =>
    requirementMet({ key: 'n', operator: 'Gt', values: [value] }, { n: label })
  expect([gt('10', '9'), gt('9', '10'), gt('9007199254740993', '9007199254740992'), gt('-1', '-2')]).toEqual([
    true,
    false,
    true,
    true,
  ])
})
test('an order against several values is never met', () => {
  expect(requirementMet({ key: 'n', operator: 'Lt', values: ['1', '2'] }, { n: '0' })).toBe(false)
})
