/** A cluster to be told what to do and looked at, in virtual time. See `createCluster`. */
import type { StateValue } from 'xstate'
import type { Address } from '../../runtime/contract.ts'
import { dotted } from '../../runtime/inspect/state.ts'
import { type Recording, recordingOf } from '../../runtime/record.ts'
import type { World } from '../../runtime/world.ts'
import { type Profile, type ResourceFacts, resourceOf, resourceOfShortName } from '../lib/schema.ts'
import type { Applied } from '../protocol/kubectl.ts'
import type { ApiObject, Deployment, Node, Pod } from '../protocol/objects.ts'
import type { Explanation } from '../scheduler/explain.ts'
import { explained } from './explaining.ts'
import { Faults } from './faults.ts'
import { Kubectl } from './kubectl.ts'
import { apiserversOf, hasOutsideEtcd, membersOf } from './layout.ts'
import { inWords, readManifests } from './manifests.ts'
import { newestCache, newestStore, objectAt, objectsIn, objectsOf } from './objects.ts'
import type { ClusterOptions } from './options.ts'
import { toMs } from './time.ts'
import { type DeploymentView, deploymentView, isReady } from './views.ts'

/** Thrown for manifests that cannot be understood: nothing of them was applied. */
export class BadManifests extends Error {}
/** Thrown when something that was waited for did not come in time; says what was, and when. */
export class NeverHappened extends Error {}

/** How often a condition is looked at while nothing is written to the API: actors move without it. */
const LOOK_EVERY_MS = 50
const HEARTBEAT = /^\/registry\/(leases|events|masterleases)\//

export class Cluster {
  readonly world: World
  readonly options: ClusterOptions
  readonly profile: Profile
  readonly kubectl: Kubectl
  readonly faults: Faults
  private readonly lookers: (() => void)[] = []
  /** When somebody wants to look, whatever happens; in order. */
  private appointments: readonly number[] = []
  private readonly interesting = { count: 0, revision: 0 }
  private readonly members: readonly Address[]
  private beginning = 0
  private lookedAt = 0
  private lookedAtRevision = 0

  constructor(world: World, options: ClusterOptions, profile: Profile, commands = 0) {
    this.world = world
    this.options = options
    this.profile = profile
    this.kubectl = new Kubectl(world, profile, () => this.step(), commands)
    this.faults = new Faults(world)
    this.members = membersOf(options)
  }

  /** Virtual time in ms since the power came on. */
  get now(): number {
    return this.world.now
  }

  /** A copy that goes its own way, in milliseconds. */
  fork(): Cluster {
    return new Cluster(this.world.fork(), this.options, this.profile, this.kubectl.commands)
  }

  /**
   * `kubectl apply` of YAML text or objects, run to its end.
   * @param file names the text in messages
   * @throws {BadManifests} with file, line, column and field path; {KubectlFailed} when the API refuses
   */
  apply(manifests: string | ApiObject | readonly ApiObject[], file = 'manifest'): void {
    this.kubectl.apply(this.read(manifests, file))
  }

