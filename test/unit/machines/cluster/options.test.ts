import { expect, test } from 'vitest'
import { BadOptions, completed } from '../../../../machines/cluster/options.ts'

test('what is not told has a default, and etcd follows the control planes', () => {
  expect(completed({})).toMatchObject({ nodes: 3, controlPlanes: 1, etcd: 1, seed: 42, strict: true })
  const etcds = [1, 2, 3, 4, 5, 7].map((controlPlanes) => completed({ controlPlanes }).etcd)
  expect(etcds).toEqual([1, 1, 3, 3, 5, 5])
  expect(completed({ controlPlanes: 5, etcd: 3 }).etcd).toBe(3)
})

test.each([
  [{ nodes: -1 }, 'nodes: -1 is not a whole number from 0 up'],
  [{ nodes: 1.5 }, 'nodes: 1.5 is not a whole number from 0 up'],
  [{ controlPlanes: 0 }, 'controlPlanes: 0 is not a whole number from 1 up'],
  [{ controlPlanes: 3, etcd: 2 }, 'etcd: 2 members are no quorum; use 1, 3 or 5'],
  [{ controlPlanes: 1, etcd: 3 }, 'etcd: 3 members need as many control planes; there are 1'],
])('%o is refused with what would be right', (options, sentence) => {
  expect(() => completed(options)).toThrow(new BadOptions(sentence))
})
