/** The subsets of a Service's Endpoints in canonical order (pkg/controller/endpoint, pkg/api/v1/endpoints). */
import { addressesOf, belongs, hostnameIn, isReady, portOf } from '../../lib/endpoints/pod.ts'
import { isIpv6 } from '../../lib/ip.ts'
import type { core, Pod, Service } from '../../protocol/objects.ts'
import { portsInOrder, subsetsInOrder } from './order.ts'

type Address = core.EndpointAddress
type Port = core.EndpointPort
export type Subset = core.EndpointSubset

/** Endpoints hold at most so many addresses. */
export const CAPACITY = 1000

/** One address and whether it is ready, for one port (`undefined`: a headless Service without ports). */
interface Offer {
  readonly address: Address
  readonly ready: boolean
  readonly port: Port | undefined
}

export const subsetsOf = (service: Service, pods: readonly Pod[]): readonly Subset[] =>
  repacked(pods.flatMap((pod) => offersOf(service, pod)))

function offersOf(service: Service, pod: Pod): readonly Offer[] {
  const publish = service.spec.publishNotReadyAddresses === true
  if (!belongs(pod, publish)) return []
  const address = addressOf(service, pod)
  if (address === undefined) return []
  const ready = publish || isReady(pod)
  const ports = service.spec.ports ?? []
  if (ports.length === 0) return service.spec.clusterIP === 'None' ? [{ address, ready, port: undefined }] : []
  return ports.flatMap((servicePort) => {
    const port = portOf(pod, servicePort)
    return port === undefined ? [] : [{ address, ready, port: portFrom(servicePort, port) }]
  })
}

/** podToEndpointAddressForService: the address of the Service's own family. */
function addressOf(service: Service, pod: Pod): Address | undefined {
  const wantsIpv6 = service.spec.ipFamilies?.[0] === 'IPv6'
  const ip = addressesOf(pod).find((address) => isIpv6(address) === wantsIpv6)
  if (ip === undefined) return undefined
  const { name, namespace, uid } = pod.metadata
  const hostname = hostnameIn(pod, service)
  return {
    ip,
    ...(hostname === undefined ? {} : { hostname }),
    ...(pod.spec.nodeName === undefined ? {} : { nodeName: pod.spec.nodeName }),
    targetRef: {
      kind: 'Pod',
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
    },
  }
}

const portFrom = ({ name, protocol = 'TCP', appProtocol }: core.ServicePort, port: number): Port => ({
  ...(name === undefined || name === '' ? {} : { name }),
  port,
  protocol,
  ...(appProtocol === undefined ? {} : { appProtocol }),
})

/** RepackSubsets: ports that the very same addresses offer go into one subset. */
function repacked(offers: readonly Offer[]): readonly Subset[] {
  const byPort = new Map<string, { readonly port: Port | undefined; readonly offers: Map<string, Offer> }>()
  for (const offer of offers) {
    const key = JSON.stringify(offer.port ?? '')
    const group = byPort.get(key) ?? { port: offer.port, offers: new Map<string, Offer>() }
    byPort.set(key, group)
    const place = `${offer.address.ip} ${offer.address.targetRef?.uid ?? ''}`
    const known = group.offers.get(place)
    group.offers.set(place, known === undefined || known.ready ? offer : known)
  }
  const byAddresses = new Map<string, { readonly offers: readonly Offer[]; readonly ports: Port[] }>()
  for (const { port, offers: found } of byPort.values()) {
    const sorted = [...found].sort(([a], [b]) => byText(a, b))
    const key = sorted.map(([place, { ready }]) => `${place} ${ready}`).join()
    const group = byAddresses.get(key) ?? { offers: sorted.map(([, offer]) => offer), ports: [] }
    byAddresses.set(key, group)
    if (port !== undefined) group.ports.push(port)
  }
  return subsetsInOrder([...byAddresses.values()].map(subset))
}

function subset({ offers, ports }: { readonly offers: readonly Offer[]; readonly ports: Port[] }): Subset {
  const ready = offers.filter((offer) => offer.ready).map(({ address }) => address)
  const notReady = offers.filter((offer) => !offer.ready).map(({ address }) => address)
  return {
    ...(ready.length === 0 ? {} : { addresses: ready }),
    ...(notReady.length === 0 ? {} : { notReadyAddresses: notReady }),
    ...(ports.length === 0 ? {} : { ports: portsInOrder(ports) }),
  }
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/**
 * truncateEndpoints: at most 1000 addresses, ready ones first, of each subset its share.
 * @returns the same subsets when they fit.
 */
export function truncated(subsets: readonly Subset[]): readonly Subset[] {
  const ready = subsets.reduce((sum, { addresses = [] }) => sum + addresses.length, 0)
  const notReady = subsets.reduce((sum, { notReadyAddresses = [] }) => sum + notReadyAddresses.length, 0)
  if (ready + notReady <= CAPACITY) return subsets
  const cutsReady = ready > CAPACITY
  const room = cutsReady ? CAPACITY : CAPACITY - ready
  let left = room
  return subsets.map((subset) => {
    const { addresses = [], notReadyAddresses = [], ports } = subset
    const cut = cutsReady ? addresses : notReadyAddresses
    const share = Math.ceil((cut.length / (cutsReady ? ready : notReady)) * room)
    const kept = cut.slice(0, Math.min(share, left))
    left -= kept.length
    const [shown, hidden] = cutsReady ? [kept, []] : [addresses, kept]
    return {
      ...(shown.length === 0 ? {} : { addresses: shown }),
      ...(hidden.length === 0 ? {} : { notReadyAddresses: hidden }),
      ...(ports === undefined ? {} : { ports }),
    }
  })
}
