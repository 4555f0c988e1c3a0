/**
 * The rules that kube-proxy writes, as data: for each address and port that a service answers on, where a connection
 * goes. The kernel's tables say the same in chains.
 *
 * Modelled on pkg/proxy/iptables/proxier.go (syncProxyRules) of v1.32.
 */
import { Tree } from '../../runtime/tree.ts'
import type { Endpoint, Protocol } from '../protocol/network.ts'
import type { core, EndpointSlice, Service } from '../protocol/objects.ts'
import { type Categories, categorize, type Place } from './endpoints.ts'

export interface Rule {
  /** `default/web:http` */
  readonly servicePort: string
  /** For connections from outside the cluster. */
  readonly outside: Target
  /** For those from pods and from the node itself. */
  readonly inside: Target
  readonly affinitySeconds: number | undefined
  /** `loadBalancerSourceRanges` */
  readonly sources: readonly string[]
}
export interface Target {
  readonly endpoints: readonly Endpoint[]
  /** What happens when there are none. */
  readonly otherwise: 'refused' | 'dropped'
}
export interface Rules {
  /** By `10.96.0.10:53/UDP`, or `node:30080/TCP`. */
  readonly byFrontend: Tree<Rule>
  readonly byService: Tree<readonly string[]>
}
export const noRules: Rules = { byFrontend: Tree.of<Rule>(), byService: Tree.of<readonly string[]>() }

export const frontend = (ip: string, port: number, protocol: Protocol): string => `${ip}:${port}/${protocol}`

/** Replaces all rules of one service; without the service, removes them. */
export function withService(
  rules: Rules,
  key: string,
  service: Service | undefined,
  slices: readonly EndpointSlice[],
  place: Place,
): Rules {
  let byFrontend = (rules.byService.get(key) ?? []).reduce((tree, each) => tree.delete(each), rules.byFrontend)
  const entries = service === undefined || !isProxied(service) ? [] : rulesOf(key, service, slices, place)
  for (const [at, rule] of entries) byFrontend = byFrontend.set(at, rule)
  const names = entries.map(([at]) => at)
  const byService = rules.byService.update(key, () => (names.length === 0 ? undefined : names))
  return { byFrontend, byService }
}

/** Headless services, external names and services of another proxy have no rules. */
function isProxied({ metadata, spec }: Service): boolean {
  const hasIp = spec.clusterIP !== undefined && spec.clusterIP !== '' && spec.clusterIP !== 'None'
  return (
    hasIp && spec.type !== 'ExternalName' && metadata.labels?.['service.kubernetes.io/service-proxy-name'] === undefined
  )
}

function rulesOf(
  key: string,
  service: Service,
  slices: readonly EndpointSlice[],
  place: Place,
): readonly (readonly [string, Rule])[] {
  return (service.spec.ports ?? []).flatMap((port) => {
    const protocol = (port.protocol ?? 'TCP') as Protocol
    const categories = categorize(slices, port.name ?? '', protocol, place)
    const name = port.name === undefined || port.name === '' ? key : `${key}:${port.name}`
    return frontends(service, port, protocol).map(
      ([at, kind]) => [at, ruleFor(name, service.spec, kind, categories)] as const,
    )
  })
}

type Kind = 'cluster' | 'external' | 'load balancer'

function frontends(
  { spec, status }: Service,
  port: core.ServicePort,
  protocol: Protocol,
): readonly (readonly [string, Kind])[] {
  const of = (ips: readonly string[], kind: Kind) => ips.map((ip) => [frontend(ip, port.port, protocol), kind] as const)
  // `ipMode: Proxy` says that the balancer is to be reached itself.
  const ingress = (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, ...rest }) =>
    ip === undefined || (rest as { ipMode?: string }).ipMode === 'Proxy' ? [] : [ip],
  )
  const nodePort = port.nodePort === undefined || port.nodePort === 0 ? [] : [port.nodePort]
  return [
    ...of(spec.clusterIPs ?? [spec.clusterIP as string], 'cluster'),
    ...of(spec.externalIPs ?? [], 'external'),
    ...of(ingress, 'load balancer'),
    ...nodePort.map((each) => [frontend('node', each, protocol), 'external'] as const),
  ]
}

function ruleFor(servicePort: string, spec: core.ServiceSpec, kind: Kind, { cluster, local, any }: Categories): Rule {
  const target = (isLocal: boolean): Target => ({
    endpoints: isLocal ? local : cluster,
    // Somebody elsewhere could have answered: the packet is dropped, so that the sender tries another node.
    otherwise: any ? 'dropped' : 'refused',
  })
  const internally = target(spec.internalTrafficPolicy === 'Local')
  const externally = target(spec.externalTrafficPolicy === 'Local')
  return {
    servicePort,
    // From inside, an external address is a short way to the cluster's endpoints, whatever the policy.
    inside: kind === 'cluster' ? internally : target(false),
    outside: kind === 'cluster' ? internally : externally,
    affinitySeconds:
      spec.sessionAffinity === 'ClientIP'
        ? (spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800)
        : undefined,
    sources: kind === 'load balancer' ? (spec.loadBalancerSourceRanges ?? []) : [],
  }
}
