/** A long story of the same shop, in which every component has its part: for what whole-cluster runs alone show. */
import { type Cluster, type ClusterOptions, createCluster, type Node } from '../../machines/index.ts'
import type { ClientInput } from '../../machines/protocol/network.ts'
import { GUEST, GUEST_THINGS } from '../kit/guest.ts'
import { manifests } from './digest.ts'
import { available } from './story.ts'

export const VISITOR = 'client/node-1/visitor'
const SHOP = { namespace: 'shop' }
const image = (version: string) => ({ api: `registry.example.com/shop/api:${version}` })

/** @param begun called with the cluster at power-on */
export function tellAll(options: Partial<ClusterOptions>, begun: (cluster: Cluster) => void): Cluster {
  const cluster = createCluster({ nodes: 3, controlPlanes: 3, seed: 7, ready: false, ...options })
  begun(cluster)
  cluster.runUntil(({ revision }) => revision > 0 && cluster.node('node-3').ready, { within: '5m' })
  for (const manifest of manifests) cluster.apply(manifest)
  cluster.runUntil(available, { within: '5m' })
  for (const chapter of [visited, received, rolled, crashed, lost, evacuated, preempted, closed]) chapter(cluster)
  return cluster
}

/** Somebody on the first node asks the shop for its page, all the time. */
function visited(cluster: Cluster): void {
  const nodes = cluster.get<Node>('nodes').flatMap(({ metadata, spec }) => {
    const { podCIDR } = spec ?? {}
    return podCIDR === undefined ? [] : [{ node: metadata.name, podCIDR }]
  })
  const input: ClientInput = {
    node: 'node-1',
    ip: '10.0.0.100',
    dns: 'coredns/cp-1',
    tables: 'netfilter/node-1',
    url: 'http://web.shop.svc.cluster.local/',
    search: [],
    nodes,
    everyMs: 1_000,
    requests: 0,
    timeoutMs: 1_000,
  }
  cluster.world.operate({ op: 'spawn', address: VISITOR, machine: 'client', input })
}

/** A guest moves in, who may not have much. */
function received(cluster: Cluster): void {
  cluster.kubectl.create(cluster.read(GUEST))
  cluster.run('2s')
  cluster.apply(GUEST_THINGS)
  cluster.run('10s')
}

function rolled({ kubectl }: Cluster): void {
  kubectl.setImage('deployment/api', image('1.5.0'), SHOP)
  kubectl.rolloutStatus('deployment/api', SHOP)
  kubectl.setImage('deployment/api', image('1.6.0'), SHOP)
  kubectl.rolloutUndo('deployment/api', SHOP)
  kubectl.scale('deployment/web', 5, SHOP)
  kubectl.rolloutRestart('deployment/cart', SHOP)
  kubectl.rolloutStatus('deployment/cart', SHOP)
  kubectl.scale('deployment/web', 2, SHOP)
}

const PROCESSES = ['kubelet/node-1', 'containerd/node-1', 'kube-proxy/node-3', 'etcd/cp-1', 'kube-apiserver/cp-2']

const REPLICATION_CONTROLLER = `
  apiVersion: v1
  kind: ReplicationController
  metadata: { name: old-fashioned }
  spec:
    replicas: 2
    template:
      metadata: { labels: { app: old-fashioned } }
      spec: { containers: [{ name: main, image: nginx:1.27 }] }
`

function crashed(cluster: Cluster): void {
  for (const process of PROCESSES) {
    cluster.faults.crash(process)
    cluster.run('5s')
  }
  cluster.faults.pause('kube-scheduler/cp-1')
  cluster.faults.pause('kube-controller-manager/cp-1')
  cluster.run('40s')
  cluster.faults.resume('kube-scheduler/cp-1')
  cluster.faults.resume('kube-controller-manager/cp-1')
  cluster.runUntil(available, { within: '10m' })
}

function lost(cluster: Cluster): void {
  cluster.faults.powerOff('node-2')
  cluster.faults.cut('cp-1', 'cp-3')
  cluster.run('7m')
  cluster.faults.heal('cp-1', 'cp-3')
  cluster.faults.powerOn('node-2')
  cluster.runUntil((c) => c.node('node-2').ready && available(c), { within: '10m' })
}

function evacuated(cluster: Cluster): void {
  cluster.kubectl.drain('node-3', { timeout: '5m' })
  cluster.runUntil(available, { within: '10m' })
  cluster.kubectl.uncordon('node-3')
}

/** Each node is filled by what matters little; then comes what matters. */
const FILLED = `
  apiVersion: apps/v1
  kind: Deployment
  metadata: { name: filler }
  spec:
    replicas: 3
    selector: { matchLabels: { app: filler } }
    template:
      metadata: { labels: { app: filler } }
      spec: { containers: [{ name: main, image: nginx:1.27, resources: { requests: { cpu: '2.5' } } }] }
`
const URGENT = `
  apiVersion: scheduling.k8s.io/v1
  kind: PriorityClass
  metadata: { name: urgent }
  value: 1000
---
  apiVersion: v1
  kind: Pod
  metadata: { name: urgent }
  spec:
    priorityClassName: urgent
    containers: [{ name: main, image: nginx:1.27, resources: { requests: { cpu: '2' } } }]
`

function preempted(cluster: Cluster): void {
  cluster.apply(FILLED)
  cluster.run('10s')
  cluster.apply(URGENT)
  cluster.run('10s')
}

function closed(cluster: Cluster): void {
  cluster.apply(REPLICATION_CONTROLLER)
  cluster.run('10s')
  cluster.kubectl.run({ command: 'get', resource: 'pods' })
  cluster.kubectl.delete('deployment/web', SHOP)
  cluster.kubectl.delete('namespace/shop')
  cluster.run('1m')
}
