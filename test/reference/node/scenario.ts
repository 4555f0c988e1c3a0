/** Plays a recorded scenario of the kubelet against a cluster of one node, and listens: every version of every pod, every Event. */
import type { Cluster } from '../../../machines/cluster/cluster.ts'
import { createCluster } from '../../../machines/cluster/create.ts'
import { newestStore } from '../../../machines/cluster/objects.ts'
import { type Change, isAlive } from '../../../machines/etcd/mvcc/store.ts'
import { create, patch, remove } from '../../../machines/lib/requests.ts'
import { rfc3339 } from '../../../machines/lib/time.ts'
import type { ApiRequest } from '../../../machines/protocol/api.ts'
import type { ApiObject, Event, Pod } from '../../../machines/protocol/objects.ts'
import type { Behaviour } from '../../../machines/protocol/workload.ts'
import { draw } from '../../../runtime/random.ts'
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
function freshCluster(seed: number, scenario: Scenario): Cluster {
  const slow = pullsOf(scenario)
  if (slow.length > 0) return booted(seed, slow)
  const cluster = ready.get(seed) ?? booted(seed, [])
  ready.set(seed, cluster)
  return cluster.fork()
}

/** How long the registry took, and others who pulled at the time, is told: `in 4.3s (10.9s including waiting)`. */
function pullsOf({ timeline }: Scenario): readonly Behaviour[] {
  return timeline.flatMap(({ message = '' }) => {
    const [, image, own, all] = /pulled image "(.*)" in ([\d.]+m?s) \(([\d.]+)s including waiting\)/.exec(message) ?? []
    return image === undefined || `${all}s` === own ? [] : [{ image, pullMs: Number(all) * 1_000 }]
  })
}

function booted(seed: number, images: readonly Behaviour[]): Cluster {
  const cluster = createCluster({
    nodes: 1,
    seed,
    capacity: { cpu: '2', memory: '24684084Ki', pods: '110', 'ephemeral-storage': '264212084Ki' },
    labels: { 'node-1': { zone: 'a' } },
    images: [...images, { image: '*busybox:1.36', preloaded: true }],
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

/** A scenario that is being played: it can be forked, and go on with other draws. */
export class Play {
  private readonly scenario: Scenario
  private readonly cluster: Cluster
  private readonly began: number
  private readonly listener: Listener
  /** The deeds that are done. */
  private done: number
  private readonly redraws: (readonly [at: number, salt: number])[] = []
  /** How many of those have been made. */
  private drawn = 0

  private constructor(scenario: Scenario, cluster: Cluster, began: number, listener: Listener, done = 0) {
    this.scenario = scenario
    this.cluster = cluster
    this.began = began
    this.listener = listener
    this.done = done
  }
  /** @param seed draws when the loops of the kubelet come round */
  static of(scenario: Scenario, seed: number): Play {
    const cluster = freshCluster(seed, scenario)
    const play = new Play(scenario, cluster, cluster.now, new Listener(cluster, cluster.now))
    play.setUp()
    return play
  }
  fork(): Play {
    const cluster = this.cluster.fork()
    const copy = new Play(this.scenario, cluster, this.began, this.listener.on(cluster), this.done)
    copy.redraws.push(...this.redraws)
    copy.drawn = this.drawn
    return copy
  }
  /** From that time on the waits are others, whenever it is played. */
  remember(at: number, salt: number): void {
    this.redraws.push([at, salt])
  }
  /** All is drawn anew that pod workers draw from now on. */
  redrawn(salt: number): this {
    const { actors } = this.cluster.world.inside
    for (const [address, actor] of actors) {
      if (!address.startsWith('pod-worker/')) continue
      actors.set(address, { ...actor, life: { ...actor.life, dice: draw(actor.life.dice, 'again', salt) } })
    }
    return this
  }
  to(seconds: number): this {
    for (const [at, salt] of this.redraws.slice(this.drawn)) {
      if (at > seconds) break
      this.runTo(at)
      this.redrawn(salt)
      this.drawn++
    }
    this.runTo(seconds)
    return this
  }
  toEnd(): Heard {
    return this.to(this.scenario.until).heard
  }
  get heard(): Heard {
    return this.listener.heard
  }

  private runTo(seconds: number): void {
    const end = this.began + seconds * 1_000
    for (const { at, act } of deeds(this.scenario).slice(this.done)) {
      if (this.began + at * 1_000 > end) break
      this.listener.runTo(this.began + at * 1_000)
      for (const request of act(this.cluster)) this.ask(request)
      this.done++
    }
    this.listener.runTo(end)
  }
  private setUp(): void {
    const { setup } = this.scenario
    const resources = new Map(this.cluster.profile.resources.toReversed().map((facts) => [facts.kind, facts.name]))
    for (const object of setup) this.ask(create(ADMIN, placeOf(resources, object), object))
    if (setup.length > 0) this.listener.runTo(this.cluster.now + 100)
  }
  private ask(event: ApiRequest): void {
    this.cluster.world.operate({ op: 'call', to: 'kube-apiserver/cp-1', from: OUTSIDE, event })
  }
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
  /** The same for a fork of its cluster, with what was heard so far. */
  on(cluster: Cluster): Listener {
    const copy = new Listener(cluster, this.began)
    copy.revision = this.revision
    for (const [name, list] of Object.entries(this.sequences)) copy.sequences[name] = [...list]
    copy.events.push(...this.events)
    return copy
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
    store?.changes.range(from, ({ changes }) => {
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
