/** The slices that mirror Endpoints which somebody made by hand: pkg/controller/endpointslicemirroring/reconciler.go. */
import { isIpv6, parseIp } from '../../lib/ip.ts'
import type { core, discovery, EndpointSlice, Endpoints } from '../../protocol/objects.ts'
import { controllerReference } from '../kit/owners.ts'
import { same } from '../kit/same.ts'

export const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by'
export const MANAGER = 'endpointslicemirroring-controller.k8s.io'
export const SERVICE_NAME = 'kubernetes.io/service-name'
const RESERVED: ReadonlySet<string> = new Set([MANAGED_BY, SERVICE_NAME])
/** Annotations that say how the Endpoints came about, not what they are. */
const UNMIRRORED: ReadonlySet<string> = new Set([
  'endpoints.kubernetes.io/last-change-trigger-time',
  'kubectl.kubernetes.io/last-applied-configuration',
])
/** `--mirroring-max-endpoints-per-subset` */
export const MOST_PER_SUBSET = 1_000

type Addresses = 'IPv4' | 'IPv6'
type Address = core.EndpointAddress

export interface Changes {
  readonly created: readonly EndpointSlice[]
  readonly updated: readonly EndpointSlice[]
  readonly deleted: readonly EndpointSlice[]
  /** Addresses that are none, and all that were left out. */
  readonly invalid: number
  readonly skipped: number
}

/** What is wanted of one group of ports and one family of addresses. */
interface Wanted {
  readonly ports: readonly discovery.EndpointPort[]
  readonly addressType: Addresses
  readonly endpoints: Map<string, discovery.Endpoint>
}

/** @param slices those that mirror these Endpoints at present */
export function changesFor(endpoints: Endpoints, slices: readonly EndpointSlice[]): Changes {
  const { wanted, invalid, skipped } = wantedOf(endpoints)
  const existing = new Map<string, EndpointSlice[]>()
  for (const slice of slices) {
    const key = keyFor(slice.ports ?? [], slice.addressType as Addresses)
    existing.set(key, [...(existing.get(key) ?? []), slice])
  }
  const created: EndpointSlice[] = []
  const updated: EndpointSlice[] = []
  const deleted = [...existing].flatMap(([key, own]) => (wanted.has(key) ? own.slice(1) : own))
  for (const [key, group] of wanted) {
    const first = existing.get(key)?.[0]
    const next = sliceOf(endpoints, group, first?.metadata.name)
    if (first === undefined) created.push(next)
    else if (!mirrors(first, next)) updated.push(next)
  }
  // recycleSlices: what is to go becomes what is to come.
  const recycled = Math.min(created.length, deleted.length)
  const reborn = created.splice(0, recycled).map((slice, i) => named(slice, deleted[i]?.metadata.name ?? ''))
  return { created, updated: [...updated, ...reborn], deleted: deleted.slice(recycled), invalid, skipped }
}

function wantedOf({ subsets = [] }: Endpoints) {
  const wanted = new Map<string, Wanted>()
  let invalid = 0
  let skipped = 0
  for (const { addresses = [], notReadyAddresses = [], ports = [] } of subsets) {
    const all = [
      ...addresses.map((address) => [address, true] as const),
      ...notReadyAddresses.map((address) => [address, false] as const),
    ]
    const slicePorts = ports.map(portOf)
    let taken = 0
    for (const [address, ready] of all) {
      if (taken === MOST_PER_SUBSET) break
      const addressType = typeOf(address.ip)
      if (addressType === undefined) invalid++
      else {
        taken++
        include(wanted, slicePorts, addressType, address, ready)
      }
    }
    skipped += all.length - taken
  }
  return { wanted, invalid, skipped }
}

function include(
  wanted: Map<string, Wanted>,
  ports: readonly discovery.EndpointPort[],
  addressType: Addresses,
  address: Address,
  ready: boolean,
): void {
  const key = keyFor(ports, addressType)
  const group = wanted.get(key) ?? { ports, addressType, endpoints: new Map() }
  wanted.set(key, group)
  const endpoint = endpointOf(address, ready)
  group.endpoints.set(identityOf(endpoint), endpoint)
}

const typeOf = (ip: string): Addresses | undefined => {
  if (parseIp(ip) !== undefined) return 'IPv4'
  return isIpv6(ip) ? 'IPv6' : undefined
}
const portOf = ({ name = '', port, protocol = 'TCP', appProtocol }: core.EndpointPort): discovery.EndpointPort => ({
  name,
  port,
  protocol,
  ...(appProtocol === undefined ? {} : { appProtocol }),
})
const endpointOf = ({ ip, targetRef, nodeName, hostname }: Address, ready: boolean): discovery.Endpoint => ({
  addresses: [ip],
  conditions: { ready },
  ...(hostname === undefined || hostname === '' ? {} : { hostname }),
  ...(nodeName === undefined ? {} : { nodeName }),
  ...(targetRef === undefined ? {} : { targetRef }),
})

/** EndpointSet: one endpoint for each address with its hostname, node and target. */
const identityOf = ({ addresses, hostname, nodeName, targetRef }: discovery.Endpoint): string =>
  [addresses.join(), hostname, nodeName, targetRef?.kind, targetRef?.namespace, targetRef?.name, targetRef?.uid].join(
    '|',
  )

/** Slices are grouped by their ports, whatever the order of these. */
const keyFor = (ports: readonly discovery.EndpointPort[], addressType: Addresses): string => {
  const texts = ports.map(({ name, port, protocol, appProtocol }) => [name, port, protocol, appProtocol].join('|'))
  return [addressType, ...texts.sort()].join(' ')
}

function sliceOf(endpoints: Endpoints, group: Wanted, name: string | undefined): EndpointSlice {
  const { metadata } = endpoints
  const annotations = kept(metadata.annotations, UNMIRRORED)
  const slice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      ...(name === undefined ? { name: '', generateName: `${metadata.name}-` } : { name }),
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      labels: { ...metadata.labels, [SERVICE_NAME]: metadata.name, [MANAGED_BY]: MANAGER },
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
      ownerReferences: [controllerReference({ ...endpoints, apiVersion: 'v1', kind: 'Endpoints' })],
    },
    addressType: group.addressType,
    endpoints: [...group.endpoints.values()].slice(0, MOST_PER_SUBSET),
    ports: [...group.ports],
  }
  return slice as EndpointSlice
}
const named = (slice: EndpointSlice, name: string): EndpointSlice => {
  const { generateName: _, ...metadata } = slice.metadata
  return { ...slice, metadata: { ...metadata, name } }
}

/** Whether a slice is already as it is to be; the order of endpoints says nothing. */
function mirrors(slice: EndpointSlice, next: EndpointSlice): boolean {
  const inOrder = ({ endpoints }: EndpointSlice) =>
    [...(endpoints ?? [])].sort((a, b) => (identityOf(a) < identityOf(b) ? -1 : 1))
  return (
    same(inOrder(slice), inOrder(next)) &&
    same(kept(slice.metadata.labels, RESERVED), kept(next.metadata.labels, RESERVED)) &&
    same(slice.metadata.annotations ?? {}, next.metadata.annotations ?? {})
  )
}
const kept = (texts: Readonly<Record<string, string>> = {}, without: ReadonlySet<string>): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).filter(([key]) => !without.has(key)))
