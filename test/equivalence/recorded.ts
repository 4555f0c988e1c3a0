/**
 * What the machines of a cluster are really told: a bounded sample per machine, taken while a story is played that meets
 * every one of them. A shop is opened, rolled out while a worker loses power, rolled back, drained, and deleted.
 */
import { readdirSync, readFileSync } from 'node:fs'
import type { EventObject } from 'xstate'
import type { Cluster } from '../../machines/cluster/cluster.ts'
import { createCluster } from '../../machines/cluster/create.ts'
import { get } from '../../machines/lib/requests.ts'
import type { ApiRequest } from '../../machines/protocol/api.ts'
import type { ClientInput } from '../../machines/protocol/network.ts'
import { type Delivery, delivery } from '../../runtime/contract.ts'
import { BORN, type TraceRecord } from '../../runtime/trace.ts'
import type { LifeTold, Samples } from '../kit/equivalence.ts'
import { extended } from '../kit/extended.ts'
import { GUEST, GUEST_THINGS } from '../kit/guest.ts'
import { pretended } from '../kit/pretended.ts'

/** The samples of every machine that took part, and what the runtime told with each event. */
export interface Recorded {
  readonly samples: ReadonlyMap<string, Samples>
  readonly told: (event: EventObject) => Partial<Delivery>
}

const INPUTS = 6
const LIVES = 6
/** How far a single life is followed. */
const LIFE = 250

/** Plays the story, stepped by XState. */
export function recorded(): Recorded {
  const gathered = new Map<string, Gathered>()
  const told = new WeakMap<EventObject, Partial<Delivery>>()
  const watch = ({ world }: Cluster, isTold: (machine: string) => boolean): void => {
    world.observe((record) => {
      if (!isTold(record.machine)) return
      const of = gathered.get(record.machine) ?? new Gathered()
      gathered.set(record.machine, of)
      of.take(record, told)
    })
  }
  const cluster = createCluster({ nodes: 3, controlPlanes: 3, interpreted: true, ready: false })
  watch(cluster, () => true)
  theShop(cluster)
  pretended({ interpreted: true }, (fakes) => watch(fakes, (machine) => machine.startsWith('kwok')))
  const decides = ['scheduler', 'binding-cycle', 'extender-round']
  extended({ interpreted: true }, (others) => watch(others, (machine) => decides.includes(machine)))
  return { samples: gathered, told: (event) => told.get(event) ?? {} }
}

class Gathered implements Samples {
  readonly inputs: unknown[] = []
  readonly events: EventObject[] = []
  readonly lives: (LifeTold & { readonly events: EventObject[] })[] = []
  private readonly counts = new Map<string, number>()
  private readonly followed = new Map<string, EventObject[]>()

  take(record: TraceRecord, told: WeakMap<EventObject, Partial<Delivery>>): void {
    const count = (this.counts.get(record.event.type) ?? 0) + 1
    this.counts.set(record.event.type, count)
    if (record.event.type === BORN) return this.birth(record, count)
    const followed = this.followed.get(record.to)
    const follows = followed !== undefined && followed.length < LIFE
    if (!follows && !isTelling(count)) return
    // A copy: one event may be told to many, each time with something else beside it.
    const event = { ...record.event }
    const { at, from, call, line } = delivery
    told.set(event, { at, from, call, line })
    if (follows) followed.push(event)
    if (isTelling(count)) this.events.push(event)
  }

  private birth({ to, event }: TraceRecord, count: number): void {
    const { input } = event as EventObject & { input: unknown }
    this.followed.delete(to)
    if (!isTelling(count)) return
    if (this.inputs.length < INPUTS) this.inputs.push(input)
    if (this.lives.length >= LIVES) return
    const events: EventObject[] = []
    this.lives.push({ input, events })
    this.followed.set(to, events)
  }
}

/** The first four of a kind, and then ever rarer ones: of beginnings as of everyday life. */
const isTelling = (count: number): boolean => count <= 4 || Number.isInteger(Math.log2(count))

