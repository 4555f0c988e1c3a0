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
  [
    { controllerRate: 5_000 as never },
    'controllerRate: 5000 is no rate; write for example { perSecond: 20, burst: 30 }, or undefined for no limit',
  ],
  [
    { schedulerRate: { perSecond: 0, burst: 1 } },
    'schedulerRate: {"perSecond":0,"burst":1} is no rate; write for example { perSecond: 20, burst: 30 }, or undefined for no limit',
  ],
  [{ controlPlanes: 3, etcd: 2 }, 'etcd: 2 members are no quorum; use 1, 3 or 5'],
  [{ controlPlanes: 1, etcd: 3 }, 'etcd: 3 members need as many control planes; there are 1'],
  [{ etcd: [] }, 'etcd: "" is no URL of an etcd member; write for example http://127.0.0.1:2379'],
  [{ etcd: ['etcd:2379'] }, 'etcd: "etcd:2379" is no URL of an etcd member; write for example http://127.0.0.1:2379'],
  [
    { etcd: ['http://a:2379'], objects: [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } }] },
    'objects: a real etcd has objects of its own; apply others when the cluster is ready',
  ],
  [{ etcd: ['http://a:2379'], bug: 'progress-ahead' as const }, 'bug: a real etcd has those that it has'],
])('%o is refused with what would be right', (options, sentence) => {
  expect(() => completed(options)).toThrow(new BadOptions(sentence))
})

test('an option that there is not is refused with those that there are', () => {
  expect(() => completed({ node: 3 } as never)).toThrow(/^there is no option "node"; there are nodes, fakeNodes, /)
})

test('a cluster in a real etcd is handed over at power-on: nobody answers while it is being made', () => {
  expect(completed({ etcd: ['http://a:2379', 'http://b:2379/'] })).toMatchObject({ ready: false })
})
