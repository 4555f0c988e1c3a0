/** The phase of a pod, from the statuses of its containers (kubelet_pods.go, getPhase). */

import type { core, Pod } from '../../protocol/objects.ts'
import { isSidecar } from '../pod/restart.ts'

export type Phase = 'Pending' | 'Running' | 'Succeeded' | 'Failed'

export const isTerminal = (phase: string | undefined): boolean => phase === 'Succeeded' || phase === 'Failed'

type Statuses = readonly core.ContainerStatus[]
const named = (statuses: Statuses, name: string) => statuses.find((status) => status.name === name)

/** `ending`: the pod is being terminated, so that nothing will be restarted whatever its policy says. */
export function phaseOf({ spec }: Pod, statuses: Statuses, ending: boolean): Phase {
  const init = spec.initContainers ?? []
  const ordinary = init.filter((container) => !isSidecar(container)).map(({ name }) => named(statuses, name))
  const sidecars = init.filter(isSidecar).map(({ name }) => named(statuses, name))
  const regular = spec.containers.map(({ name }) => named(statuses, name))

  if (ordinary.some(initFailed) && spec.restartPolicy === 'Never') return 'Failed'
  if (ordinary.some(initPending)) return 'Pending'
  if (sidecars.some(sidecarPending) && !anyRegularStarted(spec, statuses)) return 'Pending'
  if ([...sidecars, ...regular].some(neverStarted)) return 'Pending'
  if ([...sidecars, ...regular].some((status) => status === undefined)) return 'Pending'
  if ([...sidecars, ...regular].some((status) => status?.state?.running !== undefined)) return 'Running'
  return phaseOfStopped(spec.restartPolicy ?? 'Always', regular, ending)
}

/** Sidecars that ended do not count. */
function phaseOfStopped(
  policy: string,
  regular: readonly (core.ContainerStatus | undefined)[],
  ending: boolean,
): Phase {
  const allSucceeded = regular.every((status) => status?.state?.terminated?.exitCode === 0)
  if (ending) return allSucceeded ? 'Succeeded' : 'Failed'
  if (policy === 'Always') return 'Running'
  if (allSucceeded) return 'Succeeded'
  return policy === 'Never' ? 'Failed' : 'Running'
}

type Maybe = core.ContainerStatus | undefined
const neverStarted = (status: Maybe): boolean =>
  status?.state?.waiting !== undefined && status.lastState?.terminated === undefined
const initFailed = (status: Maybe): boolean => {
  const { terminated, waiting } = status?.state ?? {}
  const ended = terminated ?? (waiting === undefined ? undefined : status?.lastState?.terminated)
  return ended !== undefined && ended.exitCode !== 0
}
const initPending = (status: Maybe): boolean =>
  status === undefined || status.state?.running !== undefined || neverStarted(status)
/** The phase is worked out before the probes have their say, so that no sidecar counts as started yet. */
const sidecarPending = (status: Maybe): boolean =>
  status !== undefined && (neverStarted(status) || status.state?.running !== undefined)

/** kubecontainer.HasAnyRegularContainerStarted: then the pod has been initialized, whatever the runtime remembers. */
export const anyRegularStarted = (spec: core.PodSpec, statuses: Statuses): boolean =>
  spec.containers.some(({ name }) => {
    const { running, terminated } = named(statuses, name)?.state ?? {}
    return running !== undefined || terminated !== undefined
  })
