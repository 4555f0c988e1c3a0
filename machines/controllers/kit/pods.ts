/** Pods as controllers judge them (k8s.io/kubernetes/pkg/api/v1/pod, pkg/controller/controller_utils.go). */
import { parseTime } from '../../lib/time.ts'
import type { Pod } from '../../protocol/objects.ts'

/** IsPodActive: neither over nor on its way out. */
export const isActive = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp === undefined && status?.phase !== 'Succeeded' && status?.phase !== 'Failed'

const readyCondition = ({ status }: Pod) => status?.conditions?.find(({ type }) => type === 'Ready')

export const isReady = (pod: Pod): boolean => readyCondition(pod)?.status === 'True'

/** Since when it is ready, in ms; undefined when it is not. NaN: ready, but nobody knows since when. */
export function readySince(pod: Pod): number | undefined {
  const condition = readyCondition(pod)
  return condition?.status === 'True' ? parseTime(condition.lastTransitionTime ?? '') : undefined
}

/** IsPodAvailable: ready for at least so long. */
export function isAvailable(pod: Pod, minReadySeconds: number, at: number): boolean {
  const since = readySince(pod)
  return since !== undefined && (minReadySeconds === 0 || since + minReadySeconds * 1_000 < at)
}

/** The most often restarted container, and the most often restarted sidecar. */
export function mostRestarts(pod: Pod): readonly [container: number, sidecar: number] {
  const sidecars = new Set(
    (pod.spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always').map(({ name }) => name),
  )
  const counts = (pod.status?.containerStatuses ?? []).map(({ restartCount }) => restartCount)
  const ofSidecars = (pod.status?.initContainerStatuses ?? [])
    .filter(({ name }) => sidecars.has(name))
    .map(({ restartCount }) => restartCount)
  return [Math.max(0, ...counts), Math.max(0, ...ofSidecars)]
}