const SHOP = new URL('../../docs/examples/shop/', import.meta.url)
const IN_SHOP = { namespace: 'shop' }

function theShop(cluster: Cluster): void {
  const { kubectl, faults } = cluster
  const areReady = (c: Cluster): boolean =>
    c.revision > 0 && ['node-1', 'node-2', 'node-3'].every((name) => c.node(name).ready)
  cluster.runUntil(areReady, { within: '5m' })
  for (const name of readdirSync(SHOP).sort()) cluster.apply(readFileSync(new URL(name, SHOP), 'utf8'), name)
  cluster.apply(REPLICATION_CONTROLLER)
  const isOpen = (c: Cluster): boolean => ['cart', 'api', 'web'].every((name) => c.deployment(name, 'shop').available)
  cluster.runUntil(isOpen, { within: '5m' })
  aCustomer(cluster)
  aReaderOfLogs(cluster)
  aGuest(cluster)
  kubectl.setImage('deployment/api', { api: 'registry.example.com/shop/api:1.5.0' }, IN_SHOP)
  cluster.run('4s')
  faults.powerOff('node-2')
  kubectl.rolloutStatus('deployment/api', { ...IN_SHOP, timeout: '20m' })
  faults.powerOn('node-2')
  cluster.runUntil(areReady, { within: '5m' })
  kubectl.rolloutUndo('deployment/api', IN_SHOP)
  faults.crash('containerd/node-1')
  faults.crash('kube-controller-manager/cp-1')
  kubectl.drain('node-3', { timeout: '5m' })
  kubectl.uncordon('node-3')
  somethingUrgent(cluster)
  kubectl.run({ command: 'get', resource: 'pods', namespace: 'shop' })
  kubectl.scale('deployment/web', 1, IN_SHOP)
  kubectl.delete('namespace/shop')
}

/** Who may not have much. */
function aGuest(cluster: Cluster): void {
  cluster.kubectl.create(cluster.read(GUEST))
  cluster.run('2s')
  cluster.apply(GUEST_THINGS)
  cluster.run('5s')
}

/** It needs the place of what matters less. */
function somethingUrgent(cluster: Cluster): void {
  cluster.apply(FILLED)
  cluster.run('10s')
  cluster.apply(URGENT)
  cluster.run('10s')
}
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

/** One of the old kind: its machine is the ReplicaSet's with other words. */
const REPLICATION_CONTROLLER = `
apiVersion: v1
kind: ReplicationController
metadata: { name: old, namespace: default }
spec:
  replicas: 1
  selector: { app: old }
  template:
    metadata: { labels: { app: old } }
    spec: { containers: [{ name: old, image: nginx:1.27 }] }
`

/** Visits the shop from outside of its pods. */
function aCustomer(cluster: Cluster): void {
  const input: ClientInput = {
    node: 'node-1',
    ip: '10.244.1.250',
    dns: 'coredns/cp-1',
    tables: 'netfilter/node-1',
    url: 'http://web.shop/',
    search: ['default.svc.cluster.local', 'svc.cluster.local', 'cluster.local'],
    nodes: [],
    everyMs: 500,
    requests: 0,
    timeoutMs: 2_000,
  }
  cluster.world.operate({ op: 'spawn', address: 'client/node-1', machine: 'client', input })
}

/** Reads what the pods of the shop have written, as `kubectl logs` would. */
function aReaderOfLogs(cluster: Cluster): void {
  const user = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] }
  const from = 'reader/workstation'
  cluster.world.bindOutside(from, () => undefined)
  for (const { metadata } of cluster.get('pods', 'shop')) {
    const place = { resource: 'pods', namespace: 'shop', name: metadata.name, subresource: 'log' } as const
    const event: ApiRequest = { ...get(user, place), body: {} }
    cluster.world.operate({ op: 'call', to: 'kube-apiserver/cp-1', event, from })
  }
  cluster.run('5s')
}
