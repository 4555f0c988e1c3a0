/** Pods as endpoints of a Service (pkg/controller/util/endpoint/controller_utils.go, pkg/api/v1/pod FindPort). */
import type { core, Pod, Service } from '../../protocol/objects.ts'

export const readyCondition = ({ status }: Pod): core.PodCondition | undefined =>
  status?.conditions?.find(({ type }) => type === 'Ready')
export const isReady = (pod: Pod): boolean => readyCondition(pod)?.status === 'True'
export const isTerminal = ({ status }: Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed'
export const isTerminating = ({ metadata }: Pod): boolean => metadata.deletionTimestamp !== undefined

/** ShouldPodBeInEndpoints: it has an address and its life is not over. */
export const belongs = (pod: Pod, includeTerminating: boolean): boolean =>
  !isTerminal(pod) && addressesOf(pod).length > 0 && (includeTerminating || !isTerminating(pod))

export function addressesOf({ status }: Pod): readonly string[] {
  const all = (status?.podIPs ?? []).flatMap(({ ip }) => (ip === undefined || ip === '' ? [] : [ip]))
  if (all.length > 0) return all
  return status?.podIP === undefined || status.podIP === '' ? [] : [status.podIP]
}

/** ShouldSetHostname. */
export const hostnameIn = ({ spec, metadata }: Pod, service: Service): string | undefined =>
  spec.hostname !== undefined &&
  spec.hostname !== '' &&
  spec.subdomain === service.metadata.name &&
  metadata.namespace === service.metadata.namespace
    ? spec.hostname
    : undefined

/** FindPort: by number, or by the name of a port of a container (or sidecar). @returns undefined when it has none. */
export function portOf({ spec }: Pod, { targetPort, port, protocol = 'TCP' }: core.ServicePort): number | undefined {
  const wanted = targetPort ?? port
  if (typeof wanted === 'number') return wanted
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always')
  for (const { ports = [] } of [...(spec.containers ?? []), ...sidecars])
    for (const { name, containerPort, protocol: spoken = 'TCP' } of ports)
      if (name === wanted && spoken === protocol) return containerPort
  return undefined
}

/** podEndpointsChanged: whether endpoints may look different, and whether other Services may select it. */
export function changeOf(was: Pod, now: Pod): { readonly pod: boolean; readonly labels: boolean } {
  const labels =
    !sameLabels(was.metadata.labels, now.metadata.labels) ||
    was.spec.hostname !== now.spec.hostname ||
    was.spec.subdomain !== now.spec.subdomain
  const pod =
    was.metadata.deletionTimestamp !== now.metadata.deletionTimestamp ||
    was.metadata.uid !== now.metadata.uid ||
    isReady(was) !== isReady(now) ||
    isTerminal(was) !== isTerminal(now) ||
    addressesOf(was).join() !== addressesOf(now).join() ||
    was.spec.nodeName !== now.spec.nodeName
  return { pod, labels }
}

type Labels = Readonly<Record<string, string>>
function sameLabels(a: Labels = {}, b: Labels = {}): boolean {
  if (a === b) return true
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key])
}
