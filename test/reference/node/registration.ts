/**
 * A kubelet that begins in a cluster that runs, as the recorded one did: what is written of its Node and its Lease, and
 * which Events are told. The recorded cluster gave its network a configuration by hand and had no allocator of ranges.
 */
import type { Cluster } from '../../../machines/cluster/cluster.ts'
import { createCluster } from '../../../machines/cluster/create.ts'
import { newestStore } from '../../../machines/cluster/objects.ts'
import { type Change, isAlive } from '../../../machines/etcd/mvcc/store.ts'
import { create, remove } from '../../../machines/lib/requests.ts'
import type { ApiObject, Event, Lease } from '../../../machines/protocol/objects.ts'
import { ADMIN } from '../controllers/kubelet.ts'
import { type Json, mergePatch } from './matching.ts'

export interface Write {
  /** Seconds after the Node was made. */
  readonly t: number
  readonly op: 'ADDED' | 'MODIFIED'
  readonly object?: Json
  readonly patch?: Json
}
export interface Told {
  readonly t: number
  readonly type: string
  readonly reason: string
  readonly message: string
  readonly component: string
}
export interface Began {
  readonly writes: readonly Write[]
  readonly events: readonly Told[]
  readonly leases: readonly { readonly t: number; readonly object: Json }[]
}
/** How the recorded node was made, as its first version tells. */
export interface Made {
  readonly capacity: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
  readonly cgroups: 1 | 2
}

const OUTSIDE = 'driver/outside'
const NODE = 'node-1'

/** A cluster without its node: it ran, was switched off and is forgotten. */
export function withoutNode(seed: number, { capacity, labels, cgroups }: Made): Cluster {
  const cluster = createCluster({ nodes: 1, seed, capacity, cgroups, labels: { [NODE]: labels } })
  cluster.world.bindOutside(OUTSIDE, () => {})
  cluster.run('5s')
  cluster.faults.powerOff(NODE)
  cluster.run('60s')
  for (const resource of ['nodes', 'leases.coordination.k8s.io'])
    cluster.world.operate({
      op: 'call',
      to: 'kube-apiserver/cp-1',
      from: OUTSIDE,
      event: remove(ADMIN, { resource, name: NODE, ...(resource === 'nodes' ? {} : { namespace: 'kube-node-lease' }) }),
    })
  cluster.run('20s')
  return cluster
}

/**
 * @param pulls when images are pulled, in seconds
 * @param untilSeconds how long it is looked at
 */
export function begun(cluster: Cluster, pulls: readonly number[], untilSeconds: number): Began {
  const listener = new Listener(cluster)
  cluster.faults.powerOn(NODE)
  while (cluster.world.snapshot(`containerd/${NODE}`) === undefined) listener.runTo(cluster.now + 10)
  const event = { type: 'cni.configured', podCIDR: '10.244.1.0/24' }
  cluster.world.operate({ op: 'send', to: `containerd/${NODE}`, from: OUTSIDE, event })
  while (listener.bornAt === undefined) listener.runTo(cluster.now + 10)
  for (const at of pulls) {
    listener.runTo(listener.bornAt + at * 1_000)
    cluster.world.operate({ op: 'call', to: 'kube-apiserver/cp-1', from: OUTSIDE, event: pullBy(`p${at}`) })
  }
  listener.runTo(listener.bornAt + untilSeconds * 1_000)
  return listener.began
}

const pullBy = (name: string) =>
  create(ADMIN, { resource: 'pods', namespace: 'default', name }, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: { nodeName: NODE, containers: [{ name: 'c', image: `registry.test/${name}:1` }] },
  } as ApiObject)

class Listener {
  bornAt: number | undefined
  private readonly cluster: Cluster
  private revision: number
  private node: Json | undefined
  private readonly writes: Write[] = []
  private readonly events: (Omit<Told, 't'> & { readonly at: number })[] = []
  private readonly leases: { t: number; object: Json }[] = []

  constructor(cluster: Cluster) {
    this.cluster = cluster
    this.revision = cluster.revision
  }
  get began(): Began {
    const { writes, leases } = this
    const events = this.events.map(({ at, ...told }) => ({ ...told, t: (at - (this.bornAt ?? 0)) / 1_000 }))
    return { writes, events, leases }
  }
  runTo(end: number): void {
    const { cluster } = this
    const { world } = cluster
    while (cluster.now < end) {
      if ((world.due ?? Number.POSITIVE_INFINITY) <= end) world.step()
      else world.sleep(end)
      if (cluster.revision !== this.revision) this.look()
    }
  }
  private look(): void {
    const store = newestStore(this.cluster.world, ['etcd/cp-1'])
    const from = this.revision + 1
    this.revision = store?.revision ?? 0
    store?.changes.range(from, ({ changes }) => {
      for (const change of changes) this.see(change)
      return true
    })
  }
  private see({ kv }: Change): void {
    if (!isAlive(kv)) return
    const object = kv.value as ApiObject
    if (kv.key === `/registry/minions/${NODE}`) this.seeNode(object)
    else if (kv.key === `/registry/leases/kube-node-lease/${NODE}`)
      this.leases.push({ t: this.t, object: shownLease(object as Lease) })
    else if (kv.key.startsWith(`/registry/events/default/${NODE}.`) && kv.version === 1) this.hear(object as Event)
  }
  private get t(): number {
    return this.bornAt === undefined ? 0 : (this.cluster.now - this.bornAt) / 1_000
  }
  /** A write that changes nothing that is looked at is none. */
  private seeNode(object: ApiObject): void {
    this.bornAt ??= this.cluster.now
    const [before, after] = [this.node, shownNode(object)]
    this.node = after
    if (before === undefined) {
      this.writes.push({ t: 0, op: 'ADDED', object: after })
      return
    }
    const patch = mergePatch(before, after)
    const isOwn = (object as { spec?: { podCIDR?: string } }).spec?.podCIDR !== undefined && patch === undefined
    if (!isOwn) this.writes.push({ t: this.t, op: 'MODIFIED', ...(patch === undefined ? {} : { patch }) })
  }
  private hear({ type, reason, message, source, reportingComponent }: Event): void {
    const component = source?.component ?? reportingComponent ?? ''
    this.events.push({
      at: this.cluster.now,
      type: type ?? '',
      reason: reason ?? '',
      message: message ?? '',
      component,
    })
  }
}

/** As the recording shows it: without what the server keeps for itself, images and ranges. */
function shownNode(object: ApiObject): Json {
  const { metadata, spec, status } = object as unknown as Record<string, Record<string, unknown>>
  const { name, labels, annotations } = metadata as Record<string, unknown>
  const { podCIDR: _cidr, podCIDRs: _cidrs, ...kept } = spec ?? {}
  const { images: _images, ...shown } = status ?? {}
  return JSON.parse(JSON.stringify({ metadata: { name, labels, annotations }, spec: kept, status: shown })) as Json
}
function shownLease({ metadata: { name, namespace, ownerReferences }, spec }: Lease): Json {
  return JSON.parse(JSON.stringify({ metadata: { name, namespace, ownerReferences }, spec })) as Json
}
