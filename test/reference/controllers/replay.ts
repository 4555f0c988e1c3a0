/**
 * Plays a recorded scenario against a cluster whose kubelets are scripted: four kwok nodes, an API server, etcd, the
 * scheduler and the controllers. Every version of every object of the scenario is kept, as a watch would tell them.
 */
import type { Cluster } from '../../../machines/cluster/cluster.ts'
import { createCluster } from '../../../machines/cluster/create.ts'
import { newestStore } from '../../../machines/cluster/objects.ts'
import { isAlive, type Change as StoreChange } from '../../../machines/etcd/mvcc/store.ts'
import { create, patch, remove, update } from '../../../machines/lib/requests.ts'
import type { ApiAnswered, ApiRequest, PatchType } from '../../../machines/protocol/api.ts'
import type { ApiObject, Event, Node, Pod } from '../../../machines/protocol/objects.ts'
import { answerDiffers } from './answers.ts'
import { ADMIN, atOnce, Kubelets, kwokNode } from './kubelet.ts'
import { Lags } from './lags.ts'
import type { Run } from './runs.ts'
import { failingElsewhere, flagsOf } from './surroundings.ts'
import type { Json, Step, Story, Told, Trace, Version } from './trace.ts'

const OUTSIDE = 'kwok/outside'
/** Categories recorded with `--kube-api-qps` and `--kube-api-burst` of 500; the others had the defaults. */
const UNHINDERED: ReadonlySet<string> = new Set(
  'daemonset deployment disruption endpoints garbage-collector hpa job namespace replicaset replicationcontroller resourcequota serviceaccount statefulset'.split(
    ' ',
  ),
)
/** No pod is kept waiting longer than the recorder's kubelets ever were. */
const LAG_MS = 1_500
const ANSWER_WITHIN_MS = 1_000
const HINDERED = { controllerRate: { perSecond: 20, burst: 30 }, schedulerRate: { perSecond: 50, burst: 100 } }
const QUICK = { perSecond: 500, burst: 500 }
const RATES = { slow: HINDERED, fast: { controllerRate: QUICK, schedulerRate: QUICK } }
const booted = new Map<string, Cluster>()

/** A cluster with four ready nodes, once for each configuration: every replay is a fork of it. */
function clusterFor(trace: Trace, { seed, loopback }: Run): Cluster {
  const rate = UNHINDERED.has(trace.category) ? 'fast' : 'slow'
  const flags = flagsOf(trace)
  const key = JSON.stringify([rate, seed, loopback, flags])
  const known = booted.get(key)
  if (known !== undefined) return known.fork()
  const cluster = createCluster({
    nodes: 0,
    ready: false,
    ...RATES[rate],
    seed,
    latencies: { loopback, lan: loopback },
    ...flags,
  })
  cluster.world.bindOutside(OUTSIDE, () => {})
  cluster.run('30s')
  for (const i of [1, 2, 3, 4]) {
    const node = kwokNode(i, cluster.world.clock('cp-1'))
    const event = create(ADMIN, { resource: 'nodes', name: node.metadata.name }, node)
    cluster.world.operate({ op: 'call', to: 'kube-apiserver/cp-1', from: OUTSIDE, event })
  }
  cluster.run('15s')
  booted.set(key, cluster)
  return cluster.fork()
}

export class Replay {
  private readonly cluster: Cluster
  private readonly trace: Trace
  private readonly kubelets: Kubelets
  private readonly resources: ReadonlyMap<string, { readonly name: string; readonly namespaced: boolean }>
  /** Where our namespaced objects may be. */
  private readonly namespaces: ReadonlySet<string>
  private began = Number.NaN
  private readonly lives = new Map<string, Version[]>()
  private readonly events: Told[] = []
  private readonly pods: Pod[] = []
  private readonly scripted: ReadonlySet<string>
  private readonly silent: ReadonlySet<string>
  private readonly open = new Map<number, Step>()
  private revision: number
  /** Steps that were not answered as recorded. */
  readonly surprises: string[] = []

  constructor(trace: Trace, run: Run) {
    this.trace = trace
    this.cluster = clusterFor(trace, run)
    const { world, profile } = this.cluster
    this.resources = new Map(profile.resources.toReversed().map((facts) => [facts.kind, facts]))
    const elsewhere = trace.objects.flatMap(({ namespace }) => namespace ?? [])
    this.namespaces = new Set([trace.namespace, ...elsewhere])
    this.scripted = new Set(
      trace.steps.filter(({ op, kind }) => op === 'create' && kind === 'Node').map(({ name }) => name),
    )
    // A node that is created without a status has no kubelet.
    this.silent = new Set(
      trace.steps
        .filter(({ kind, object }) => kind === 'Node' && object !== undefined && !('status' in object))
        .map(({ name }) => name),
    )
    const { cluster } = this
    const lags = new Lags(trace)
    const began = (): number => this.began
    this.kubelets = new Kubelets({
      lag: (pod, deed) => {
        const at = lags.next(pod, deed)
        return at === undefined ? 0 : Math.min(Math.max(0, began() + at * 1_000 - cluster.now), LAG_MS)
      },
      get now() {
        return cluster.now
      },
      get clock() {
        return world.clock('cp-1')
      },
      ask: (request) => this.ask(request),
    })
    world.bindOutside(OUTSIDE, (item) => this.answered(item as never))
    for (const i of [1, 2, 3, 4]) this.kubelets.nodeAdded(`kwok-${i}`, false)
    this.revision = cluster.revision
    this.settle(run.phaseMs)
    this.began = cluster.now
  }

