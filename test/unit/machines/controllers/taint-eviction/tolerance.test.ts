import { expect, test } from 'vitest'
import { toleratedMs } from '../../../../../machines/controllers/taint-eviction/tolerance.ts'

const a = { key: 'a', effect: 'NoExecute', value: 'x' }
const b = { key: 'b', effect: 'NoExecute' }
const bears = (key: string, tolerationSeconds?: number, rest = {}) => ({
  key,
  operator: 'Exists',
  ...(tolerationSeconds === undefined ? {} : { tolerationSeconds }),
  ...rest,
})

test.each([
  ['nothing at all', [a], [], 0],
  ['for ever', [a], [bears('a')], Number.POSITIVE_INFINITY],
  ['for a while', [a], [bears('a', 10)], 10_000],
  ['for the shortest while', [a, b], [bears('a', 10), bears('b', 5)], 5_000],
  ['not the second one', [a, b], [bears('a', 10)], 0],
  ['not with a time of less than nothing', [a], [bears('a', -1)], 0],
  ['whatever there is', [a, b], [{ operator: 'Exists' }], Number.POSITIVE_INFINITY],
  ['the value it names', [a], [{ key: 'a', value: 'x', effect: 'NoExecute' }], Number.POSITIVE_INFINITY],
  ['no other value', [a], [{ key: 'a', operator: '', value: 'y' }], 0],
  ['no other effect', [a], [bears('a', undefined, { effect: 'NoSchedule' })], 0],
  ['nothing by an operator that nobody knows', [a], [bears('a', undefined, { operator: 'Near' })], 0],
])('a pod bears %s', (_, taints, tolerations, expected) => {
  expect(toleratedMs(taints, tolerations)).toBe(expected)
})
