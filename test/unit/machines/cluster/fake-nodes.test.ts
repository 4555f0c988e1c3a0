/** Whole clusters on nodes that kwok pretends to run. */
import { expect, test } from 'vitest'
import type { Cluster } from '../../../../machines/cluster/cluster.ts'
import { createCluster } from '../../../../machines/cluster/create.ts'
import type { Lease, Pod } from '../../../../machines/protocol/objects.ts'

const NODES = ['kwok-node-0', 'kwok-node-1', 'kwok-node-2']
const cluster = (): Cluster => createCluster({ nodes: 0, fakeNodes: 3 })
const web = (replicas: number): string => `
  apiVersion: apps/v1
  kind: Deployment
  metadata: { name: web }
  spec:
    replicas: ${replicas}
    selector: { matchLabels: { app: web } }
    template:
      metadata: { labels: { app: web } }
      spec: { containers: [{ name: web, image: nginx }] }
`
const holders = (of: Cluster) =>
  new Set(NODES.map((name) => of.object<Lease>('leases', name, 'kube-node-lease')?.spec?.holderIdentity))
const allReady = (of: Cluster): boolean => NODES.every((name) => of.node(name).ready)

test('fake nodes are ready when the cluster is handed over', () => {
  const fake = cluster()
  expect(fake.recording.operations).toEqual([])
  expect(fake.world.addresses.filter((address) => /^(kubelet|containerd)\//.test(address))).toEqual([])
  expect(fake.kubectl.attempt({ command: 'get', resource: 'nodes' }).lines).toHaveLength(4)
})

test('pods that are bound to them run at once, and are gone at once when they are not wanted', () => {
  const fake = cluster()
  fake.apply(web(9))
  fake.runUntil(() => fake.deployment('web').available, { within: '10s' })
  const pods = fake.get<Pod>('pods')
  expect(new Set(pods.map(({ spec }) => spec.nodeName))).toEqual(new Set(NODES))
  expect(new Set(pods.map(({ status }) => status?.podIP)).size).toBe(9)
  fake.kubectl.scale('deployment/web', 2)
  fake.runUntil(() => fake.get('pods').length === 2, { within: '5s' })
  fake.kubectl.delete('deployment/web')
  fake.runUntil(() => fake.get('pods').length === 0, { within: '5s' })
})

test('their leases are renewed every ten seconds and their status every ten minutes', () => {
  const fake = cluster()
  const [lease, node] = [fake.object('leases', 'kwok-node-0', 'kube-node-lease'), fake.node('kwok-node-0').object]
  fake.run('11s')
  expect(fake.object('leases', 'kwok-node-0', 'kube-node-lease')).not.toEqual(lease)
  expect(fake.node('kwok-node-0').object?.status).toEqual(node?.status)
  fake.run('11m')
  expect(fake.node('kwok-node-0').object?.status).not.toEqual(node?.status)
  expect(allReady(fake)).toBe(true)
})

test('a kwok that was started again waits until the leases of the first have run out', () => {
  const fake = cluster()
  const [before] = holders(fake)
  fake.faults.crash('kwok/kwok')
  fake.run('20s')
  expect(holders(fake)).toEqual(new Set([before]))
  fake.run('60s')
  expect(holders(fake).size).toBe(1)
  expect(holders(fake).has(before)).toBe(false)
  fake.apply(web(3))
  fake.runUntil(() => fake.deployment('web').available && allReady(fake), { within: '20s' })
})

test('without kwok its nodes are lost, and come back with it', () => {
  const fake = cluster()
  fake.faults.powerOff('kwok')
  fake.run('2m')
  expect(NODES.some((name) => fake.node(name).ready)).toBe(false)
  fake.faults.powerOn('kwok')
  fake.runUntil(allReady, { within: '2m' })
})

test('real workers and fake ones share a cluster', () => {
  const both = createCluster({ nodes: 1, fakeNodes: 2 })
  both.apply(web(6))
  both.runUntil(() => both.deployment('web').available, { within: '1m' })
  const on = new Set(both.get<Pod>('pods').map(({ spec }) => spec.nodeName))
  expect(on).toEqual(new Set(['node-1', 'kwok-node-0', 'kwok-node-1']))
})
