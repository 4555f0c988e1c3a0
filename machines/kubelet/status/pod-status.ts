/** The status of a pod as its kubelet writes it (kubelet_pods.go, generateAPIPodStatus; status_manager.go). */
import { joined } from '../../lib/joined.ts'
import { rfc3339 } from '../../lib/time.ts'
import type { core, Pod } from '../../protocol/objects.ts'
import { sandboxChange } from '../pod/restart.ts'
import { conditionsOf, containersReady, isOurs, ready } from './conditions.ts'
import { initStatuses, type Known, regularStatuses } from './container-statuses.ts'
import { isTerminal, phaseOf } from './phase.ts'

export interface Facts extends Known {
  readonly hostIP: string
  readonly ending: boolean
  /** Someone ended the pod for a reason: `DeadlineExceeded`. */
  readonly verdict: { readonly reason: string; readonly message: string } | undefined
}

export function podStatus(facts: Facts, at: number): core.PodStatus {
  const { pod, old } = facts
  const containerStatuses = regularStatuses(facts)
  const initContainerStatuses = initStatuses(facts)
  const all = [...initContainerStatuses, ...containerStatuses]
  const phase = phaseKept(facts, phaseOf(pod, all, facts.ending))
  const others = (pod.status?.conditions ?? []).filter((condition) => !isOurs(condition))
  const conditions = [...others, ...conditionsOf(pod, all, phase, !sandboxChange(facts.running).changed, others)]
  const status: core.PodStatus = {
    phase,
    conditions,
    ...reasonsOf(facts, phase),
    hostIP: facts.hostIP,
    hostIPs: [{ ip: facts.hostIP }],
    ...addressesOf(facts),
    ...(initContainerStatuses.length === 0 ? {} : { initContainerStatuses }),
    containerStatuses,
    ...(pod.status?.qosClass === undefined ? {} : { qosClass: pod.status.qosClass }),
  }
  return timed(status, old, pod, at)
}

/** A pod never leaves a terminal phase. */
function phaseKept({ pod, old, verdict }: Facts, phase: ReturnType<typeof phaseOf>) {
  if (verdict !== undefined) return 'Failed'
  if (isTerminal(phase)) return phase
  if (isTerminal(old.phase)) return old.phase as 'Failed'
  return isTerminal(pod.status?.phase) ? (pod.status?.phase as 'Failed') : phase
}

function reasonsOf({ pod, old, verdict }: Facts, phase: string): Pick<core.PodStatus, 'reason' | 'message'> {
  if (verdict !== undefined) return verdict
  if (phase !== old.phase) return {}
  const reason = old.reason ?? pod.status?.reason
  const message = old.message ?? pod.status?.message
  return { ...(reason === undefined ? {} : { reason }), ...(message === undefined ? {} : { message }) }
}

function addressesOf({ pod, old, running, hostIP }: Facts): Pick<core.PodStatus, 'podIP' | 'podIPs'> {
  const sandbox = running.sandboxes[0]
  const told = sandbox?.state === 'READY' ? sandbox.ips : []
  const known = told.length > 0 ? told : (old.podIPs ?? []).map(({ ip }) => ip ?? '')
  const ips = known.length === 0 && pod.spec.hostNetwork === true ? [hostIP] : known
  return ips[0] === undefined ? {} : { podIP: ips[0], podIPs: ips.map((ip) => ({ ip })) }
}

/** updateLastTransitionTime: a condition keeps its time while its status stays; a pod keeps the time of its start. */
export function timed(status: core.PodStatus, old: core.PodStatus, pod: Pod, at: number): core.PodStatus {
  const startTime = old.startTime ?? pod.status?.startTime ?? rfc3339(at)
  if (status.conditions === undefined) return joined(status, { startTime })
  const conditions = status.conditions.map((condition) => {
    if (!isOurs(condition)) return condition
    const before =
      old.conditions?.find(({ type }) => type === condition.type) ??
      pod.status?.conditions?.find(({ type }) => type === condition.type)
    const same = before?.status === condition.status && before.lastTransitionTime !== undefined
    const lastTransitionTime = same ? (before.lastTransitionTime as string) : rfc3339(at)
    return joined(condition, { lastProbeTime: NO_TIME, lastTransitionTime })
  })
  return joined(status, { conditions, startTime })
}
/** On the wire the time of the last probe is null; the types know no null. */
const NO_TIME = null as unknown as string

