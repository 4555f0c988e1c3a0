/** The row of a Service (printService). */
import type { Service } from '../../protocol/objects.ts'
import { age } from './age.ts'
import type { Cell } from './rows.ts'

export function serviceCells(service: Service, now: number): readonly Cell[] {
  const { metadata, spec } = service
  return [
    metadata.name,
    spec.type ?? '',
    (spec as { clusterIPs?: readonly string[] }).clusterIPs?.[0] ?? '<none>',
    externalIp(service),
    ports(service),
    age(metadata.creationTimestamp, now),
    labelsText(spec.selector),
  ]
}

/** labels.FormatLabels: `a=b,c=d`, or `<none>`. */
export function labelsText(labels: Readonly<Record<string, string>> | undefined): string {
  const entries = Object.entries(labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  return entries.length === 0 ? '<none>' : entries.map(([key, value]) => `${key}=${value}`).join(',')
}

function externalIp({ spec, status }: Service): string {
  const external = spec.externalIPs ?? []
  if (spec.type === 'ExternalName') return spec.externalName ?? ''
  if (spec.type !== 'LoadBalancer') return external.join(',') || '<none>'
  const balanced = (status?.loadBalancer?.ingress ?? [])
    .map(({ ip, hostname }) => ip || hostname || '')
    .filter((each) => each !== '')
  return [...[...new Set(balanced)].sort(), ...external].join(',') || '<pending>'
}

const ports = ({ spec }: Service): string =>
  (spec.ports ?? [])
    .map(({ port, nodePort, protocol }) => (nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`))
    .join(',') || '<none>'
