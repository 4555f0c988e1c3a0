/**
 * What a container runtime and the containers it started say to each other, and how scenarios tell what an image does.
 * A container outlives its runtime, so everything that the runtime must know it can ask again (`container.inspect`).
 */
import type { Address } from '../../runtime/contract.ts'
import type { Tree } from '../../runtime/tree.ts'
import type { ContainerConfig, ContainerResources, Mount } from './cri.ts'

/**
 * What an image does. All fields but `image` are optional: what is not told is taken from the next one that fits, and at
 * last from the default (runs for ever, is ready at once, serves everything, ends with 0 on SIGTERM).
 *
 * ```ts
 * { image: 'shop/api:*', sizeBytes: 80e6, readyAfterMs: 5_000 }            // five seconds until it answers
 * { image: 'shop/api:v2', exits: { afterMs: 3_000, code: 1 } }             // crashes after three seconds
 * { image: '*', command: '*migrate*', exits: { afterMs: 9_000, code: 0 } } // whatever runs `… migrate …`
 * { image: 'shop/web:*', onTerm: 'ignored', health: [{ afterMs: 60_000, is: 'failing' }] }
 * { image: 'shop/typo:*', pull: 'missing' }
 * ```
 */
export interface Behaviour {
  /** `*` and `?` are wildcards; held against the name as the pod writes it and the full one (`docker.io/library/…`). */
  readonly image: string
  /** Held against the command and its arguments, joined by blanks. */
  readonly command?: string
  /** What a registry sends: how large it is, how it answers, how long it takes (by size and bandwidth when not told). */
  readonly sizeBytes?: number
  readonly pullMs?: number
  readonly pull?: PullOutcome
  /** On the node before anything is pulled. */
  readonly preloaded?: boolean
  /** The user of the image's configuration, for `runAsNonRoot`; a name is no number. */
  readonly user?: number | string
  /** What it runs when the pod tells no command, when that is a script. */
  readonly entrypoint?: readonly string[]
  /** A base image: holds the usual tools and nothing else, so that any other command cannot be started. */
  readonly toolsOnly?: boolean
  readonly startMs?: number
  readonly readyAfterMs?: number
  readonly exits?: { readonly afterMs: number; readonly code: number; readonly oomKilled?: boolean }
  readonly logs?: readonly { readonly afterMs: number; readonly text: string; readonly stream?: 'stdout' | 'stderr' }[]
  /** The ports it listens on; every port when not told. Paths that are not told answer `status`, or 200. */
  readonly serves?: readonly ServedPort[]
  readonly onTerm?: 'ignored' | { readonly afterMs: number; readonly code: number }
  /** From so long after the start on; the last one that has begun holds. */
  readonly health?: readonly { readonly afterMs: number; readonly is: Health }[]
  /** What it uses while it runs. */
  readonly memoryBytes?: number
  readonly cpuMillis?: number
  /** How long one HTTP request takes. */
  readonly requestMs?: number
}
export interface ServedPort {
  readonly port: number
  readonly status?: number
  readonly paths?: Readonly<Record<string, number>>
}
/** `failing`: HTTP 500, exec 1, NOT_SERVING. `silent`: takes connections and never answers. `deaf`: refuses them. */
export type Health = 'well' | 'failing' | 'silent' | 'deaf'
/** How a registry answers: 404, 401, 403, 500; nobody listens; no such name; `flaky` 404 twice, then well. */
export type PullOutcome = 'well' | 'missing' | 'private' | 'denied' | 'broken' | 'refused' | 'unknown host' | 'flaky'

/** What a container is told at birth (machine `container`). */
export interface ContainerInput {
  readonly runtime: Address
  readonly id: string
  readonly podUid: string
  readonly hostname: string
  readonly config: ContainerConfig
  /** The image's full name. */
  readonly image: string
  readonly behaviours: readonly Behaviour[]
  /** What containers of the pod have written to its volumes before. */
  readonly volumes: Readonly<Record<string, Tree<VolumeFile>>>
}

export interface ContainerStart {
  readonly type: 'container.start'
}
/** SIGTERM, and SIGKILL after so long. Another one begins anew. */
export interface ContainerStop {
  readonly type: 'container.stop'
  readonly graceMs: number
}
/** The runtime has taken note of the exit: nothing of the container is needed any more. Also ends one never started. */
export interface ContainerDelete {
  readonly type: 'container.delete'
}
/** A `call`, answered by `cri.answered` with an ExecResult, or `cri.failed`. */
export interface ContainerExecute {
  readonly type: 'container.execute'
  readonly command: readonly string[]
  /** 0: none. */
  readonly timeoutMs: number
}
/** A `call` of a runtime that came back, answered by `container.inspected`. */
export interface ContainerInspect {
  readonly type: 'container.inspect'
}
/** Files on a volume changed: told by the container that wrote to its runtime, and by that to all that mount it. */
export interface VolumeChanged {
  readonly type: 'volume.changed'
  readonly volume: string
  /** By path; `undefined` is gone. */
  readonly files: readonly { readonly path: string; readonly file: VolumeFile | undefined }[]
}
export interface VolumeFile {
  readonly kind: 'file' | 'directory'
  readonly content: string
  readonly size: number
}
/** The kubelet renewed what volumes hold. */
export interface MountsRenewed {
  readonly type: 'mounts.renewed'
  readonly mounts: readonly Mount[]
}
export interface LimitsChanged {
  readonly type: 'limits.changed'
  readonly resources: ContainerResources
}

export interface ContainerStarted {
  readonly type: 'container.started'
  readonly id: string
  readonly at: number
}
export interface ContainerExited extends Exit {
  readonly type: 'container.exited'
  readonly id: string
}
/** `startedAt` 0: it never ran, `message` says why. */
export interface Exit {
  readonly startedAt: number
  readonly finishedAt: number
  readonly exitCode: number
  readonly reason: 'Completed' | 'Error' | 'OOMKilled' | 'StartError'
  readonly message: string
  readonly terminationMessage: string
  readonly log: readonly LogLine[]
}
export interface ContainerInspected {
  readonly type: 'container.inspected'
  readonly id: string
  readonly state: 'CREATED' | 'RUNNING' | 'EXITED'
  readonly startedAt: number
  readonly exit?: Exit
}

/** A `call` to the runtime (by container id) or to the container itself, answered by `log.answered`. */
export interface LogRequest {
  readonly type: 'log.request'
  readonly containerId: string
}
export interface LogAnswered {
  readonly type: 'log.answered'
  readonly lines: readonly LogLine[]
}
export interface LogLine {
  readonly at: number
  readonly stream: 'stdout' | 'stderr'
  /** As written: whole lines end in a newline. */
  readonly text: string
}

/** What a pod sandbox is told at birth (machine `pod-sandbox`), and what it says. */
export interface PodSandboxInput {
  readonly runtime: Address
  readonly id: string
}
export interface SandboxReady {
  readonly type: 'sandbox.ready'
  readonly id: string
}
export interface SandboxStop {
  readonly type: 'sandbox.stop'
}
export interface SandboxStopped {
  readonly type: 'sandbox.stopped'
  readonly id: string
}
/** A `call` of a runtime that came back: answered by `sandbox.ready`. */
export interface SandboxInspect {
  readonly type: 'sandbox.inspect'
}
/** The node got the range of its pods' addresses: from now on pods can have a network. */
export interface CniConfigured {
  readonly type: 'cni.configured'
  readonly podCIDR: string
}