  /** The namespace, and what every namespace has; then to a whole second, and as much later as wanted. */
  private settle(phaseMs: number): void {
    const { namespace } = this.trace
    const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }
    this.ask(create(ADMIN, { resource: 'namespaces', name: namespace }, body))
    this.runTo(this.cluster.now + 3_000 + phaseMs)
    this.lives.clear()
    this.events.length = 0
  }

  run(): Story {
    const { steps, duration } = this.trace
    const elsewhere = failingElsewhere(this.trace)
    for (const step of steps) {
      this.runTo(this.began + step.t * 1_000)
      this.take(step)
      // The driver of the recording waited for each answer.
      const latest = this.cluster.now + ANSWER_WITHIN_MS
      while (this.open.size > 0 && this.cluster.now < latest) this.runTo(this.cluster.now + 0.5)
    }
    if (elsewhere !== undefined) {
      this.runTo(this.began + elsewhere.t * 1_000)
      const { name, namespace } = elsewhere.pod.metadata
      this.ask(create(ADMIN, { resource: 'pods', namespace, name }, elsewhere.pod))
    }
    this.runTo(this.began + duration * 1_000)
    return { lives: [...this.lives.values()], events: this.events }
  }
  /** Wall-clock time of the beginning, ms. */
  get epoch(): number {
    return this.cluster.options.epochMs + this.began
  }

  private runTo(end: number): void {
    const { cluster, kubelets } = this
    const { world } = cluster
    while (cluster.now < end) {
      const until = Math.min(end, kubelets.due)
      if ((world.due ?? Number.POSITIVE_INFINITY) <= until) world.step()
      else world.sleep(until)
      if (cluster.revision !== this.revision) this.look()
      kubelets.run()
    }
  }

  private ask(event: ApiRequest): number {
    return this.cluster.world.operate({ op: 'call', to: 'kube-apiserver/cp-1', from: OUTSIDE, event })
  }

  /** All that was written since the last look. */
  private look(): void {
    const store = newestStore(this.cluster.world, ['etcd/cp-1'])
    const from = this.revision + 1
    this.revision = store?.revision ?? 0
    store?.changes.range(from, ({ changes }) => {
      for (const change of changes) this.see(change)
      return true
    })
  }

  private see({ kv, prev }: StoreChange): void {
    if (!kv.key.startsWith('/registry/') || kv.key.startsWith('/registry/leases/')) return
    const object = (isAlive(kv) ? kv.value : prev?.value) as ApiObject | undefined
    if (typeof object !== 'object' || object?.metadata === undefined) return
    const type = !isAlive(kv) ? 'DELETED' : prev === undefined || !isAlive(prev) ? 'ADDED' : 'MODIFIED'
    if (kv.key.startsWith('/registry/events/')) return type === 'DELETED' ? undefined : this.hear(object as Event)
    this.act(object, type)
    if (!this.isOurs(object)) return
    const version: Version = { n: kv.modRevision, t: this.seconds, type, object: object as unknown as Json }
    const uid = object.metadata.uid ?? kv.key
    const life = this.lives.get(uid)
    if (life === undefined) this.lives.set(uid, [version])
    else life.push(version)
  }
  private get seconds(): number {
    return (this.cluster.now - this.began) / 1_000
  }

  private isOurs({ kind, metadata: { namespace, name } }: ApiObject): boolean {
    if (namespace !== undefined) return this.namespaces.has(namespace)
    return name.startsWith(this.trace.name) && !(kind === 'Namespace' && name === this.trace.namespace)
  }

  /** What the kubelets make of it. */
  private act(object: ApiObject, type: Version['type']): void {
    if (object.kind === 'Node') {
      if (type === 'DELETED') this.kubelets.nodeDeleted(object.metadata.name)
      else if (type === 'ADDED' && !this.silent.has(object.metadata.name))
        this.kubelets.nodeAdded((object as Node).metadata.name, this.scripted.has(object.metadata.name))
    }
    if (object.kind !== 'Pod') return
    const pod = object as Pod
    if (type === 'ADDED') this.pods.push(pod)
    if (type === 'DELETED') this.kubelets.podGone(pod)
    else this.kubelets.play(pod)
  }

  private hear(event: Event): void {
    const { type = '', reason = '', message = '', source, reportingComponent, involvedObject } = event
    const { kind, name = '', namespace } = involvedObject
    if (namespace === undefined ? !name.startsWith(this.trace.name) : !this.namespaces.has(namespace)) return
    const component = source?.component ?? reportingComponent ?? ''
    this.events.push({ t: this.seconds, type, reason, message, component, object: `${kind}/${name}` })
  }

  private take(step: Step): void {
    const request = this.requestOf(step)
    if (request !== undefined) {
      this.open.set(this.ask(request), step)
      return
    }
    const pod = this.podOf(this.nameOf(step.name))
    if (step.op === 'podRunning' && pod !== undefined) this.kubelets.running(pod, step.ready !== false)
    else if (step.op === 'podExit' && pod !== undefined) this.kubelets.exited(pod, step.exitCode ?? 0)
    else if (step.op === 'nodeReady') this.kubelets.nodeReady(step.name, step.status === 'True')
    else if (step.op === 'kubeletStop') this.kubelets.stop(step.name)
    else if (step.op === 'kubeletStart') this.kubelets.start(step.name)
    else this.surprises.push(`step at ${step.t} s: ${step.op} ${step.kind}/${step.name} is impossible`)
  }

  private requestOf(step: Step): ApiRequest | undefined {
    const { op, kind, subresource, propagationPolicy, gracePeriodSeconds } = step
    const facts = this.resources.get(kind)
    if (facts === undefined) return undefined
    const namespace = facts.namespaced ? (step.namespace ?? this.trace.namespace) : undefined
    const place = { resource: facts.name, namespace, name: this.nameOf(step.name) }
    const below = subresource === undefined ? place : { ...place, subresource: subresource as never }
    const body = step.object && this.filled(step.object, namespace)
    if (op === 'create') return create(ADMIN, place, body)
    if (op === 'put') return update(ADMIN, below, body)
    if (op === 'post') return create(ADMIN, below, body)
    if (op === 'patch')
      return patch(ADMIN, below, (step.type ?? 'merge') as PatchType, this.filled(step.patch, undefined))
    if (op === 'scale')
      return patch(ADMIN, { ...place, subresource: 'scale' }, 'merge', { spec: { replicas: step.replicas } })
    if (op !== 'delete') return undefined
    return remove(ADMIN, place, {
      ...(propagationPolicy ? { propagationPolicy } : {}),
      ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    })
  }

  /** With our own names, uids and times for those of the recording. */
  private filled<T>(body: T, namespace: string | undefined): T {
    const text = JSON.stringify(body)
      .replace(/<uid:(\d+)>/g, (all) => this.uidOf(all))
      .replace(/[a-z0-9-]+-<rand:\d+>/g, (name) => this.nameOf(name))
    const made = atOnce(JSON.parse(text) as ApiObject, this.cluster.world.clock('cp-1'))
    if (namespace === undefined) return made as T
    return { ...made, metadata: { ...made.metadata, namespace } } as T
  }
  private uidOf(placeholder: string): string {
    const owner = this.trace.objects.find(
      ({ history }) => (history[0]?.object as ApiObject | undefined)?.metadata.uid === placeholder,
    )
    for (const [uid, life] of this.lives) {
      const { kind, metadata } = (life[0] as Version).object as unknown as ApiObject
      if (kind === owner?.kind && metadata.name === this.nameOf(owner.name)) return uid
    }
    return placeholder
  }
  /** The object of a generated name: by its place among those of one prefix, in order of creation. */
  private nameOf(name: string): string {
    if (!name.includes('<rand')) return name
    const prefix = name.slice(0, name.indexOf('<rand'))
    const recorded = this.trace.objects
      .filter((each) => each.kind === 'Pod' && each.name.startsWith(`${prefix}<rand`))
      .toSorted((a, b) => (a.history[0]?.n ?? 0) - (b.history[0]?.n ?? 0))
    const place = recorded.findIndex((each) => each.name === name)
    const ours = this.pods.filter(
      ({ metadata }) => metadata.generateName === prefix && this.namespaces.has(metadata.namespace ?? ''),
    )
    return ours[place]?.metadata.name ?? name
  }
  private podOf(name: string): Pod | undefined {
    return this.pods.find(({ metadata }) => metadata.name === name && this.namespaces.has(metadata.namespace ?? ''))
  }

  private answered({ number, event }: { number: number; event?: ApiAnswered }): void {
    const step = this.open.get(number)
    this.open.delete(number)
    if (step?.code === undefined || event?.type !== 'api.answered') return
    const said = `step at ${step.t} s: ${step.op} ${step.kind}/${step.name}`
    if (event.code !== step.code)
      this.surprises.push(`${said}: ${event.code} ${event.status?.message ?? ''} is not ${step.code}`)
    else if (step.reply?.message !== undefined && general(step.reply.message) !== general(event.status?.message ?? ''))
      this.surprises.push(`${said}: "${event.status?.message}" is not "${step.reply.message}"`)
    else this.surprises.push(...answerDiffers(step, event, this.epoch).map((text) => `${said}: ${text}`))
  }
}
/** Names of quotas' requests and the like are as they are; only generated ones vary. */
const general = (text: string): string =>
  text.replace(/<[a-z]+:?\d*>/g, '').replace(/-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, '-')
