/** What one sync of a pod has to do (kuberuntime_manager.go, computePodActions and computeInitContainerActions). */
import type { ContainerStatus } from '../../protocol/cri.ts'
import type { Running } from '../../protocol/kubelet.ts'
import type { core, Pod } from '../../protocol/objects.ts'
import type { ProbeResults } from '../status/container-statuses.ts'
import { anyRegularCreated, isSidecar, newest, sandboxChange, shouldRestart } from './restart.ts'

export interface Kill {
  readonly name: string
  readonly containerId: string
  /** Of the Killing event; empty is `Stopping container …`. */
  readonly message: string
  /** Whose own grace period counts. */
  readonly by: 'liveness' | 'startup' | undefined
}
export interface Actions {
  /** Everything of the pod is killed, the sandbox too. */
  readonly killPod: boolean
  readonly createSandbox: boolean
  readonly attempt: number
  readonly kill: readonly Kill[]
  /** Names, in the order in which they are started: init containers first. */
  readonly start: readonly string[]
}

export function actionsFor(pod: Pod, running: Running, probes: ProbeResults): Actions {
  const { changed, attempt } = sandboxChange(running)
  return changed ? anew(pod, running, attempt) : further(pod, running, probes, attempt)
}

/** A sandbox is to be made: everything begins from the start, unless there is nothing left to do. */
function anew(pod: Pod, running: Running, attempt: number): Actions {
  const nothing: Actions = { killPod: true, createSandbox: false, attempt, kill: [], start: [] }
  const never = pod.spec.restartPolicy === 'Never'
  if (never && attempt !== 0 && running.containers.length > 0) return nothing
  const toStart = pod.spec.containers.filter(
    ({ name }) => pod.spec.restartPolicy !== 'OnFailure' || !succeeded(newest(running, name)),
  )
  if (toStart.length === 0 && anyRegularCreated(pod, running)) return nothing
  const first = pod.spec.initContainers?.[0]
  const start = first === undefined ? toStart.map(({ name }) => name) : [first.name]
  return { ...nothing, createSandbox: true, start }
}
const succeeded = (status: ContainerStatus | undefined): boolean => status?.state === 'EXITED' && status.exitCode === 0

/** The sandbox stands. */
function further(pod: Pod, running: Running, probes: ProbeResults, attempt: number): Actions {
  const init = initActions(pod, running, probes)
  const soFar: Actions = { killPod: init.killPod, createSandbox: false, attempt, kill: init.kill, start: init.start }
  if (init.killPod || !init.initialized) return soFar
  const verdicts = pod.spec.containers.map((container) => verdictOn(container, pod, running, probes))
  const kept = verdicts.filter(({ keep }) => keep)
  const start = verdicts.flatMap(({ start, name }) => (start ? [name] : []))
  if (kept.length === 0 && start.length === 0) return { ...soFar, killPod: true, start: [] }
  return {
    ...soFar,
    kill: [...soFar.kill, ...verdicts.flatMap(({ kill }) => (kill === undefined ? [] : [kill]))],
    start: [...soFar.start, ...start],
  }
}

interface Verdict {
  readonly name: string
  readonly keep: boolean
  readonly start: boolean
  readonly kill: Kill | undefined
}
function verdictOn(container: core.Container, pod: Pod, running: Running, probes: ProbeResults): Verdict {
  const { name } = container
  const last = newest(running, name)
  if (last?.state !== 'RUNNING') {
    return { name, keep: false, start: shouldRestart(container, pod, running), kill: undefined }
  }
  const by = failedProbe(last, probes)
  if (by === undefined) return { name, keep: true, start: false, kill: undefined }
  const restarts = pod.spec.restartPolicy !== 'Never'
  const message = `Container ${name} failed ${by} probe${restarts ? ', will be restarted' : ''}`
  return { name, keep: false, start: restarts, kill: { name, containerId: last.id, message, by } }
}

function failedProbe({ id }: ContainerStatus, probes: ProbeResults): Kill['by'] {
  if (probes[id]?.liveness === 'failure') return 'liveness'
  return probes[id]?.startup === 'failure' ? 'startup' : undefined
}

