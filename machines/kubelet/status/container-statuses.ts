/**
 * The statuses of a pod's containers: what the runtime says, what was said before, and why those that should run do not
 * (kubelet_pods.go, convertToAPIContainerStatuses; prober_manager.go, UpdatePodStatus).
 */
import { joined } from '../../lib/joined.ts'
import { rfc3339 } from '../../lib/time.ts'
import type { ContainerStatus } from '../../protocol/cri.ts'
import type { ProbeKind, ProbeResult, Running } from '../../protocol/kubelet.ts'
import type { core, Pod } from '../../protocol/objects.ts'
import { isDeleting, isSidecar, shouldRestart } from '../pod/restart.ts'

/** Why a container could not be started at the last attempt: `CrashLoopBackOff`, `back-off 10s restarting …`. */
export interface StartError {
  readonly reason: string
  readonly message: string
}
/** By container name (pkg/kubelet/reason_cache.go). */
export type StartErrors = Readonly<Record<string, StartError>>
/** By container id: what its probes last settled on. */
export type ProbeResults = Readonly<Record<string, Readonly<Partial<Record<ProbeKind, ProbeResult>>>>>

export interface Known {
  readonly pod: Pod
  readonly running: Running
  readonly old: core.PodStatus
  readonly startErrors: StartErrors
  readonly probes: ProbeResults
  /** Its probe workers are there; before that a probe that is only specified does not count. */
  readonly probing: boolean
}

export const idOf = (containerID: string | undefined): string => containerID?.replace('containerd://', '') ?? ''

/** Sorted by name. */
export function regularStatuses(known: Known): core.ContainerStatus[] {
  const statuses = known.pod.spec.containers.map((container) => regularStatus(container, known))
  return statuses.sort((a, b) => (a.name < b.name ? -1 : 1))
}
const regularStatus = (container: core.Container, known: Known): core.ContainerStatus =>
  probed(container, statusOf(container, known, known.old.containerStatuses, false), known, false)

/** In the order of the spec. */
export function initStatuses(known: Known): core.ContainerStatus[] {
  return (known.pod.spec.initContainers ?? []).map((container) =>
    probed(container, statusOf(container, known, known.old.initContainerStatuses, true), known, true),
  )
}

function statusOf(
  container: core.Container,
  known: Known,
  olds: readonly core.ContainerStatus[] | undefined,
  init: boolean,
): core.ContainerStatus {
  const old = olds?.find(({ name }) => name === container.name)
  const last = known.running.containers.filter(({ metadata }) => metadata.name === container.name)
  const status = last.length === 0 ? unseen(container, known.pod, old) : seen(container, last)
  return init && last[0]?.state === 'EXITED' && last[0].exitCode === 0 ? status : waitingFor(container, known, status)
}

/** The runtime knows nothing of it: it waits, or it was lost. */
function unseen(container: core.Container, pod: Pod, old: core.ContainerStatus | undefined): core.ContainerStatus {
  if (old?.state?.terminated !== undefined) return old
  const reason = (pod.spec.initContainers ?? []).length > 0 ? 'PodInitializing' : 'ContainerCreating'
  const lost = old?.state?.running !== undefined
  return joined(base(container), {
    restartCount: (old?.restartCount ?? 0) + (lost && !isDeleting(pod) ? 1 : 0),
    lastState: lost ? { terminated: LOST } : (old?.lastState ?? {}),
    state: { waiting: { reason } },
  })
}
const LOST: core.ContainerStateTerminated = {
  exitCode: 137,
  reason: 'ContainerStatusUnknown',
  message: 'The container could not be located when the pod was deleted.  The container used to be Running',
}

const base = (container: core.Container): core.ContainerStatus => ({
  name: container.name,
  image: container.image ?? '',
  imageID: '',
  lastState: {},
  ready: false,
  restartCount: 0,
  started: false,
  ...mountsOf(container),
})

function mountsOf({ volumeMounts = [] }: core.Container): Pick<core.ContainerStatus, 'volumeMounts'> {
  if (volumeMounts.length === 0) return {}
  return {
    volumeMounts: volumeMounts.map(({ name, mountPath, readOnly }) => ({
      name,
      mountPath,
      ...(readOnly === true ? { readOnly: true, recursiveReadOnly: 'Disabled' } : {}),
    })),
  }
}

/** `last`: its containers, newest first; the second one's end is the last state. */
function seen(container: core.Container, last: readonly ContainerStatus[]): core.ContainerStatus {
  const [current, previous] = last as [ContainerStatus, ContainerStatus?]
  return joined(base(container), {
    containerID: `containerd://${current.id}`,
    image: current.image,
    imageID: current.imageRef,
    restartCount: current.metadata.attempt,
    lastState: previous === undefined ? {} : stateOf(container, previous),
    state: stateOf(container, current),
  })
}

function stateOf(container: core.Container, status: ContainerStatus): core.ContainerState {
  if (status.state === 'RUNNING') return { running: { startedAt: rfc3339(status.startedAt) } }
  if (status.state !== 'EXITED') return { waiting: {} }
  const message = terminationMessage(container, status)
  return {
    terminated: {
      containerID: `containerd://${status.id}`,
      exitCode: status.exitCode,
      finishedAt: rfc3339(status.finishedAt),
      reason: status.reason,
      startedAt: rfc3339(status.startedAt),
      ...(message === '' ? {} : { message }),
    },
  }
}

/** kuberuntime_container.go, getTerminationMessage: the log's end speaks for a container that failed silently. */
function terminationMessage({ terminationMessagePolicy }: core.Container, status: ContainerStatus): string {
  const falls = terminationMessagePolicy === 'FallbackToLogsOnError' && status.exitCode !== 0
  const own = status.terminationMessage === '' && falls ? status.logTail : status.terminationMessage
  return [status.message, own].filter((text) => text !== '').join(': ')
}

/** A container that should run but could not be started waits, and says why. */
function waitingFor(container: core.Container, known: Known, status: core.ContainerStatus): core.ContainerStatus {
  const error = known.startErrors[container.name]
  if (error === undefined || !shouldRestart(container, known.pod, known.running)) return status
  const { reason, message } = error
  return {
    ...status,
    lastState:
      status.state?.terminated === undefined ? (status.lastState ?? {}) : { terminated: status.state.terminated },
    state: { waiting: message === '' ? { reason } : { message, reason } },
  }
}

/** Started and ready, by what the probes say. */
function probed(container: core.Container, status: core.ContainerStatus, { probes, probing }: Known, init: boolean) {
  const results = probes[idOf(status.containerID)] ?? {}
  const running = status.state?.running !== undefined
  const started = running && (!probing || container.startupProbe === undefined || results.startup === 'success')
  const ends = init && !isSidecar(container)
  const ready = ends
    ? status.state?.terminated?.exitCode === 0
    : started && (!probing || container.readinessProbe === undefined || results.readiness === 'success')
  return { ...status, started, ready }
}

/** Readiness is asked for but not known: the probe is to run at once. */
export function awaitsReadiness(
  container: core.Container,
  status: core.ContainerStatus,
  probes: ProbeResults,
): boolean {
  return (
    container.readinessProbe !== undefined &&
    status.started === true &&
    probes[idOf(status.containerID)]?.readiness !== 'success'
  )
}