  /** Manifests as the objects that would be applied. @throws {BadManifests} */
  read(manifests: string | ApiObject | readonly ApiObject[], file = 'manifest'): readonly Applied[] {
    const text =
      typeof manifests === 'string'
        ? manifests
        : JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [manifests].flat() })
    const { objects, problems } = readManifests(text, file, this.profile)
    if (problems.length > 0) throw new BadManifests(problems.map(inWords).join('\n'))
    return objects
  }

  /** Lets time pass: `10m`, or ms. */
  run(duration: number | string): void {
    const until = this.now + toMs(duration)
    if (this.lookers.length === 0) return this.world.run(until)
    this.stepUntil(until, () => false)
  }

  /**
   * Calls `look` after every write to the API and every 50 ms from now on, while the cluster runs.
   * @returns what ends it
   */
  look(look: () => void): () => void {
    this.lookers.push(look)
    return () => {
      this.lookers.splice(this.lookers.indexOf(look), 1)
    }
  }

  /** Whoever looks will look at this moment of virtual time too, also when nothing happens then. */
  lookAt(at: number): void {
    this.appointments = [...this.appointments, at].sort((a, b) => a - b)
  }

  /**
   * Runs until the condition holds: it is looked at after every write to the API, and every 50 ms.
   * @throws {NeverHappened} when it does not within the time
   */
  runUntil(condition: (cluster: Cluster) => boolean | undefined, { within }: { within: number | string }): void {
    if (condition(this) === true) return
    if (!this.stepUntil(this.now + toMs(within), () => condition(this) === true))
      throw new NeverHappened(`not within ${within}: ${String(condition).slice(0, 200)}`)
  }

  /** Steps until then, or until a look finds what was looked for. */
  private stepUntil(latest: number, found: () => boolean): boolean {
    while (this.due <= latest) {
      if (this.step() && found()) return true
    }
    this.world.sleep(latest)
    return found()
  }

  /** One delivery. @returns whether it was time to look, and everybody has looked */
  private step(): boolean {
    const appointed = this.appointments[0]
    if (appointed !== undefined && appointed < (this.world.due ?? Number.POSITIVE_INFINITY)) {
      this.appointments = this.appointments.slice(1)
      this.world.sleep(appointed)
      return this.looked()
    }
    this.world.step()
    const { revision } = this
    if (revision === this.lookedAtRevision && this.now - this.lookedAt < LOOK_EVERY_MS) return false
    this.lookedAtRevision = revision
    return this.looked()
  }

  private looked(): true {
    this.lookedAt = this.now
    for (const look of this.lookers) look()
    return true
  }

  /** When something happens or somebody looks. */
  private get due(): number {
    const { due = Number.POSITIVE_INFINITY } = this.world
    const appointed = this.appointments[0]
    return appointed === undefined || due < appointed ? due : appointed
  }

  /** The revision of the API: of the last write that the most advanced etcd member has applied. */
  get revision(): number {
    return this.store?.revision ?? this.cache?.revision ?? 0
  }

  /** Counts the writes that are no heartbeat: of everything but Leases and Events. */
  get interest(): number {
    const store = this.store
    if (store === undefined) return hasOutsideEtcd(this.options) ? this.revision : this.interesting.count
    store.changes.range(this.interesting.revision + 1, ({ changes }) => {
      if (!changes.every(({ kv }) => HEARTBEAT.test(kv.key))) this.interesting.count++
      return true
    })
    this.interesting.revision = store.revision
    return this.interesting.count
  }

  /** All objects of a resource, by any name kubectl knows it under; of one namespace, if given. */
  get<T extends ApiObject = ApiObject>(resource: string, namespace?: string): readonly T[] {
    const facts = this.facts(resource)
    const { store } = this
    return (
      store === undefined ? objectsIn(this.cache, facts, namespace) : objectsOf(store, facts, namespace)
    ).values() as T[]
  }

  /** One object: `object('deploy', 'web')`; undefined when there is none. */
  object<T extends ApiObject = ApiObject>(resource: string, name: string, namespace = 'default'): T | undefined {
    const facts = this.facts(resource)
    const path = facts.namespaced ? `${namespace}/${name}` : name
    const { store } = this
    return (store === undefined ? objectsIn(this.cache, facts).get(path) : objectAt(store, facts, path)) as
      | T
      | undefined
  }

  deployment(name: string, namespace = 'default'): DeploymentView {
    return deploymentView(this.object<Deployment>('deployments', name, namespace))
  }
  pod(name: string, namespace = 'default'): { readonly object: Pod | undefined; readonly ready: boolean } {
    const object = this.object<Pod>('pods', name, namespace)
    return { object, ready: isReady(object) }
  }
  node(name: string): { readonly object: Node | undefined; readonly ready: boolean } {
    const object = this.object<Node>('nodes', name)
    return { object, ready: isReady(object) }
  }

  /**
   * Where a pod would go now, and why not elsewhere: what every plugin says of every node. Of a pod that runs, as if it
   * had to be placed again. @param subject `pod/web-1`, `shop/pod/web-1` @throws when there is no such pod
   */
  explain(subject: string): Explanation {
    return explained(this, subject)
  }

  /** Where an actor stands, dotted: `rolling.waitingForPods`; undefined when nobody plays the role. */
  state(address: Address): string | undefined {
    const value = this.world.snapshot(address)?.value as StateValue | undefined
    return value === undefined ? undefined : dotted(value)
  }

  /** All that is needed to live this run again: what was done since the cluster was created. */
  get recording(): Recording<ClusterOptions> {
    const recording = recordingOf(this.world, this.options)
    return { ...recording, operations: recording.operations.slice(this.beginning) }
  }

  /** What was done until now belongs to the setting, not to the story. */
  begun(): this {
    this.beginning = this.world.recorded.length
    return this
  }

  private get store() {
    return newestStore(this.world, this.members)
  }
  /** A real etcd is seen through the API servers alone. */
  private get cache() {
    return hasOutsideEtcd(this.options) ? newestCache(this.world, apiserversOf(this.options)) : undefined
  }

  private facts(resource: string): ResourceFacts {
    const facts = resourceOf(this.profile, resource) ?? resourceOfShortName(this.profile, resource)
    if (facts === undefined)
      throw new Error(`the API serves no "${resource}"; write for example pods or deployments.apps`)
    return facts
  }
}
