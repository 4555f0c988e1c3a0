import { expect, test } from 'vitest'
import { malformedOptions } from '../../../../machines/apiserver/list-options.ts'
import type { RequestOptions } from '../../../../machines/protocol/api.ts'

const said = (verb: 'list' | 'watch', options: RequestOptions): string | undefined =>
  malformedOptions({ type: 'api.request', user: { name: 'a', groups: [] }, verb, resource: 'pods', options })?.details
    ?.causes?.[0]?.message

test.each([
  [
    'list',
    { resourceVersionMatch: 'Exact' },
    'Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
  ],
  [
    'list',
    { resourceVersionMatch: 'Exact', resourceVersion: '0' },
    'Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
  ],
  [
    'list',
    { resourceVersionMatch: 'Exact', resourceVersion: '5', continue: 'x' },
    'Forbidden: resourceVersionMatch is forbidden when continue is provided',
  ],
  ['list', { sendInitialEvents: true }, 'Forbidden: sendInitialEvents is forbidden for list'],
  [
    'watch',
    { sendInitialEvents: true },
    'Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
  ],
  [
    'watch',
    { resourceVersionMatch: 'NotOlderThan' },
    'Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
  ],
  [
    'list',
    { resourceVersionMatch: 'X' as 'Exact', resourceVersion: '1' },
    'Unsupported value: "X": supported values: "Exact", "NotOlderThan", ""',
  ],
  ['watch', { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' }, undefined],
  ['list', {}, undefined],
] as const)('%s with %o: %j', (verb, options, message) => {
  expect(said(verb, options)).toBe(message)
})
