/** What is known of a pod's containers, and whether they are to run again (kubecontainer.ShouldContainerBeRestarted). */
import type { ContainerStatus, PodSandboxStatus } from '../../protocol/cri.ts'
import type { Running } from '../../protocol/kubelet.ts'
import type { core, Pod } from '../../protocol/objects.ts'

export const NOTHING_RUNS: Running = { sandboxes: [], containers: [] }

/** The newest container of that name. */
export const newest = ({ containers }: Running, name: string): ContainerStatus | undefined =>
  containers.find(({ metadata }) => metadata.name === name)

export const isSidecar = (container: core.Container): boolean => container.restartPolicy === 'Always'

/** All containers of a pod, init containers first. */
export const containersOf = ({ spec }: Pod): readonly core.Container[] => [
  ...(spec.initContainers ?? []),
  ...spec.containers,
]
export const containerNamed = (pod: Pod, name: string): core.Container =>
  containersOf(pod).find((container) => container.name === name) as core.Container
/** `spec.containers{web}`, as Events about a container say. */
export const fieldPathOf = ({ spec }: Pod, name: string): string =>
  spec.containers.some((container) => container.name === name)
    ? `spec.containers{${name}}`
    : `spec.initContainers{${name}}`

export const isDeleting = ({ metadata }: Pod): boolean => metadata.deletionTimestamp !== undefined

export function shouldRestart(container: core.Container, pod: Pod, running: Running): boolean {
  if (isDeleting(pod)) return false
  const last = newest(running, container.name)
  if (last === undefined) return true
  if (last.state !== 'EXITED') return last.state !== 'RUNNING'
  if (pod.spec.restartPolicy === 'Never') return false
  return pod.spec.restartPolicy !== 'OnFailure' || last.exitCode !== 0
}

export const anyRegularCreated = ({ spec }: Pod, running: Running): boolean =>
  spec.containers.some(({ name }) => newest(running, name) !== undefined)

/** Is a new sandbox needed, and with which attempt (runtime.PodSandboxChanged)? */
export function sandboxChange(running: Running): { readonly changed: boolean; readonly attempt: number } {
  const last = running.sandboxes[0]
  if (last === undefined) return { changed: true, attempt: 0 }
  const usable = last.state === 'READY' && last.ips.length > 0
  return { changed: !usable, attempt: usable ? last.metadata.attempt : last.metadata.attempt + 1 }
}

/** What a relist found changed, put over what was known; newest first. What is in `gone` is taken out. */
export function merged(known: Running, changed: Running, gone: readonly string[] = []): Running {
  return {
    sandboxes: over(known.sandboxes, changed.sandboxes, gone),
    containers: over(known.containers, changed.containers, gone),
  }
}

function over<T extends ContainerStatus | PodSandboxStatus>(
  known: readonly T[],
  changed: readonly T[],
  gone: readonly string[],
) {
  if (changed.length === 0 && gone.length === 0) return known
  const kept = known.filter(({ id }) => !gone.includes(id) && !changed.some((other) => other.id === id))
  const fresh = changed.filter(({ id }) => !gone.includes(id))
  return [...kept, ...fresh].sort((a, b) => b.metadata.attempt - a.metadata.attempt || b.createdAt - a.createdAt)
}

/** Exited containers that a newer exited one of the same name supersedes (getContainersToDeleteInPod, keeping one). */
export function superseded(running: Running): string[] {
  const seen: string[] = []
  return running.containers.flatMap(({ id, state, metadata }) => {
    if (state !== 'EXITED') return []
    if (seen.includes(metadata.name)) return [id]
    seen.push(metadata.name)
    return []
  })
}