/** A probe of one container settled: its status and the pod's readiness, nothing else (SetContainerReadiness, -Startup). */
export function withProbe(
  pod: Pod,
  old: core.PodStatus,
  containerID: string,
  change: Partial<Pick<core.ContainerStatus, 'ready' | 'started'>>,
  at: number,
): core.PodStatus {
  const changed = (status: core.ContainerStatus) =>
    status.containerID === containerID ? { ...status, ...change } : status
  const containerStatuses = (old.containerStatuses ?? []).map(changed)
  const initContainerStatuses = (old.initContainerStatuses ?? []).map(changed)
  const all = [...initContainerStatuses, ...containerStatuses]
  const others = (old.conditions ?? []).filter((condition) => !isOurs(condition))
  const conditions = (old.conditions ?? []).map((condition) => {
    if (condition.type === 'Ready') return ready(pod, all, old.phase, others)
    return condition.type === 'ContainersReady' ? containersReady(pod, all, old.phase) : condition
  })
  const status = { ...old, conditions, containerStatuses }
  return timed(initContainerStatuses.length === 0 ? status : { ...status, initContainerStatuses }, old, pod, at)
}

/**
 * The last word (status manager's TerminatePod): what has no end yet is counted as lost, unless the pod was never
 * initialized, and the phase is terminal.
 */
export function finalStatus(pod: Pod, old: core.PodStatus, at: number): core.PodStatus {
  const containers = old.containerStatuses ?? []
  const init = old.initContainerStatuses ?? []
  const lastStarted = init.findLastIndex((status) => status.containerID !== undefined)
  const initContainerStatuses = init.map((status, i) => (i <= lastStarted ? lost(status) : status))
  const status: core.PodStatus = {
    ...old,
    phase: isTerminal(old.phase) ? (old.phase as string) : 'Failed',
    containerStatuses: hasInitialized(pod) ? containers.map(lost) : containers,
  }
  return timed(init.length === 0 ? status : { ...status, initContainerStatuses }, old, pod, at)
}

/** As the API's copy of the pod shows (hasPodInitialized). */
function hasInitialized({ spec, status }: Pod): boolean {
  const last = spec.initContainers?.at(-1)
  if (last === undefined) return true
  const moved = ({ state, lastState }: core.ContainerStatus) =>
    lastState?.terminated !== undefined || (state !== undefined && state.waiting === undefined)
  if ((status?.containerStatuses ?? []).some(moved)) return true
  const own = status?.initContainerStatuses?.find(({ name }) => name === last.name)
  return own?.state?.terminated?.exitCode === 0 || own?.lastState?.terminated?.exitCode === 0
}
const lost = (status: core.ContainerStatus): core.ContainerStatus =>
  status.state?.terminated !== undefined
    ? status
    : {
        ...status,
        ready: false,
        started: false,
        state: {
          terminated: {
            exitCode: 137,
            finishedAt: NO_TIME,
            message: 'The container could not be located when the pod was terminated',
            reason: 'ContainerStatusUnknown',
            startedAt: NO_TIME,
          },
        },
      }

/** A pod that is not taken (kubelet.go, rejectPod). */
export const rejectedStatus = (pod: Pod, reason: string, message: string, at: number): core.PodStatus => ({
  ...pod.status,
  phase: 'Failed',
  reason,
  message: `Pod was rejected: ${message}`,
  startTime: pod.status?.startTime ?? rfc3339(at),
})
