/**
 * The conversation between a kubelet and its container runtime, under the names of the Container Runtime Interface
 * (k8s.io/cri-api, runtime.v1). Every question is a `call` of `cri.request` to `containerd/<node>`, told apart by
 * `call`, and answered by `cri.answered` (its reply in the shape of the request) or `cri.failed`.
 *
 * Two things are folded, to save messages: `RunPodSandbox` answers the pod's IPs too (PodSandboxStatus), and lists answer
 * full statuses (ContainerStatus, PodSandboxStatus of each). Times are ms since the epoch.
 */

/** `k8s.io/<name>` of a sandbox: `attempt` counts the sandboxes of one pod, from 0. */
export interface PodSandboxMetadata {
  readonly name: string
  readonly namespace: string
  readonly uid: string
  readonly attempt: number
}
export interface PodSandboxConfig {
  readonly metadata: PodSandboxMetadata
  readonly hostname: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  /** The pod shares the network of its node: it gets the node's IP and no CNI call. */
  readonly hostNetwork: boolean
  readonly runtimeHandler: string
  readonly portMappings: readonly PortMapping[]
}
export interface PortMapping {
  readonly protocol: 'TCP' | 'UDP' | 'SCTP'
  readonly containerPort: number
  readonly hostPort: number
  readonly hostIp: string
}

/** Makes the pause container and the network. Reply: `PodSandboxRun`. Fails with the CNI plugin's or containerd's text. */
export interface RunPodSandbox {
  readonly type: 'cri.request'
  readonly call: 'RunPodSandbox'
  readonly config: PodSandboxConfig
}
/** Kills what still runs in it and takes the network down (CNI DEL). Idempotent: unknown ids succeed. Reply: empty. */
export interface StopPodSandbox {
  readonly type: 'cri.request'
  readonly call: 'StopPodSandbox'
  readonly podSandboxId: string
}
/** Removes a sandbox and all its containers. Idempotent. Reply: empty. */
export interface RemovePodSandbox {
  readonly type: 'cri.request'
  readonly call: 'RemovePodSandbox'
  readonly podSandboxId: string
}
/** Reply: `{ sandboxes: PodSandboxStatus[] }`. */
export interface ListPodSandbox {
  readonly type: 'cri.request'
  readonly call: 'ListPodSandbox'
}

/** Reply: `{ image: Image | undefined }`; undefined when it is not on the node. */
export interface ImageStatus {
  readonly type: 'cri.request'
  readonly call: 'ImageStatus'
  readonly image: string
}
/** Reply: `{ images: Image[] }`. */
export interface ListImages {
  readonly type: 'cri.request'
  readonly call: 'ListImages'
}
/** Takes the image's pull time. Reply: `{ image: Image }` (PullImage, then ImageStatus). Fails with the registry's text. */
export interface PullImage {
  readonly type: 'cri.request'
  readonly call: 'PullImage'
  readonly image: string
}
/** Reply: empty. */
export interface RemoveImage {
  readonly type: 'cri.request'
  readonly call: 'RemoveImage'
  readonly image: string
}

/** `attempt` counts the containers of one name in one pod, from 0: the restart count. */
export interface ContainerMetadata {
  readonly name: string
  readonly attempt: number
}
export interface ContainerConfig {
  readonly metadata: ContainerMetadata
  /** As the pod names it: `nginx:1.27`. */
  readonly image: string
  /** Entrypoint and arguments with `$(VAR)` already expanded; absent means the image's own. */
  readonly command?: readonly string[]
  readonly args?: readonly string[]
  readonly workingDir?: string
  /** In order, all sources resolved. */
  readonly envs: readonly KeyValuePair[]
  readonly mounts: readonly Mount[]
  readonly ports: readonly { readonly containerPort: number; readonly protocol?: string; readonly name?: string }[]
  /** The container's `resources`, as in the pod. */
  readonly resources: ContainerResources
  readonly labels: Readonly<Record<string, string>>
  /** The pod's annotations too: a scenario may tell a behaviour there. */
  readonly annotations: Readonly<Record<string, string>>
  /** The container's `securityContext` merged over the pod's, for what a behaviour may want to know. */
  readonly runAsUser?: number
  /** `terminationMessagePath`, default /dev/termination-log. */
  readonly terminationMessagePath: string
  readonly stdin?: boolean
  readonly tty?: boolean
}
export interface KeyValuePair {
  readonly key: string
  readonly value: string
}
/** `files`: what the volume holds, by relative path, when the kubelet knows it (ConfigMap, Secret, downward API, token). */
export interface Mount {
  readonly volume: string
  readonly containerPath: string
  readonly subPath?: string
  readonly readonly: boolean
  readonly files?: Readonly<Record<string, string>>
}
export interface ContainerResources {
  readonly requests?: Readonly<Record<string, string>>
  readonly limits?: Readonly<Record<string, string>>
}