interface InitActions {
  readonly initialized: boolean
  readonly killPod: boolean
  readonly kill: readonly Kill[]
  readonly start: readonly string[]
}
const DONE: InitActions = { initialized: true, killPod: false, kill: [], start: [] }

/**
 * From the last init container of which there is a trace: it is waited for, restarted, or followed by the next one.
 * Sidecars before it are kept running, all of them also once the pod is initialized.
 */
function initActions(pod: Pod, running: Running, probes: ProbeResults): InitActions {
  const init = pod.spec.initContainers ?? []
  if (init.length === 0) return DONE
  const before = anyRegularCreated(pod, running)
  const reached = before ? init.length : init.findLastIndex(({ name }) => newest(running, name) !== undefined)
  if (reached === -1) return { ...DONE, initialized: false, start: [(init[0] as core.Container).name] }
  const kept = init
    .slice(0, reached)
    .filter(isSidecar)
    .map((sidecar) => sidecarActions(sidecar, running, probes))
  const here = before ? DONE : initStep(pod, init, reached, running, probes)
  if (here.killPod) return here
  return {
    ...here,
    kill: [...kept.flatMap(({ kill }) => kill), ...here.kill],
    start: [...kept.flatMap(({ start }) => start), ...here.start],
  }
}

/** The init container that the pod has come to. */
function initStep(
  pod: Pod,
  init: readonly core.Container[],
  at: number,
  running: Running,
  probes: ProbeResults,
): InitActions {
  const container = init[at] as core.Container
  const waiting: InitActions = { ...DONE, initialized: false }
  const next = init[at + 1]
  const passed: InitActions = next === undefined ? DONE : { ...waiting, start: [next.name] }
  const status = newest(running, container.name) as ContainerStatus
  if (isSidecar(container)) {
    const actions = sidecarActions(container, running, probes)
    if (actions.start.length > 0) return { ...waiting, ...actions }
    return isUp(container, status, probes) ? passed : waiting
  }
  if (status.state === 'RUNNING') return waiting
  if (succeeded(status)) return passed
  const fails = status.state === 'EXITED' && pod.spec.restartPolicy === 'Never'
  return fails ? { ...waiting, killPod: true } : { ...waiting, start: [container.name] }
}

const isUp = ({ startupProbe }: core.Container, { id, state }: ContainerStatus, probes: ProbeResults): boolean =>
  state === 'RUNNING' && (startupProbe === undefined || probes[id]?.startup === 'success')

function sidecarActions(
  sidecar: core.Container,
  running: Running,
  probes: ProbeResults,
): Pick<Actions, 'kill' | 'start'> {
  const { name } = sidecar
  const last = newest(running, name)
  if (last?.state !== 'RUNNING') return { kill: [], start: [name] }
  const by = failedProbe(last, probes)
  if (by === undefined) return { kill: [], start: [] }
  return {
    kill: [{ name, containerId: last.id, message: `Init container ${name} failed ${by} probe`, by }],
    start: [name],
  }
}

/** Everything that runs, for a pod that ends: the regular containers at once, sidecars from the last to the first. */
export function killAll(pod: Pod, running: Running): Kill[] {
  const order = [...(pod.spec.initContainers ?? []), ...pod.spec.containers].map(({ name }) => name)
  return running.containers
    .filter(({ state }) => state === 'RUNNING')
    .map(({ id, metadata }) => ({ name: metadata.name, containerId: id, message: '', by: undefined }))
    .sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name))
}
/** Those that end before this one: a sidecar waits for all regular containers and for the sidecars after it. */
export function endsAfter(pod: Pod, name: string, kills: readonly Kill[]): string[] {
  const init = pod.spec.initContainers ?? []
  const place = init.findIndex((container) => container.name === name)
  if (place < 0 || !isSidecar(init[place] as core.Container)) return []
  const later = [...pod.spec.containers, ...init.slice(place + 1)].map((container) => container.name)
  return kills.map((kill) => kill.name).filter((other) => later.includes(other))
}
