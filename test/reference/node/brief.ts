/** One line about a pod, as the recordings of the kubelet write it: phase, conditions, containers. */

interface State {
  readonly waiting?: { readonly reason?: string }
  readonly terminated?: { readonly reason?: string; readonly exitCode?: number }
  readonly running?: unknown
}
interface ContainerStatus {
  readonly name: string
  readonly state?: State
  readonly lastState?: State
  readonly ready?: boolean
  readonly started?: boolean
  readonly restartCount?: number
}
interface Status {
  readonly phase?: string
  readonly reason?: string
  readonly conditions?: readonly { readonly type: string; readonly status: string }[]
  readonly initContainerStatuses?: readonly ContainerStatus[]
  readonly containerStatuses?: readonly ContainerStatus[]
  readonly ephemeralContainerStatuses?: readonly ContainerStatus[]
}
export interface PodLike {
  readonly metadata: { readonly deletionTimestamp?: string }
  readonly status?: Status
}

export function briefOf({ metadata, status = {} }: PodLike): string {
  const { phase, reason, conditions = [], initContainerStatuses = [], containerStatuses = [] } = status
  const head = `${phase}${reason === undefined ? '' : `:${reason}`}${metadata.deletionTimestamp === undefined ? '' : ' deleting'}`
  const types = new Map(conditions.map((each) => [each.type, each.status[0]]))
  const order = [
    ...ORDER.filter((type) => types.has(type)),
    ...[...types.keys()].filter((type) => !ORDER.includes(type)),
  ]
  const told = order.map((type) => `${type}=${types.get(type)}`).join(' ')
  const containers = [...initContainerStatuses, ...containerStatuses, ...(status.ephemeralContainerStatuses ?? [])]
  return [head, told, containers.map(containerOf).join('; ')].filter((part) => part !== '').join(' | ')
}
const ORDER = ['PodScheduled', 'PodReadyToStartContainers', 'Initialized', 'ContainersReady', 'Ready']

function containerOf({ name, state = {}, lastState = {}, ready, started, restartCount = 0 }: ContainerStatus): string {
  const last = lastState.terminated
  return [
    `${name}=${stateOf(state)} r${restartCount}`,
    ready === true ? 'ready' : '',
    started === true ? 'started' : '',
    last === undefined ? '' : `last(${last.reason},${last.exitCode})`,
  ]
    .filter((part) => part !== '')
    .join(' ')
}
function stateOf({ waiting, terminated }: State): string {
  if (waiting !== undefined) return `waiting(${waiting.reason})`
  return terminated === undefined ? 'running' : `terminated(${terminated.reason},${terminated.exitCode})`
}
