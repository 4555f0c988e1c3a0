/**
 * The kubelets of the recordings, outside the world: the scripted one for pods with the annotation `orrery/kubelet` and
 * for nodes that a scenario creates, kwok's fast stages for all other pods. Renews the Leases of its nodes.
 */
import { create, patch, remove } from '../../../machines/lib/requests.ts'
import { rfc3339, rfc3339Micro } from '../../../machines/lib/time.ts'
import type { ApiRequest } from '../../../machines/protocol/api.ts'
import type { ApiObject, Node, Pod } from '../../../machines/protocol/objects.ts'
import type { Deed } from './lags.ts'

export const ADMIN = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] }
const LEASES = { resource: 'leases.coordination.k8s.io', namespace: 'kube-node-lease' }
const HEARTBEAT_MS = 10_000
const IP = '192.0.2.10'

/** What the kubelets are told and may do. */
export interface Surroundings {
  /** ms since the cluster began. */
  readonly now: number
  /** Wall-clock time, ms. */
  readonly clock: number
  ask(request: ApiRequest): void
  /** For how many ms a kubelet is busy with others before it writes this of a pod. */
  lag(pod: Pod, deed: Deed): number
}
type Script = Readonly<Record<string, string>>

export class Kubelets {
  private readonly around: Surroundings
  /** What is to be done, and when. */
  private agenda: { readonly at: number; readonly key: string; readonly run: () => void }[] = []
  private readonly begun = new Set<string>()
  private readonly pods = new Map<string, Pod>()
  private readonly stopped = new Set<string>()
  private readonly own = new Set<string>()
  private readonly failures = new Map<string, number>()
  private ips = 0

  constructor(around: Surroundings) {
    this.around = around
  }

  /** When the next thing is to be done. */
  get due(): number {
    return this.agenda.reduce((least, { at }) => Math.min(least, at), Number.POSITIVE_INFINITY)
  }
  /** Does what is due. */
  run(): void {
    const { now } = this.around
    const due = this.agenda.filter(({ at }) => at <= now)
    this.agenda = this.agenda.filter(({ at }) => at > now)
    for (const { run } of due) run()
  }

