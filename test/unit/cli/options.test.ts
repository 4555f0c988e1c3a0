import { expect, test } from 'vitest'
import { clusterOptions, duration, ofCluster, whole } from '../../../cli/options.ts'

test('numbers are whole and not negative', () => {
  expect([whole('0'), whole('12')]).toEqual([0, 12])
  for (const text of ['-1', '1.5', 'three', '1e400']) expect(() => whole(text), text).toThrow(/Write a whole number/)
})

test('durations are in ms', () => {
  expect(duration('1m30s')).toBe(90_000)
  expect(() => duration('soon')).toThrow('Write a duration, for example 90s, 10m or 1h30m.')
})

test('the command line has the last word, where it says something', () => {
  const base = { nodes: 5, controlPlanes: 3, diskMs: 7 }
  expect(clusterOptions({ nodes: 1, seed: 0, etcd: undefined }, base)).toEqual({ ...base, nodes: 1, seed: 0 })
  expect(clusterOptions({})).toEqual({})
})

test('every command that makes a cluster takes the same flags', () => {
  const command = ofCluster('any').parse(['--nodes', '2', '--control-planes', '3', '--etcd', '3', '--seed', '9'], {
    from: 'user',
  })
  expect(clusterOptions(command.opts())).toEqual({ nodes: 2, controlPlanes: 3, etcd: 3, seed: 9 })
})
