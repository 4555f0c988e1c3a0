import { expect, test } from 'vitest'
import { parseFieldSelector } from '../../../../../machines/lib/selector/field-query.ts'

const fields: Record<string, string> = { 'spec.nodeName': 'node-1', 'status.phase': 'Running', odd: 'a,b=c\\' }
const matches = (text: string) => parseFieldSelector(text).value?.matches((field) => fields[field] ?? '')

test.each([
  ['spec.nodeName=node-1', true],
  ['spec.nodeName==node-1,status.phase!=Failed', true],
  ['spec.nodeName!=node-1', false],
  ['', true],
  ['odd=a\\,b\\=c\\\\', true],
  ['missing=', true],
])('"%s" matches: %s', (text, expected) => {
  expect(matches(text)).toBe(expected)
})
test('what is no term is refused', () => {
  expect(parseFieldSelector('metadata.name in (a)').error).toBe(
    "invalid selector: 'metadata.name in (a)'; can't understand 'metadata.name in (a)'",
  )
  expect(parseFieldSelector('a=b=c').error).toContain('unescaped character')
  expect(parseFieldSelector('a=\\x').error).toContain('invalid escape sequence')
})
