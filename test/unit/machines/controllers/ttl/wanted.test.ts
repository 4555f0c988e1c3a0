import { expect, test } from 'vitest'
import { TTL, wantedTtl } from '../../../../../machines/controllers/ttl/wanted.ts'
import { node } from '../objects.ts'

const having = (ttl: string) => node('a', 'True', { metadata: { annotations: { [TTL]: ttl } } })

test.each([
  ['a new node in a small cluster', node('a'), 3, '0'],
  ['a new node in a larger one', node('a'), 101, '15'],
  ['one that has what it should', having('0'), 3, undefined],
  ['one at the edge keeps what it has', having('0'), 100, undefined],
  ['one at the edge, coming from above', having('15'), 95, undefined],
  ['one below the edge', having('15'), 89, '0'],
  ['one in a very large cluster', having('60'), 2001, '300'],
])('%s', (_, each, count, expected) => {
  expect(wantedTtl(each, count)).toBe(expected)
})
