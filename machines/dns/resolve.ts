/**
 * What the cluster's DNS answers. Modelled on the CoreDNS plugin `kubernetes` with `pods insecure` and the DNS
 * specification 1.1.0 of Kubernetes.
 */
import { Tree } from '../../runtime/tree.ts'
import type { DnsAnswered, DnsQuery, DnsRecord, RecordType } from '../protocol/network.ts'
import type { EndpointSlice, Service } from '../protocol/objects.ts'

export interface Zone {
  /** `cluster.local` */
  readonly domain: string
  readonly services: Tree<Service>
  /** By the service's key, then by the slice's. */
  readonly slices: Tree<Tree<EndpointSlice>>
  /** Names of addresses: services by cluster IP, endpoints by their own. */
  readonly names: Tree<string>
}
export const emptyZone = (domain: string): Zone => ({
  domain,
  services: Tree.of<Service>(),
  slices: Tree.of<Tree<EndpointSlice>>(),
  names: Tree.of<string>(),
})

const TTL_SECONDS = 30

export function resolve(zone: Zone, { name, record }: DnsQuery): DnsAnswered {
  const asked = name.toLowerCase().replace(/\.$/, '')
  const found = recordsOf(zone, asked)
  if (found === undefined) return { type: 'dns.answered', code: 'NXDOMAIN', answers: [] }
  const fitting = found.filter((each) => each.record === record || (each.record === 'CNAME' && record !== 'SRV'))
  return { type: 'dns.answered', code: 'NOERROR', answers: fitting }
}

/** Every record of a name; undefined when there is no such name. */
function recordsOf(zone: Zone, name: string): readonly DnsRecord[] | undefined {
  const suffix = `.${zone.domain}`
  if (name.endsWith('.in-addr.arpa')) return pointer(zone, name)
  if (!name.endsWith(suffix)) return undefined
  const labels = name.slice(0, -suffix.length).split('.')
  const kind = labels.at(-1)
  if (kind === 'dns-version') return [record(name, 'TXT', '1.1.0')]
  if (kind === 'pod' && labels.length === 3) return podRecord(name, labels[0] as string)
  if (kind !== 'svc' || labels.length < 3) return undefined
  const [serviceName, namespace] = labels.slice(-3, -1) as [string, string]
  const service = zone.services.get(`${namespace}/${serviceName}`)
  return service === undefined ? undefined : ofService(zone, service, name, labels.slice(0, -3))
}

function pointer({ names }: Zone, name: string): readonly DnsRecord[] | undefined {
  const ip = name.slice(0, -'.in-addr.arpa'.length).split('.').reverse().join('.')
  const found = names.get(ip)
  return found === undefined ? undefined : [record(name, 'PTR', found)]
}

/** `10-244-1-7.default.pod.cluster.local`: any address, whether or not there is such a pod. */
function podRecord(name: string, dashed: string): readonly DnsRecord[] | undefined {
  const ip = dashed.replaceAll('-', '.')
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(ip) ? [record(name, 'A', ip)] : undefined
}

/** @param before the labels in front of the service's own name. */
function ofService(
  zone: Zone,
  service: Service,
  name: string,
  before: readonly string[],
): readonly DnsRecord[] | undefined {
  const { spec } = service
  if (spec.type === 'ExternalName')
    return before.length === 0 ? [record(name, 'CNAME', `${spec.externalName ?? ''}.`)] : undefined
  const isHeadless = spec.clusterIP === 'None'
  const [first, second] = before
  if (before.length === 2 && first?.startsWith('_') && second?.startsWith('_')) {
    return portRecords(zone, service, name, first.slice(1), second.slice(1))
  }
  if (before.length === 1 && isHeadless) {
    const ips = endpointsOf(zone, service).filter(({ label }) => label === first)
    return ips.length === 0 ? undefined : ips.map(({ ip }) => record(name, 'A', ip))
  }
  if (before.length > 0) return undefined
  const ips = isHeadless ? endpointsOf(zone, service).map(({ ip }) => ip) : (spec.clusterIPs ?? [spec.clusterIP ?? ''])
  // A headless service without endpoints has no name of its own.
  if (isHeadless && ips.length === 0) return undefined
  return [...new Set(ips)].map((ip) => record(name, 'A', ip))
}

function portRecords(
  zone: Zone,
  service: Service,
  name: string,
  port: string,
  protocol: string,
): readonly DnsRecord[] | undefined {
  const own = name.slice(name.indexOf('.', name.indexOf('.') + 1) + 1)
  if (service.spec.clusterIP === 'None') {
    const found = endpointsOf(zone, service).flatMap(({ label, ports }) =>
      ports
        .filter((each) => each.name === port && each.protocol.toLowerCase() === protocol)
        .map((each) => ({ target: `${label}.${own}.`, number: each.port })),
    )
    if (found.length === 0) return undefined
    const weight = Math.max(1, Math.floor(100 / found.length))
    return found.map(({ target, number }) => record(name, 'SRV', `0 ${weight} ${number} ${target}`))
  }
  const found = service.spec.ports?.find(
    (each) => each.name === port && (each.protocol ?? 'TCP').toLowerCase() === protocol,
  )
  return found === undefined ? undefined : [record(name, 'SRV', `0 100 ${found.port} ${own}.`)]
}

interface EndpointName {
  readonly ip: string
  /** Its hostname, or its address with dashes. */
  readonly label: string
  readonly ports: readonly { readonly name: string; readonly protocol: string; readonly port: number }[]
}

/** Those that are ready; all of them when the service publishes those that are not (the slices then call them ready). */
export function endpointsOf({ slices }: Pick<Zone, 'slices'>, { metadata }: Service): readonly EndpointName[] {
  const mine = slices.get(`${metadata.namespace ?? ''}/${metadata.name}`)
  return (mine?.values() ?? []).flatMap(({ endpoints, ports }) =>
    (endpoints ?? [])
      .filter(({ conditions }) => conditions?.ready ?? true)
      .flatMap(({ addresses, hostname }) =>
        addresses.map((ip) => ({
          ip,
          label: hostname ?? ip.replaceAll('.', '-'),
          ports: (ports ?? []).map((each) => ({
            name: each.name ?? '',
            protocol: each.protocol ?? 'TCP',
            port: each.port ?? 0,
          })),
        })),
      ),
  )
}

const record = (name: string, kind: RecordType, value: string): DnsRecord => ({
  name: `${name}.`,
  record: kind,
  ttlSeconds: TTL_SECONDS,
  value,
})
