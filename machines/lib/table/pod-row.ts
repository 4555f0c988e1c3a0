/** The row of a pod: READY, STATUS and RESTARTS are found out from its containers (printPod). */
import type { core, Pod } from '../../protocol/objects.ts'
import { parseTime } from '../time.ts'
import { age } from './age.ts'
import type { Cell, RowCondition } from './rows.ts'

const NONE = '<none>'

export function podCells(pod: Pod, now: number): readonly Cell[] {
  const { metadata, spec, status } = pod
  const sidecars = (spec.initContainers ?? []).filter(isSidecar).length
  const { ready, reason, restarts, lastRestart } = seen(pod)
  const restarted = restarts !== 0 && lastRestart !== undefined
  return [
    metadata.name,
    `${ready}/${spec.containers.length + sidecars}`,
    reason,
    restarted ? `${restarts} (${age(lastRestart, now)} ago)` : String(restarts),
    age(metadata.creationTimestamp, now),
    status?.podIPs?.[0]?.ip || NONE,
    spec.nodeName || NONE,
    status?.nominatedNodeName || NONE,
    readinessGates(pod),
  ]
}

/** What marks the row of a pod that has ended: such rows are left out where a client asks so. */
export function podConditions({ status }: Pod): readonly RowCondition[] | undefined {
  const phase = status?.phase ?? ''
  const message = ENDED[phase]
  return message === undefined ? undefined : [{ type: 'Completed', status: 'True', reason: phase, message }]
}
const ENDED: Readonly<Record<string, string>> = {
  Succeeded: 'The pod has completed successfully.',
  Failed: 'The pod failed.',
}

const isSidecar = ({ restartPolicy }: { readonly restartPolicy?: string }): boolean => restartPolicy === 'Always'

interface Seen {
  readonly ready: number
  readonly reason: string
  readonly restarts: number
  readonly lastRestart: string | undefined
}

function seen(pod: Pod): Seen {
  const { status } = pod
  const gated = status?.conditions?.some(({ type, reason }) => type === 'PodScheduled' && reason === 'SchedulingGated')
  const first = gated === true ? 'SchedulingGated' : status?.reason || status?.phase || ''
  const init = initialized(pod, first)
  const initializing = init.initializing && !hasCondition(pod, 'Initialized')
  const found = initializing ? init : running(pod, init)
  return { ...found, reason: deleted(pod) ?? found.reason }
}

const hasCondition = ({ status }: Pod, wanted: string): boolean =>
  status?.conditions?.find(({ type }) => type === wanted)?.status === 'True'

/** A pod on its way out, unless it has ended. */
function deleted({ metadata, status }: Pod): string | undefined {
  if (metadata.deletionTimestamp === undefined) return undefined
  if (status?.reason === 'NodeLost') return 'Unknown'
  return status?.phase === 'Succeeded' || status?.phase === 'Failed' ? undefined : 'Terminating'
}

interface Init extends Seen {
  readonly initializing: boolean
  readonly sidecarRestarts: number
  readonly sidecarLastRestart: string | undefined
}

/** The first init container that is not done says what the pod is at. */
function initialized({ spec, status }: Pod, first: string): Init {
  const total = spec.initContainers?.length ?? 0
  let found = { ready: 0, reason: first, restarts: 0, lastRestart: undefined as string | undefined }
  let [sidecarRestarts, sidecarLastRestart] = [0, undefined as string | undefined]
  for (const [i, container] of (status?.initContainerStatuses ?? []).entries()) {
    found = {
      ...found,
      restarts: found.restarts + container.restartCount,
      lastRestart: later(found.lastRestart, container),
    }
    const sidecar = isSidecar(spec.initContainers?.find(({ name }) => name === container.name) ?? {})
    if (sidecar) {
      sidecarRestarts += container.restartCount
      sidecarLastRestart = later(sidecarLastRestart, container)
    }
    if (container.state?.terminated?.exitCode === 0) continue
    if (sidecar && container.started === true) {
      found = { ...found, ready: found.ready + (container.ready ? 1 : 0) }
      continue
    }
    const reason = initReason(container, i, total)
    return { ...found, reason, initializing: true, sidecarRestarts, sidecarLastRestart }
  }
  return { ...found, initializing: false, sidecarRestarts, sidecarLastRestart }
}

function initReason({ state }: core.ContainerStatus, at: number, total: number): string {
  const { terminated, waiting } = state ?? {}
  if (terminated !== undefined) return `Init:${terminated.reason || exit(terminated)}`
  if (waiting?.reason !== undefined && waiting.reason !== '' && waiting.reason !== 'PodInitializing')
    return `Init:${waiting.reason}`
  return `Init:${at}/${total}`
}

const exit = ({ signal, exitCode }: core.ContainerStateTerminated): string =>
  signal !== undefined && signal !== 0 ? `Signal:${signal}` : `ExitCode:${exitCode}`

/** When a container last ended: the later of the two. */
function later(known: string | undefined, { lastState }: core.ContainerStatus): string | undefined {
  const ended = lastState?.terminated?.finishedAt as string | undefined
  if (ended === undefined || ended === null) return known
  return known === undefined || parseTime(known) < parseTime(ended) ? ended : known
}

/** The first container that has something to say wins: they are looked at from the last. */
function running(pod: Pod, init: Init): Seen {
  let { ready, reason } = init
  let [restarts, lastRestart] = [init.sidecarRestarts, init.sidecarLastRestart]
  let hasRunning = false
  for (const container of [...(pod.status?.containerStatuses ?? [])].reverse()) {
    restarts += container.restartCount
    lastRestart = later(lastRestart, container)
    const said = reasonOf(container)
    if (said !== undefined) reason = said
    else if (container.ready && container.state?.running !== undefined) {
      hasRunning = true
      ready++
    }
  }
  if (reason === 'Completed' && hasRunning) reason = hasCondition(pod, 'Ready') ? 'Running' : 'NotReady'
  return { ready, reason, restarts, lastRestart }
}

function reasonOf({ state }: core.ContainerStatus): string | undefined {
  const { waiting, terminated } = state ?? {}
  if (waiting?.reason) return waiting.reason
  return terminated === undefined ? undefined : terminated.reason || exit(terminated)
}

function readinessGates({ spec, status }: Pod): string {
  const gates = spec.readinessGates ?? []
  if (gates.length === 0) return NONE
  const met = gates.filter(
    ({ conditionType }) => status?.conditions?.find(({ type }) => type === conditionType)?.status === 'True',
  )
  return `${met.length}/${gates.length}`
}
