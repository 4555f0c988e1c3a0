/**
 * Plays a recorded scenario against a cluster without nodes: a scripted kubelet and scheduler outside the world do what
 * those of the recording did. What the controllers did is compared by the caller.
 */

import type { Cluster } from '../../../../machines/cluster/cluster.ts'
import { createCluster } from '../../../../machines/cluster/create.ts'
import { create, patch, remove, update } from '../../../../machines/lib/requests.ts'
import { rfc3339 } from '../../../../machines/lib/time.ts'
import type { ApiRequest, PatchType } from '../../../../machines/protocol/api.ts'
import type { ApiObject, Pod } from '../../../../machines/protocol/objects.ts'

export type Json = Readonly<Record<string, unknown>>
export interface Trace {
  readonly name: string
  readonly namespace: string
  /** Seconds. */
  readonly duration: number
  readonly steps: readonly Step[]
  readonly objects: readonly Recorded[]
  readonly events: readonly RecordedEvent[]
  /** `Kind/name` */
  readonly final: readonly string[]
}
export interface Recorded {
  readonly kind: string
  readonly name: string
  readonly initial?: Json
  readonly history: readonly {
    readonly n: number
    readonly type: string
    readonly object?: Json
    readonly patch?: Json
  }[]
}
export interface RecordedEvent {
  readonly type: string
  readonly reason: string
  readonly message: string
  readonly component: string
  readonly object: string
}
interface Step {
  readonly t: number
  readonly op: string
  readonly kind: string
  readonly name: string
  readonly code?: number
  readonly object?: ApiObject
  readonly patch?: unknown
  readonly type?: string
  readonly subresource?: string
  readonly replicas?: number
  readonly propagationPolicy?: 'Orphan' | 'Background' | 'Foreground'
  readonly gracePeriodSeconds?: number
  readonly ready?: boolean
  readonly exitCode?: number
}

const RESOURCES: Readonly<Record<string, string>> = {
  Deployment: 'deployments.apps',
  ReplicaSet: 'replicasets.apps',
  Pod: 'pods',
  ResourceQuota: 'resourcequotas',
  ReplicationController: 'replicationcontrollers',
}
const ADMIN = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] }
const QUANTUM_MS = 4

export class Replay {
  readonly cluster: Cluster
  private readonly trace: Trace
  private readonly began: number
  /** Pods in the order in which they came: what `<rand:n>` of the recording stands for. */
  private readonly names: string[] = []
  private readonly due = new Map<string, number>()
  private nodes = 0
  readonly answers: string[] = []

