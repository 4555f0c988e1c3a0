/** Plays a recorded scenario of the kubelet against a cluster of one node, and listens: every version of every pod, every Event. */
import type { Cluster } from '../../../machines/cluster/cluster.ts'
import { createCluster } from '../../../machines/cluster/create.ts'
import { newestStore } from '../../../machines/cluster/objects.ts'
import { type Change, isAlive, revisionKey } from '../../../machines/etcd/mvcc/store.ts'
import { create, patch, remove } from '../../../machines/lib/requests.ts'
import { rfc3339 } from '../../../machines/lib/time.ts'
import type { ApiRequest } from '../../../machines/protocol/api.ts'
import type { ApiObject, Event, Pod } from '../../../machines/protocol/objects.ts'
import { ADMIN } from '../controllers/kubelet.ts'
import { briefOf, type PodLike } from './brief.ts'

export interface Scenario {
  readonly name: string
  readonly category: string
  /** Seconds. */
  readonly until: number
  readonly setup: readonly ApiObject[]
  readonly pods: readonly {
    readonly at: number
    readonly manifest: ApiObject
    readonly result: { readonly code?: number }
  }[]
  readonly timeline: readonly Entry[]
}
export interface Entry {
  readonly ev: 'pod' | 'event' | 'action' | 'node'
  readonly t: number
  readonly op?: 'ADDED' | 'MODIFIED' | 'DELETED'
  /** Given where a scenario has several pods. */
  readonly pod?: string
  readonly brief?: string
  readonly type?: string
  readonly reason?: string
  readonly message?: string
  readonly component?: string
  readonly verb?: string
  readonly arg?: { readonly grace?: number | null; readonly status?: unknown; readonly spec?: unknown }
}

/** What was seen of one pod: when it changed, and to what. */
export type Sequence = readonly (readonly [t: number, brief: string])[]
export interface Heard {
  readonly sequences: Readonly<Record<string, Sequence>>
  readonly events: readonly string[]
}

const OUTSIDE = 'driver/outside'
const NAMESPACE = 'ref'
const ready = new Map<number, Cluster>()

/** A node as the recorded one was, on which BusyBox is present. */
function freshCluster(seed: number): Cluster {
  const cluster = ready.get(seed) ?? booted(seed)
  ready.set(seed, cluster)
  return cluster.fork()
}
function booted(seed: number): Cluster {
  const cluster = createCluster({
    nodes: 1,
    seed,
    capacity: { cpu: '2', memory: '24684084Ki', pods: '110', 'ephemeral-storage': '264212084Ki' },
    labels: { 'node-1': { zone: 'a' } },
    images: [{ image: '*busybox:1.36', preloaded: true }],
  })
  cluster.world.bindOutside(OUTSIDE, () => {})
  const metadata = { name: NAMESPACE }
  const event = create(
    ADMIN,
    { resource: 'namespaces', name: NAMESPACE },
    { apiVersion: 'v1', kind: 'Namespace', metadata },
  )
  cluster.world.operate({ op: 'call', to: 'kube-apiserver/cp-1', from: OUTSIDE, event })
  cluster.run('20s')
  return cluster
}

/** @param seed draws when the loops of the kubelet come round */
export function played(scenario: Scenario, seed: number): Heard {
  const cluster = freshCluster(seed)
  const began = cluster.now
  const listener = new Listener(cluster, began)
  const ask = (event: ApiRequest): void => {
    cluster.world.operate({ op: 'call', to: 'kube-apiserver/cp-1', from: OUTSIDE, event })
  }
  const resources = new Map(cluster.profile.resources.toReversed().map((facts) => [facts.kind, facts.name]))
  for (const object of scenario.setup) ask(create(ADMIN, placeOf(resources, object), object))
  if (scenario.setup.length > 0) listener.runTo(cluster.now + 100)
  for (const { at, act } of deeds(scenario)) {
    listener.runTo(began + at * 1_000)
    for (const request of act(cluster)) ask(request)
  }
  listener.runTo(began + scenario.until * 1_000)
  return listener.heard
}

const placeOf = (resources: ReadonlyMap<string, string>, { kind = '', metadata }: ApiObject) => ({
  resource: resources.get(kind) ?? '',
  namespace: NAMESPACE,
  name: metadata.name,
})

interface Deed {
  readonly at: number
  readonly act: (cluster: Cluster) => readonly ApiRequest[]
}
function deeds({ pods, timeline }: Scenario): readonly Deed[] {
  const creations = pods.map(({ at, manifest }): Deed => {
    const { name } = manifest.metadata
    return { at, act: () => [create(ADMIN, { resource: 'pods', namespace: NAMESPACE, name }, manifest)] }
  })
  const first = pods[0]?.manifest.metadata.name ?? ''
  const actions = timeline
    .filter(({ ev }) => ev === 'action')
    .map((entry): Deed => ({ at: entry.t, act: (cluster) => requestsOf(entry, entry.pod ?? first, cluster) }))
  return [...creations, ...actions].toSorted((a, b) => a.at - b.at)
}

function requestsOf({ verb, arg = {} }: Entry, name: string, cluster: Cluster): readonly ApiRequest[] {
  const place = { resource: 'pods', namespace: NAMESPACE, name }
  const at = rfc3339(cluster.world.clock('cp-1'))
  if (verb === 'delete') {
    const { grace } = arg
    return [remove(ADMIN, place, typeof grace === 'number' ? { gracePeriodSeconds: grace } : undefined)]
  }
  if (verb === 'status') {
    const body = JSON.parse(JSON.stringify(arg).replaceAll('"lastTransitionTime":null', `"lastTransitionTime":"${at}"`))
    return [patch(ADMIN, { ...place, subresource: 'status' }, 'strategic', body)]
  }
  if (verb === 'patch' || verb === 'merge') return [patch(ADMIN, place, verb === 'merge' ? 'merge' : 'strategic', arg)]
  if (verb !== 'evict') return []
  const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: NAMESPACE } }
  return [create(ADMIN, { ...place, subresource: 'eviction' }, eviction)]
}

class Listener {
  private readonly cluster: Cluster
  private readonly began: number
  private revision: number
  private readonly sequences: Record<string, [number, string][]> = {}
  private readonly events: string[] = []

  constructor(cluster: Cluster, began: number) {
    this.cluster = cluster
    this.began = began
    this.revision = cluster.revision
  }
  get heard(): Heard {
    return { sequences: this.sequences, events: this.events }
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
    store?.changes.range(revisionKey(from), undefined, (changes) => {
      for (const change of changes) this.see(change)
      return true
    })
  }
  private see({ kv, prev }: Change): void {
    const object = (isAlive(kv) ? kv.value : prev?.value) as ApiObject
    if (kv.key.startsWith(`/registry/events/${NAMESPACE}/`)) {
      if (kv.version === 1) this.hear(object as Event)
    } else if (kv.key.startsWith(`/registry/pods/${NAMESPACE}/`)) {
      const t = (this.cluster.now - this.began) / 1_000
      const list = (this.sequences[object.metadata.name] ??= [])
      list.push([t, briefOf(object as Pod as unknown as PodLike)])
    }
  }
  private hear({ type, reason, message }: Event): void {
    this.events.push(`${type} ${reason}: ${message ?? ''}`)
  }
}