  /** A node was seen; `scripted`: one that the scenario has created. */
  nodeAdded(name: string, scripted: boolean): void {
    if (this.begun.has(`node ${name}`)) return
    this.begun.add(`node ${name}`)
    if (scripted) this.own.add(name)
    this.renew(name, true)
  }
  nodeDeleted(name: string): void {
    this.own.delete(name)
    this.stopped.add(name)
  }
  stop(name: string): void {
    this.stopped.add(name)
  }
  /** Heartbeats and pods again: first a lease and a status, then what has waited. */
  start(name: string): void {
    this.stopped.delete(name)
    this.renew(name, false)
    this.nodeReady(name, true)
    for (const pod of this.pods.values()) if (pod.spec.nodeName === name) this.play(pod)
  }
  nodeReady(name: string, ready: boolean): void {
    const at = rfc3339(this.around.clock)
    const told = ready
      ? { status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' }
      : { status: 'False', reason: 'KubeletNotReady', message: 'container runtime is down' }
    const conditions = [{ type: 'Ready', ...told, lastHeartbeatTime: at, lastTransitionTime: at }]
    const place = { resource: 'nodes', name, subresource: 'status' as const }
    this.around.ask(patch(ADMIN, place, 'strategic', { status: { conditions } }))
  }

  podGone({ metadata }: Pod): void {
    this.pods.delete(metadata.uid ?? '')
  }
  /** A pod was seen: whatever comes next for it is done or put on the agenda. */
  play(pod: Pod): void {
    const { uid = '', annotations, deletionTimestamp } = pod.metadata
    this.pods.set(uid, pod)
    const node = pod.spec.nodeName ?? ''
    if (this.stopped.has(node)) return
    const script = scriptOf(annotations?.['orrery/kubelet'])
    if (deletionTimestamp !== undefined) return this.ending(pod, script ?? {})
    if (node === '' || this.begun.has(uid) || 'manual' in (script ?? {})) return
    this.begun.add(uid)
    const lag = this.around.lag(pod, 'runs') / 1_000
    if (script === undefined && !this.own.has(node))
      return this.after(`${uid} start`, lag, () => this.status(pod, running(pod, true, this.facts(false))))
    this.after(`${uid} start`, Math.max(lag, seconds(script?.['start'])), () => this.started(pod, script ?? {}))
  }

  /** A step of the scenario. */
  running(pod: Pod, ready: boolean): void {
    this.begun.add(pod.metadata.uid ?? '')
    this.status(pod, running(pod, ready, this.facts(true)))
  }
  exited(pod: Pod, code: number): void {
    this.status(pod, over(pod, code, this.around.clock))
  }

  private started(pod: Pod, script: Script): void {
    if (!this.isAlive(pod)) return
    const { ready = '0' } = script
    const unready = ready === 'never' || Number(ready) > 0
    this.status(pod, running(pod, !unready, this.facts(true)))
    const uid = pod.metadata.uid ?? ''
    if (unready && ready !== 'never')
      this.after(`${uid} ready`, Math.max(this.around.lag(pod, 'is ready') / 1_000, Number(ready)), () => {
        if (this.isAlive(pod)) this.status(pod, running(pod, true, { ...this.facts(true), ip: undefined }))
      })
    const end = this.endOf(pod, script)
    if (end !== undefined) this.after(`${uid} exit`, end[0], () => this.isAlive(pod) && this.exited(pod, end[1]))
  }

  /** After how many seconds a container ends, and how: `exit=<s>:<code>`, `exit@<i>=…`, `fails=<n>`. */
  private endOf({ metadata }: Pod, script: Script): readonly [number, number] | undefined {
    const index = metadata.annotations?.['batch.kubernetes.io/job-completion-index'] ?? ''
    if (script['fails'] !== undefined) {
      const owner = `${metadata.ownerReferences?.[0]?.uid} ${index}`
      const failed = this.failures.get(owner) ?? 0
      this.failures.set(owner, failed + 1)
      const code = failed < Number(script['fails']) ? Number(script['code'] ?? 1) : 0
      return [Number(script['exitafter'] ?? 0.5), code]
    }
    const [after, code] = (script[`exit@${index}`] ?? script['exit'])?.split(':') ?? []
    return after === undefined ? undefined : [Number(after), Number(code)]
  }

  private ending(pod: Pod, script: Script): void {
    const { name, namespace, uid = '' } = pod.metadata
    if (this.begun.has(`${uid} stop`)) return
    const lag = this.around.lag(pod, 'is gone') / 1_000
    this.after(`${uid} stop`, Math.max(lag, seconds(script['stop'])), () => {
      if (script['stopcode'] !== undefined) this.exited(pod, Number(script['stopcode']))
      const options = { gracePeriodSeconds: 0, preconditions: { uid } }
      this.around.ask(remove(ADMIN, { resource: 'pods', namespace, name }, options))
    })
  }

  private isAlive({ metadata: { uid = '' }, spec }: Pod): boolean {
    const now = this.pods.get(uid)
    return now !== undefined && now.metadata.deletionTimestamp === undefined && !this.stopped.has(spec.nodeName ?? '')
  }

  private renew(name: string, isFirst: boolean): void {
    if (this.stopped.has(name)) return
    const { clock } = this.around
    const spec = { holderIdentity: name, leaseDurationSeconds: 40, renewTime: rfc3339Micro(clock) }
    const lease = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name, namespace: LEASES.namespace },
    }
    const place = { ...LEASES, name }
    this.around.ask(isFirst ? create(ADMIN, place, { ...lease, spec }) : patch(ADMIN, place, 'merge', { spec }))
    this.agenda = this.agenda.filter(({ key }) => key !== `lease ${name}`)
    this.again(`lease ${name}`, HEARTBEAT_MS, () => this.renew(name, false))
  }

  private facts(scripted: boolean): Facts {
    return { at: this.around.clock, scripted, ip: `10.0.${this.ips >> 8}.${this.ips++ & 255}` }
  }
  private status({ metadata: { name, namespace } }: Pod, status: unknown): void {
    const place = { resource: 'pods', namespace, name, subresource: 'status' as const }
    this.around.ask(patch(ADMIN, place, 'strategic', { status }))
  }
  /** Once for each key. */
  private after(key: string, afterSeconds: number, run: () => void): void {
    if (this.begun.has(key)) return
    this.begun.add(key)
    if (afterSeconds === 0) return run()
    this.again(key, afterSeconds * 1_000, run)
  }
  private again(key: string, afterMs: number, run: () => void): void {
    this.agenda.push({ at: this.around.now + afterMs, key, run })
  }
}

