/** The conditions that a kubelet writes of a pod (pkg/kubelet/status/generate.go), without their times. */

import type { core, Pod } from '../../protocol/objects.ts'
import { isSidecar } from '../pod/restart.ts'
import { anyRegularStarted, type Phase } from './phase.ts'

type Statuses = readonly core.ContainerStatus[]
export type Condition = core.PodCondition

/** kubetypes.PodConditionByKubelet: whoever else writes one of these is overruled. */
const OURS = ['PodScheduled', 'Ready', 'Initialized', 'ContainersReady', 'PodReadyToStartContainers']
export const isOurs = ({ type }: Condition): boolean => OURS.includes(type)

const holds = (type: string, reason?: string): Condition => ({
  type,
  status: 'True',
  ...(reason === undefined ? {} : { reason }),
})
const fails = (type: string, reason?: string, message?: string): Condition => ({
  type,
  status: 'False',
  ...(reason === undefined ? {} : { reason }),
  ...(message === undefined ? {} : { message }),
})

/** All of ours, in the order in which generateAPIPodStatus appends them. `others`: those of other writers. */
export function conditionsOf(
  pod: Pod,
  statuses: Statuses,
  phase: Phase,
  hasSandbox: boolean,
  others: readonly Condition[],
): Condition[] {
  return [
    hasSandbox ? holds('PodReadyToStartContainers') : fails('PodReadyToStartContainers'),
    initialized(pod, statuses, phase),
    ready(pod, statuses, phase, others),
    containersReady(pod, statuses, phase),
    holds('PodScheduled'),
  ]
}

export function containersReady({ spec }: Pod, statuses: Statuses, phase: string | undefined): Condition {
  const counted = [...(spec.initContainers ?? []).filter(isSidecar), ...spec.containers]
  const unknown = counted.filter(({ name }) => !statuses.some((status) => status.name === name))
  const unready = counted.filter(({ name }) => statuses.some((status) => status.name === name && !status.ready))
  if (unknown.length === 0 && phase === 'Succeeded') return fails('ContainersReady', 'PodCompleted')
  if (unknown.length === 0 && phase === 'Failed') return fails('ContainersReady', 'PodFailed')
  const message = complaints([
    ['unknown', unknown],
    ['unready', unready],
  ])
  return message === '' ? holds('ContainersReady') : fails('ContainersReady', 'ContainersNotReady', message)
}

export function ready(
  pod: Pod,
  statuses: Statuses,
  phase: string | undefined,
  others: readonly Condition[],
): Condition {
  const containers = containersReady(pod, statuses, phase)
  if (containers.status !== 'True') return { ...containers, type: 'Ready' }
  const message = (pod.spec.readinessGates ?? [])
    .flatMap((gate) => gateComplaint(gate.conditionType, others))
    .join(', ')
  return message === '' ? holds('Ready') : fails('Ready', 'ReadinessGatesNotReady', message)
}

function gateComplaint(gate: string, others: readonly Condition[]): string[] {
  const condition = others.find(({ type }) => type === gate)
  if (condition === undefined) return [`corresponding condition of pod readiness gate "${gate}" does not exist.`]
  if (condition.status === 'True') return []
  return [`the status of pod readiness gate "${gate}" is not "True", but ${condition.status}`]
}

function initialized({ spec }: Pod, statuses: Statuses, phase: Phase): Condition {
  const init = spec.initContainers ?? []
  const unknown = init.filter(({ name }) => !statuses.some((status) => status.name === name))
  const incomplete = init.filter((container) => {
    const status = statuses.find(({ name }) => name === container.name)
    return status !== undefined && !(isSidecar(container) ? status.started : status.ready)
  })
  if (phase === 'Succeeded' && unknown.length === 0) return holds('Initialized', 'PodCompleted')
  if (anyRegularStarted(spec, statuses)) return holds('Initialized')
  const message = complaints([
    ['unknown', unknown],
    ['incomplete', incomplete],
  ])
  return message === '' ? holds('Initialized') : fails('Initialized', 'ContainersNotInitialized', message)
}

/** `containers with unready status: [a b]` */
function complaints(lists: readonly (readonly [string, readonly core.Container[]])[]): string {
  return lists
    .filter(([, containers]) => containers.length > 0)
    .map(([what, containers]) => `containers with ${what} status: [${containers.map(({ name }) => name).join(' ')}]`)
    .join(', ')
}
