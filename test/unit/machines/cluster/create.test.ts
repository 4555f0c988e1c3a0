import { expect, test } from 'vitest'
import { setup } from 'xstate'
import { createCluster } from '../../../../machines/cluster/create.ts'
import { BadOptions } from '../../../../machines/cluster/options.ts'

test('a cluster is handed over when its nodes are ready, or at power-on', () => {
  const ready = createCluster({ nodes: 2 })
  expect(['node-1', 'node-2'].map((name) => ready.node(name).ready)).toEqual([true, true])
  expect(ready.recording.operations).toEqual([])
  const cold = createCluster({ nodes: 2, ready: false })
  expect([cold.now, cold.revision, cold.get('nodes')]).toEqual([0, 0, []])
})

test('a cluster without nodes is ready when its API is', () => {
  const cluster = createCluster({ nodes: 0 })
  expect(cluster.object('ns', 'default')).toBeDefined()
  expect(cluster.kubectl.attempt({ command: 'get', resource: 'nodes' }).code).toBe(0)
})

test('objects are applied once it is ready', () => {
  const settings = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } }
  expect(createCluster({ nodes: 0, objects: [settings] }).object('cm', 'settings')).toBeDefined()
})

test('options that make no cluster are refused', () => {
  expect(() => createCluster({ controlPlanes: 3, etcd: 4 })).toThrow(BadOptions)
})

test("the user's own machines may be spawned", () => {
  const own = setup({}).createMachine({ id: 'own', initial: 'resting', states: { resting: { tags: 'at rest' } } })
  const cluster = createCluster({ nodes: 0, machines: [own] })
  cluster.world.operate({ op: 'spawn', address: 'own/workstation', machine: 'own', input: undefined })
  expect(cluster.state('own/workstation')).toBe('resting')
})