const seconds = (text: string | undefined): number => Number(text ?? 0)
const scriptOf = (text: string | undefined): Script | undefined =>
  text === undefined ? undefined : Object.fromEntries(text.split(';').map((part) => part.split('=')))

interface Facts {
  /** ms */
  readonly at: number
  readonly scripted: boolean
  /** Undefined for a later write, which leaves the address. */
  readonly ip: string | undefined
}

function running(pod: Pod, ready: boolean, { at, scripted, ip }: Facts): object {
  const now = rfc3339(at)
  const names = pod.spec.containers.map(({ name }) => name).join(' ')
  const why = ready ? {} : { reason: 'ContainersNotReady', message: `containers with unready status: [${names}]` }
  const state = { type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: now, ...why }
  const conditions = [
    { type: 'Initialized', status: 'True', lastTransitionTime: now },
    state,
    { ...state, type: 'ContainersReady' },
  ]
  const containerStatuses = pod.spec.containers.map(({ name, image }) => ({
    name,
    image,
    imageID: '',
    lastState: {},
    ready,
    restartCount: 0,
    ...(scripted ? { started: true } : {}),
    state: { running: { startedAt: now } },
  }))
  const address = { podIP: ip, podIPs: [{ ip }], startTime: now, ...(scripted ? { hostIP: IP } : {}) }
  return { phase: 'Running', conditions, containerStatuses, ...(ip === undefined ? {} : address) }
}

function over(pod: Pod, exitCode: number, at: number): object {
  const now = rfc3339(at)
  const reason = exitCode === 0 ? 'PodCompleted' : 'PodFailed'
  const conditions = [
    { type: 'Initialized', status: 'True', lastTransitionTime: now },
    { type: 'Ready', status: 'False', reason, lastTransitionTime: now },
    { type: 'ContainersReady', status: 'False', reason, lastTransitionTime: now },
  ]
  const terminated = { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', startedAt: now, finishedAt: now }
  const containerStatuses = pod.spec.containers.map(({ name, image }) => ({
    name,
    image,
    imageID: '',
    lastState: {},
    ready: false,
    restartCount: 0,
    started: false,
    state: { terminated },
  }))
  return { phase: exitCode === 0 ? 'Succeeded' : 'Failed', conditions, containerStatuses, startTime: now }
}

/** One of the four nodes around every scenario. */
export const kwokNode = (i: number, at: number): Node => {
  const name = `kwok-${i}`
  const now = rfc3339(at)
  const size = { cpu: '64', memory: '256Gi', pods: '500' }
  const told = (type: string, status: string, reason: string, message: string) => ({
    type,
    status,
    reason,
    message,
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  })
  const conditions = [
    told('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
    told('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
    told('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
    told('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
  ]
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' } },
    spec: {},
    status: { capacity: size, allocatable: size, conditions },
  } as unknown as Node
}

/** An instant of the distant future is no matter of when: all recordings use this one. */
export const DISTANT = '2030-01-02T03:04:05Z'
export const isDistant = (seconds: number): boolean => seconds > 10_000_000

/** A body of the recording with its instants filled in: now, or the distant one. */
export const atOnce = (object: ApiObject, clock: number): ApiObject =>
  JSON.parse(
    JSON.stringify(object).replace(/<t[+-](\d+)>/g, (_, s: string) =>
      isDistant(Number(s)) ? DISTANT : rfc3339(clock),
    ),
  ) as ApiObject
