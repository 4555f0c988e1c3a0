/**
 * Whose log is asked for, and whether there is one: pkg/registry/core/pod/strategy.go, LogLocation, and the kubelet's
 * validateContainerLogStatus. Without the chart.
 */
import type { ApiRequest, Status } from '../protocol/api.ts'
import type { core, Node, Pod } from '../protocol/objects.ts'
import { type Causes, invalid } from './registry/validation.ts'
import { badRequest, internal, notFound } from './statuses.ts'

/** The part of core/v1 PodLogOptions that says which log; the rest says how it is written. */
interface Options {
  readonly container?: string
  readonly previous?: boolean
  readonly sinceSeconds?: number
  readonly sinceTime?: string
  readonly tailLines?: number
  readonly limitBytes?: number
}
/** Where a log is kept: the node, and the container's id there. */
export interface LogPlace {
  readonly node: string
  readonly nodeIP: string
  readonly container: string
  readonly containerId: string
}
/** A pod that is bound to no node has no log yet: 204. */
export type Sought = LogPlace | { readonly status: Status } | 'nothing yet'

/** @param nodes by name @param pod undefined when there is none of that name */
export function logSought(request: ApiRequest, pod: Pod | undefined, node: (name: string) => Node | undefined): Sought {
  const { name = '' } = request
  const options = (request.body ?? {}) as Options
  const causes = wrongOptions(options)
  if (causes.length > 0) return { status: invalid('PodLogOptions', '', name, causes) }
  if (pod === undefined) return { status: notFound('pods', name) }
  const container = options.container ?? onlyContainer(pod)
  if (container === undefined) return { status: badRequest(ambiguous(pod)) }
  if (!containersOf(pod.spec).some((each) => each.name === container))
    return { status: badRequest(`container ${container} is not valid for pod ${name}`) }
  const { nodeName = '' } = pod.spec
  if (nodeName === '') return 'nothing yet'
  const on = node(nodeName)
  if (on === undefined) return { status: notFound('pods', nodeName) }
  const id = containerIdOf(pod, container, options.previous === true)
  if (typeof id !== 'string') return id
  const nodeIP = on.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? ''
  return { node: nodeName, nodeIP, container, containerId: id }
}

const containersOf = ({ containers, initContainers = [], ephemeralContainers = [] }: core.PodSpec) => [
  ...containers,
  ...initContainers,
  ...ephemeralContainers,
]

const onlyContainer = ({ spec }: Pod): string | undefined =>
  spec.containers.length === 1 ? spec.containers[0]?.name : undefined

function ambiguous({ spec, metadata }: Pod): string {
  const named = (list: readonly { readonly name: string }[]): string => list.map(({ name }) => name).join(' ')
  const { initContainers = [], ephemeralContainers = [] } = spec
  const init = initContainers.length > 0 ? ` or one of the init containers: [${named(initContainers)}]` : ''
  const ephemeral =
    ephemeralContainers.length > 0 ? ` or one of the ephemeral containers: [${named(ephemeralContainers)}]` : ''
  return `a container name must be specified for pod ${metadata.name}, choose one of: [${named(spec.containers)}]${init}${ephemeral}`
}

/** What the kubelet knows of the container: its id, or why there is no log to read. */
function containerIdOf({ metadata, status = {} }: Pod, container: string, previous: boolean): Sought | string {
  const refusal = (why: string): Sought => ({ status: badRequest(why) })
  const { containerStatuses = [], initContainerStatuses = [], ephemeralContainerStatuses = [] } = status
  const all = [...containerStatuses, ...initContainerStatuses, ...ephemeralContainerStatuses]
  const known = all.find(({ name }) => name === container)
  if (known === undefined) return refusal(`container "${container}" in pod "${metadata.name}" is not available`)
  const last = known.lastState?.terminated?.containerID
  if (previous) {
    return last === undefined
      ? refusal(`previous terminated container "${container}" in pod "${metadata.name}" not found`)
      : unprefixed(last)
  }
  const { running, terminated, waiting } = known.state ?? {}
  const now = running === undefined ? (terminated?.containerID ?? last) : known.containerID
  if (now !== undefined && now !== '') return unprefixed(now)
  return refusal(`container "${container}" in pod "${metadata.name}" is waiting to start: ${whyWaiting(waiting)}`)
}

function whyWaiting(waiting: core.ContainerStateWaiting | undefined): string {
  const reason = waiting?.reason ?? 'no logs yet'
  if (reason === 'ErrImagePull') return "image can't be pulled"
  return reason === 'ImagePullBackOff' ? 'trying and failing to pull image' : reason
}

/** `containerd://<id>` */
const unprefixed = (id: string): string => id.slice(id.indexOf('://') + 3)

/** pkg/apis/core/validation, ValidatePodLogOptions. */
function wrongOptions({ tailLines, sinceSeconds, sinceTime, limitBytes }: Options): Causes {
  const causes: Causes[number][] = []
  const wrong = (field: string, message: string) =>
    causes.push({ reason: 'FieldValueInvalid', message: `Invalid value: ${message}`, field })
  if (tailLines !== undefined && tailLines < 0) wrong('tailLines', `${tailLines}: must be greater than or equal to 0`)
  if (limitBytes !== undefined && limitBytes < 1) wrong('limitBytes', `${limitBytes}: must be greater than 0`)
  if (sinceSeconds !== undefined && sinceTime !== undefined) {
    const message = 'Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified'
    causes.push({ reason: 'FieldValueForbidden', message, field: '' })
  } else if (sinceSeconds !== undefined && sinceSeconds < 1)
    wrong('sinceSeconds', `${sinceSeconds}: must be greater than 0`)
  return causes
}

/** The node does not answer: nobody listens there, or nothing comes back. */
export function nodeLost({ namespace = '', name = '' }: ApiRequest, place: LogPlace, why: string): Status {
  const { nodeIP, container } = place
  return internal(
    `Get "https://${nodeIP}:10250/containerLogs/${namespace}/${name}/${container}": dial tcp ${nodeIP}:10250: ${why}`,
  )
}
