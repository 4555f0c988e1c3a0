/** What a Service keeps when an update does not mention it: pkg/registry/core/service, patchAllocatedValues. */
import type { ApiObject, Service } from '../../protocol/objects.ts'
import type { Strategy } from './strategy.ts'

export const serviceStrategy: Partial<Strategy> = {
  prepareForUpdate(next, was) {
    const [to, from] = [next as Service, was as Service]
    return { ...to, spec: keptAddresses(to.spec, from.spec), status: from.status ?? { loadBalancer: {} } } as ApiObject
  },
}

type Spec = Service['spec']

function keptAddresses(to: Spec, from: Spec): Spec {
  if (to.type === 'ExternalName') {
    const {
      clusterIP: _,
      clusterIPs: __,
      ipFamilies: ___,
      ipFamilyPolicy: ____,
      internalTrafficPolicy: _____,
      ...rest
    } = to
    return rest
  }
  if (from.type === 'ExternalName') return to
  const clusterIP = to.clusterIP === undefined || to.clusterIP === '' ? from.clusterIP : to.clusterIP
  const clusterIPs = to.clusterIPs === undefined || to.clusterIPs.length === 0 ? from.clusterIPs : to.clusterIPs
  return {
    ...to,
    ...(clusterIP === undefined ? {} : { clusterIP }),
    ...(clusterIPs === undefined ? {} : { clusterIPs }),
    ...kept('ipFamilies', to, from),
    ...kept('ipFamilyPolicy', to, from),
    ...(to.ports === undefined
      ? {}
      : { ports: needsPorts(to) ? keptPorts(to.ports, from.ports ?? []) : withoutNodePorts(to.ports) }),
  }
}
const kept = <K extends keyof Spec>(key: K, to: Spec, from: Spec): Partial<Spec> =>
  to[key] !== undefined || from[key] === undefined ? {} : ({ [key]: from[key] } as Partial<Spec>)

export const needsPorts = ({ type, allocateLoadBalancerNodePorts }: Spec): boolean =>
  type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts !== false)

type Ports = NonNullable<Spec['ports']>
/** A port without a nodePort takes that of the same port and protocol before. */
const keptPorts = (to: Ports, from: Ports): Ports =>
  to.map((port) => {
    if (port.nodePort !== undefined && port.nodePort !== 0) return port
    const before = from.find((old) => old.port === port.port && (old.protocol ?? 'TCP') === (port.protocol ?? 'TCP'))
    return before?.nodePort === undefined ? port : { ...port, nodePort: before.nodePort }
  })
const withoutNodePorts = (ports: Ports): Ports => ports.map(({ nodePort: _, ...port }) => port)
