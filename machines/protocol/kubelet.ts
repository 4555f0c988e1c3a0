/** The conversations inside one kubelet: between its parts, and what the composition root tells it at birth. */
import type { Address } from '../../runtime/contract.ts'
import type { User } from './api.ts'
import type { ContainerStatus, Image, PodSandboxStatus } from './cri.ts'
import type { core, Pod } from './objects.ts'

/** What a kubelet is told at birth (machine `kubelet`, the root of its process). */
export interface KubeletInput {
  readonly node: string
  readonly apiserver: Address
  readonly runtime: Address
  readonly hostIP: string
  /** `{ cpu: '4', memory: '8Gi', pods: '110', 'ephemeral-storage': '100Gi' }` and extended resources. */
  readonly capacity: Readonly<Record<string, string>>
  /** What of it is for pods; unless told, all but what hard eviction keeps from them. */
  readonly allocatable?: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
  /** The version of the control groups of its Linux; 2 unless it says otherwise. */
  readonly cgroups?: 1 | 2
  /** `--register-with-taints` */
  readonly taints: readonly core.Taint[]
}

/** Where the parts of one kubelet find each other: handed to every one of them. */
export interface KubeletParts {
  readonly node: string
  readonly user: User
  readonly kubelet: Address
  readonly apiserver: Address
  readonly runtime: Address
  readonly statusManager: Address
  readonly recorder: Address
  readonly imagePuller: Address
  readonly containerDeletor: Address
  readonly pleg: Address
  readonly hostIP: string
  readonly capacity: Readonly<Record<string, string>>
  /** When this kubelet began, in ms: its 1 s loops tick at whole seconds from there. */
  readonly since: number
}

/** What runs on the node of one pod, as the runtime last said it. Containers newest first. */
export interface Running {
  readonly sandboxes: readonly PodSandboxStatus[]
  readonly containers: readonly ContainerStatus[]
}

/** Nothing of the pod runs any more: what it used is free for others, while its worker waits for a relist to show it. */
export interface PodStopped {
  readonly type: 'pod.stopped'
  readonly key: string
  readonly uid: string
}

/** What a pod worker is told at birth (machine `pod-worker`). */
export interface PodWorkerInput {
  readonly parts: KubeletParts
  readonly pod: Pod
  /** Why the kubelet cannot take the pod: it is marked Failed and never started. */
  readonly rejection: Rejection | undefined
  /** What is found running of it after a restart of the kubelet. */
  readonly found: Running
  /** The API knows nothing of it: what runs is killed. */
  readonly orphan?: true
}
/** lifecycle.PodAdmitResult: `OutOfcpu`, `Node didn't have enough resource: cpu, requested: 100000, used: 0, capacity: 2000` */
export interface Rejection {
  readonly reason: string
  readonly message: string
}
/** The API's copy of the pod changed: spec, metadata, or a part of its status that others write. */
export interface PodUpdated {
  readonly type: 'pod.updated'
  readonly pod: Pod
}
/** The pod is gone from the API: what runs of it must end. */
export interface PodRemoved {
  readonly type: 'pod.removed'
}
/** Told to the kubelet: nothing of the pod runs any more, so that its resources are free. */
export interface PodTerminated {
  readonly type: 'pod.terminated'
  readonly key: string
  readonly uid: string
}

/** A worker wants to see the runtime as it is after the next relist (podCache.GetNewerThan). */
export interface RelistAwaited {
  readonly type: 'relist.awaited'
}
/** A relist has happened; `changed` is what it found changed of this pod since the last one: possibly nothing. */
export interface PodRelisted {
  readonly type: 'pod.relisted'
  readonly changed: Running
  /** Everything that there is of the pod: what is not in it is gone. After the runtime was out of reach. */
  readonly whole?: true
}
/** Told to the kubelet after (re)connecting to the runtime: everything that it holds, by the pod's uid. */
export interface RuntimeListed {
  readonly type: 'runtime.listed'
  readonly sandboxes: readonly PodSandboxStatus[]
  readonly containers: readonly ContainerStatus[]
}
/** Whether the runtime answers; told to the kubelet and by it to the node's status. */
export interface RuntimeReadiness {
  readonly type: 'runtime.readiness'
  /** Empty when ready; else as in the Ready condition: `container runtime is down`. */
  readonly problems: readonly string[]
}

/** The API no longer knows how the node is: the node life cycle controller heard nothing for too long. */
export interface NodeDoubted {
  readonly type: 'node.doubted'
  /** As they stand in the API. */
  readonly conditions: readonly core.NodeCondition[]
}

/** A question to the image puller: pull it, after those that others asked for. */
export interface ImageWanted {
  readonly type: 'image.wanted'
  readonly image: string
}
export interface ImagePulled {
  readonly type: 'image.pulled'
  readonly image: Image
  readonly pullMs: number
}
export interface ImagePullFailed {
  readonly type: 'image.pullFailed'
  readonly error: string
}

/** Told to the container deletor: these exited containers and stopped sandboxes are of no more use. */
export interface RemainsUnwanted {
  readonly type: 'remains.unwanted'
  readonly containers: readonly string[]
  readonly sandboxes: readonly string[]
}

/** What a container killer is told at birth (machine `container-killer`). */
export interface ContainerKillerInput {
  readonly parts: KubeletParts
  readonly worker: Address
  readonly pod: Pod
  readonly name: string
  readonly containerId: string
  readonly podIP: string
  readonly graceSeconds: number
  /** Sidecars end after these: names of containers whose killers say `container.killed` first. */
  readonly after: readonly string[]
}
/** Told to the worker and by it to the killers that wait. */
export interface ContainerKilled {
  readonly type: 'container.killed'
  readonly name: string
}

export type ProbeKind = 'liveness' | 'readiness' | 'startup'
export type ProbeResult = 'success' | 'failure'
/** What a probe worker is told at birth (machine `probe-worker`). */
export interface ProbeWorkerInput {
  readonly parts: KubeletParts
  readonly worker: Address
  readonly pod: Pod
  readonly container: core.Container
  readonly kind: ProbeKind
}
/** The status of its container, as the worker last wrote it. Undefined when there is none yet. */
export interface ContainerSeen {
  readonly type: 'container.seen'
  readonly status: core.ContainerStatus | undefined
  readonly podIP: string
  /** Probe now and not at the next tick: the worker looked for a result and found none (manualTriggerCh). */
  readonly trigger: boolean
  /** The pod is being deleted: liveness and startup no longer matter. */
  readonly deleting: boolean
}
export interface ProbeResulted {
  readonly type: 'probe.resulted'
  readonly containerId: string
  readonly kind: ProbeKind
  readonly result: ProbeResult
}

/** Told to the status manager. A later one of the same pod replaces it. */
export interface StatusSet {
  readonly type: 'status.set'
  readonly pod: Pod
  readonly status: core.PodStatus
  /** Containers of it may still run: a terminal phase is not told yet (PodCouldHaveRunningContainers). */
  readonly mayRun: boolean
  /** All is over: the pod may be deleted from the API once this is written (TerminatePod). */
  readonly finished: boolean
}
/** Told to the status manager: what the API says of a pod now, whoever wrote it. */
export interface StatusShown {
  readonly type: 'status.shown'
  readonly key: string
  readonly pod: Pod
}
/** Told to the status manager: the pod is gone from the API; forget it. */
export interface StatusForgotten {
  readonly type: 'status.forgotten'
  readonly key: string
}