  constructor(trace: Trace) {
    this.trace = trace
    this.cluster = createCluster({ nodes: 0, ready: false, controllerRate: undefined, seed: 7 })
    const { world } = this.cluster
    world.bindOutside('kwok/outside', (item) => {
      const { event } = item as unknown as { event?: { code?: number; status?: { message: string } } }
      if ((event?.code ?? 200) >= 300) this.answers.push(event?.status?.message ?? '')
    })
    this.cluster.run('40s')
    world.operate({ op: 'pause', process: 'kube-scheduler/cp-1' })
    const { namespace } = trace
    this.ask(
      create(
        ADMIN,
        { resource: 'namespaces', name: namespace },
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
      ),
    )
    this.cluster.run('100ms')
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace } }
    this.ask(create(ADMIN, { resource: 'serviceaccounts', namespace, name: 'default' }, account))
    this.cluster.run('900ms')
    this.cluster.run(1_000 - (world.clock('cp-1') % 1_000))
    this.began = this.cluster.now
  }

  run(): void {
    const steps = [...this.trace.steps]
    const end = this.began + this.trace.duration * 1_000
    while (this.cluster.now < end) {
      while (steps[0] !== undefined && this.began + steps[0].t * 1_000 <= this.cluster.now)
        this.take(steps.shift() as Step)
      this.cluster.run(QUANTUM_MS)
      for (const pod of this.cluster.get<Pod>('pods', this.trace.namespace)) this.play(pod)
    }
  }

  private ask(event: ApiRequest): void {
    this.cluster.world.operate({ op: 'call', to: 'kube-apiserver/cp-1', from: 'kwok/outside', event })
  }

  private take(step: Step): void {
    const { namespace } = this.trace
    const resource = RESOURCES[step.kind] ?? ''
    const name = this.nameOf(step.name)
    const place = { resource, namespace, name }
    if (step.op === 'create')
      this.ask(create(ADMIN, place, { ...step.object, metadata: { ...step.object?.metadata, namespace } }))
    else if (step.op === 'put') this.ask(update(ADMIN, place, step.object))
    else if (step.op === 'patch')
      this.ask(
        patch(
          ADMIN,
          { ...place, ...(step.subresource ? { subresource: step.subresource as never } : {}) },
          (step.type ?? 'merge') as PatchType,
          step.patch,
        ),
      )
    else if (step.op === 'scale')
      this.ask(patch(ADMIN, { ...place, subresource: 'scale' }, 'merge', { spec: { replicas: step.replicas } }))
    else if (step.op === 'delete') {
      const { propagationPolicy, gracePeriodSeconds } = step
      this.ask(
        remove(ADMIN, place, {
          ...(propagationPolicy ? { propagationPolicy } : {}),
          ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
        }),
      )
    } else if (step.op === 'podRunning') this.status({ ...place, resource: 'pods' }, 'Running', step.ready !== false)
    else if (step.op === 'podExit')
      this.status({ ...place, resource: 'pods' }, step.exitCode === 0 ? 'Succeeded' : 'Failed', false)
    else throw new Error(`no step ${step.op}`)
  }

  private nameOf(name: string): string {
    const found = /<rand:(\d+)>/.exec(name)
    return found === null ? name : (this.names[Number(found[1]) - 1] ?? name)
  }

  /** What the kubelet and the scheduler of the recording would do with a pod by now. */
  private play(pod: Pod): void {
    const { name, namespace, uid = '', deletionTimestamp } = pod.metadata
    if (!this.names.includes(name)) this.names.push(name)
    const place = { resource: 'pods', namespace, name }
    const script = Object.fromEntries(
      (pod.metadata.annotations?.['orrery/kubelet'] ?? '').split(';').map((part) => part.split('=')),
    )
    const isManual = 'manual' in script
    if (deletionTimestamp !== undefined) {
      if (this.isDue(`${uid} stop`, Number(script.stop ?? 0)))
        this.ask(remove(ADMIN, place, { gracePeriodSeconds: 0, preconditions: { uid } }))
    } else if ((pod.spec.nodeName ?? '') === '') {
      if (!this.isDue(`${uid} bind`, 0)) return
      const target = { apiVersion: 'v1', kind: 'Node', name: `node-${(this.nodes++ % 4) + 1}` }
      this.ask(
        create(
          ADMIN,
          { ...place, subresource: 'binding' },
          { apiVersion: 'v1', kind: 'Binding', metadata: { name, namespace }, target },
        ),
      )
    } else if (!isManual && pod.status?.phase === 'Pending') {
      if (this.isDue(`${uid} start`, Number(script.start ?? 0)))
        this.status(place, 'Running', script.ready === undefined || script.ready === '0')
    } else if (!isManual && pod.status?.phase === 'Running' && script.ready !== undefined && script.ready !== 'never') {
      if (this.isDue(`${uid} ready`, Number(script.ready))) this.status(place, 'Running', true)
    }
  }

  /** Once, so many seconds after it was first asked. */
  private isDue(key: string, seconds: number): boolean {
    const at = this.due.get(key) ?? this.cluster.now + seconds * 1_000
    this.due.set(key, at)
    if (at > this.cluster.now) return false
    this.due.set(key, Number.POSITIVE_INFINITY)
    return true
  }

  private status(
    place: { resource: string; namespace: string | undefined; name: string },
    phase: string,
    ready: boolean,
  ): void {
    const lastTransitionTime = rfc3339(this.cluster.world.clock('cp-1'))
    const conditions = [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime }]
    this.ask(patch(ADMIN, { ...place, subresource: 'status' }, 'strategic', { status: { phase, conditions } }))
  }
}