/** Reply: `{ containerId }`: 64 hexadecimal digits, without `containerd://`. */
export interface CreateContainer {
  readonly type: 'cri.request'
  readonly call: 'CreateContainer'
  readonly podSandboxId: string
  readonly config: ContainerConfig
}
/** Reply: empty, once its process runs. Fails as runc does (`… exec: "x": executable file not found in $PATH: unknown`). */
export interface StartContainer {
  readonly type: 'cri.request'
  readonly call: 'StartContainer'
  readonly containerId: string
}
/** SIGTERM (or the image's stop signal), SIGKILL after the time-out. Answered, empty, once it has exited. Idempotent. */
export interface StopContainer {
  readonly type: 'cri.request'
  readonly call: 'StopContainer'
  readonly containerId: string
  readonly timeoutSeconds: number
}
/** Reply: empty. Idempotent. Its log goes with it. */
export interface RemoveContainer {
  readonly type: 'cri.request'
  readonly call: 'RemoveContainer'
  readonly containerId: string
}
/** Reply: `{ containers: ContainerStatus[] }`, of all states; of one pod only when it is named. */
export interface ListContainers {
  readonly type: 'cri.request'
  readonly call: 'ListContainers'
  readonly podUid?: string
}
/** Reply: `{ container: ContainerStatus }`; NotFound fails. */
export interface ContainerStatusRequest {
  readonly type: 'cri.request'
  readonly call: 'ContainerStatus'
  readonly containerId: string
}
/**
 * Runs a command in a container and waits for it: exec probes and hooks. Reply: `ExecResult`. Fails when the command
 * cannot be started or the time-out (0: none) passes: the error then is `DeadlineExceeded`'s text.
 */
export interface ExecSync {
  readonly type: 'cri.request'
  readonly call: 'ExecSync'
  readonly containerId: string
  readonly command: readonly string[]
  readonly timeoutSeconds: number
}
/** New limits for a running container (in-place resize). Reply: empty. */
export interface UpdateContainerResources {
  readonly type: 'cri.request'
  readonly call: 'UpdateContainerResources'
  readonly containerId: string
  readonly resources: ContainerResources
}
/** The files mounted into a running container changed. Not CRI's: a real kubelet writes them under the mount itself. */
export interface MountsChanged {
  readonly type: 'cri.request'
  readonly call: 'MountsChanged'
  readonly containerId: string
  readonly mounts: readonly Mount[]
}
/** Whether the runtime and its network plugin are ready. Reply: `{ conditions }` of types RuntimeReady and NetworkReady. */
export interface StatusRequest {
  readonly type: 'cri.request'
  readonly call: 'Status'
}
export interface RuntimeCondition {
  readonly type: 'RuntimeReady' | 'NetworkReady'
  readonly status: boolean
  /** `NetworkPluginNotReady` */
  readonly reason: string
  /** `Network plugin returns error: cni plugin not initialized` */
  readonly message: string
}
/** Opened with `stream`: the runtime pushes `cri.events` under it until the kubelet hangs up or dies. */
export interface GetContainerEvents {
  readonly type: 'cri.request'
  readonly call: 'GetContainerEvents'
}

export type CriRequest =
  | RunPodSandbox
  | StopPodSandbox
  | RemovePodSandbox
  | ListPodSandbox
  | ImageStatus
  | ListImages
  | PullImage
  | RemoveImage
  | CreateContainer
  | StartContainer
  | StopContainer
  | RemoveContainer
  | ListContainers
  | ContainerStatusRequest
  | ExecSync
  | UpdateContainerResources
  | MountsChanged
  | StatusRequest
  | GetContainerEvents

