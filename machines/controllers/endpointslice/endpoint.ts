/** One pod as an endpoint of a slice (k8s.io/endpointslice/utils.go, endpointset.go). */
import { addressesOf, hostnameIn, isReady, isTerminating, portOf } from '../../lib/endpoints/pod.ts'
import { isIpv6 } from '../../lib/ip.ts'
import type { discovery, Node, Pod, Service } from '../../protocol/objects.ts'
import { same } from '../kit/same.ts'

export type Endpoint = discovery.Endpoint
export type Port = discovery.EndpointPort
export type AddressType = 'IPv4' | 'IPv6'

const ZONE = 'topology.kubernetes.io/zone'

/** podToEndpoint. `ready` is never true of a pod that terminates, unless all addresses are to be published. */
export function endpointOf(pod: Pod, node: Node | undefined, service: Service, family: AddressType): Endpoint {
  const { name, namespace, uid } = pod.metadata
  const serving = isReady(pod)
  const terminating = isTerminating(pod)
  const ready = service.spec.publishNotReadyAddresses === true || (serving && !terminating)
  const zone = node?.metadata.labels?.[ZONE]
  const hostname = hostnameIn(pod, service)
  return {
    addresses: addressesOf(pod).filter((address) => isIpv6(address) === (family === 'IPv6')),
    conditions: { ready, serving, terminating },
    targetRef: { kind: 'Pod', name, ...defined({ namespace, uid }) },
    ...defined({ nodeName: pod.spec.nodeName, hostname }),
    ...(zone === undefined || zone === '' ? {} : { zone }),
  }
}

/** getEndpointPorts: a named port that the pod does not have is left out. */
export function portsOf(service: Service, pod: Pod): readonly Port[] {
  return (service.spec.ports ?? []).flatMap((servicePort) => {
    const port = portOf(pod, servicePort)
    const { name = '', protocol = 'TCP', appProtocol } = servicePort
    return port === undefined ? [] : [{ name, port, protocol, ...defined({ appProtocol }) }]
  })
}

/** NewPortMapKey: slices with the same ports, in any order, belong together. */
export const portKey = (ports: readonly Port[] | null | undefined): string =>
  (ports ?? [])
    .map(({ name, port, protocol, appProtocol }) => JSON.stringify([name, port, protocol, appProtocol]))
    .sort()
    .join()

/** hashEndpoint: what makes two endpoints the same one, whatever their state. */
export const identityOf = ({ addresses, hostname, nodeName, targetRef }: Endpoint): string =>
  `${[...addresses].sort().join()} ${hostname ?? ''} ${nodeName ?? ''} ${targetRef?.namespace ?? ''} ${targetRef?.name ?? ''}`

/** EndpointsEqualBeyondHash: hints do not count. */
export const isUnchanged = (a: Endpoint, b: Endpoint): boolean =>
  a.nodeName === b.nodeName &&
  a.zone === b.zone &&
  same(a.conditions, b.conditions) &&
  a.targetRef?.kind === b.targetRef?.kind &&
  a.targetRef?.uid === b.targetRef?.uid

function defined<T extends Readonly<Record<string, string | undefined>>>(fields: T) {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined && value !== '')
  return Object.fromEntries(entries) as { [K in keyof T]?: string }
}