export interface PodSandboxRun {
  readonly podSandboxId: string
  /** First the primary one; the node's own with `hostNetwork`. */
  readonly ips: readonly string[]
}
export interface PodSandboxStatus {
  readonly id: string
  readonly metadata: PodSandboxMetadata
  /** NOTREADY: stopped, or its pause process is gone. */
  readonly state: 'READY' | 'NOTREADY'
  readonly createdAt: number
  readonly ips: readonly string[]
}
export interface Image {
  /** `sha256:…` of the image's configuration. */
  readonly id: string
  /** What a container's status shows as `imageID`: the digest form `docker.io/library/nginx@sha256:…`, or the id. */
  readonly imageRef: string
  /** Names it is known under, full form: `docker.io/library/nginx:1.27`. The first is the status' `image`. */
  readonly repoTags: readonly string[]
  readonly sizeBytes: number
  /** The user of the image's configuration, for `runAsNonRoot`: a number or a name; root when absent. */
  readonly user?: string
}
export interface ContainerStatus {
  readonly id: string
  readonly podSandboxId: string
  /** The pod's name, namespace and uid, as the labels `io.kubernetes.pod.*` say, and the attempt of its sandbox. */
  readonly pod: PodSandboxMetadata
  readonly metadata: ContainerMetadata
  readonly state: 'CREATED' | 'RUNNING' | 'EXITED' | 'UNKNOWN'
  readonly createdAt: number
  readonly startedAt: number
  readonly finishedAt: number
  readonly exitCode: number
  /** `Completed`, `Error`, `OOMKilled`, `StartError` … of an exited one. */
  readonly reason: string
  /** Why it could not start; else empty. */
  readonly message: string
  /** Full form of the image's name, and its `imageRef`. */
  readonly image: string
  readonly imageRef: string
  /** What the container wrote to its terminationMessagePath; empty when nothing. */
  readonly terminationMessage: string
  /** The end of its log (80 lines, 2,048 bytes), for `FallbackToLogsOnError`. */
  readonly logTail: string
}
export interface ExecResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

export type CriReply =
  | PodSandboxRun
  | { readonly sandboxes: readonly PodSandboxStatus[] }
  | { readonly image: Image | undefined }
  | { readonly images: readonly Image[] }
  | { readonly containerId: string }
  | { readonly containers: readonly ContainerStatus[] }
  | { readonly container: ContainerStatus }
  | { readonly conditions: readonly RuntimeCondition[] }
  | ExecResult
  | Record<string, never>

export interface CriAnswered {
  readonly type: 'cri.answered'
  readonly reply: CriReply
}
/** `code` is gRPC's (`NotFound`, `DeadlineExceeded`, `Unknown`, `Unavailable`); `error` the runtime's own text. */
export interface CriFailed {
  readonly type: 'cri.failed'
  readonly code: string
  readonly error: string
}

/** Pushed under a GetContainerEvents stream when a container started or exited, or a sandbox's state changed. */
export interface CriEvents {
  readonly type: 'cri.events'
  readonly events: readonly ContainerEvent[]
}
export interface ContainerEvent {
  readonly kind: 'CONTAINER_STARTED_EVENT' | 'CONTAINER_STOPPED_EVENT' | 'CONTAINER_DELETED_EVENT'
  /** Of the sandbox: says which pod it is about. */
  readonly pod: PodSandboxMetadata
  /** Present when it is a container's. */
  readonly container?: ContainerStatus
  /** Present when it is a sandbox's: READY after start, NOTREADY after stop or the death of its pause process. */
  readonly sandbox?: PodSandboxStatus
}

/**
 * The kubelet dials into the pod: a `call` to `container/<node>/<container id>`, answered by `probe.answered`. A
 * container that does not listen on the port answers `error: 'connection refused'`; silence is a time-out.
 */
export interface ProbeRequest {
  readonly type: 'probe.request'
  readonly kind: 'http' | 'tcp' | 'grpc'
  readonly port: number
  /** Of an HTTP request; `/` when not told. */
  readonly path?: string
  readonly scheme?: 'HTTP' | 'HTTPS'
  readonly host?: string
  readonly headers?: readonly { readonly name: string; readonly value: string }[]
  /** Of a gRPC health check. */
  readonly service?: string
}
export interface ProbeAnswered {
  readonly type: 'probe.answered'
  /** The HTTP status code. */
  readonly statusCode?: number
  readonly body?: string
  /** The gRPC health status: SERVING succeeds. */
  readonly serving?: 'SERVING' | 'NOT_SERVING' | 'SERVICE_UNKNOWN' | 'UNIMPLEMENTED'
  /** What came of the dial when it failed: `connection refused`, `connection reset by peer`, `EOF`. */
  readonly error?: string
}
