/**
 * Which slices of a Service are to be created, updated and deleted (k8s.io/endpointslice/reconciler.go Reconcile).
 * Asks for nothing when all is as it should be.
 */
import { belongs } from '../../lib/endpoints/pod.ts'
import type { EndpointSlice, Node, Pod, Service } from '../../protocol/objects.ts'
import { type AddressType, type Endpoint, endpointOf, type Port, portKey, portsOf } from './endpoint.ts'
import { hinted, prefersClose } from './hints.ts'
import { type Labelling, type Packed, packed } from './packing.ts'
import { hasItsLabels, isOwnedBy, isPlaceholder, labelsOf, type NewSlice, newSlice, opened } from './slice.ts'

export interface Plan extends Packed {
  /** Why the sync fails although all is written: a pod on a node that nobody knows. */
  readonly complaint?: string
}

/** @param nodeNamed the node, when it is known */
export function planned(
  service: Service,
  pods: readonly Pod[],
  existing: readonly EndpointSlice[],
  nodeNamed: (name: string) => Node | undefined,
): Plan {
  const families = (service.spec.ipFamilies ?? ['IPv4']) as readonly AddressType[]
  const slices = existing.map(opened)
  const isSupported = ({ addressType }: NewSlice) => families.includes(addressType as AddressType)
  const plans = families.map((family) =>
    plannedFor(
      family,
      service,
      pods,
      slices.filter(({ addressType }) => addressType === family),
      nodeNamed,
    ),
  )
  const complaint = plans.find(({ complaint }) => complaint !== undefined)?.complaint
  return {
    create: plans.flatMap(({ create }) => create),
    update: plans.flatMap(({ update }) => update),
    remove: [...plans.flatMap(({ remove }) => remove), ...slices.filter((slice) => !isSupported(slice))],
    ...(complaint === undefined ? {} : { complaint }),
  }
}

/** reconcileByAddressType */
function plannedFor(
  family: AddressType,
  service: Service,
  pods: readonly Pod[],
  existing: readonly NewSlice[],
  nodeNamed: (name: string) => Node | undefined,
): Plan {
  const { groups, complaint } = grouped(family, service, pods, nodeNamed)
  const mine = byPorts(existing.filter((slice) => isOwnedBy(slice, service)))
  const labelling: Labelling = { labels: labelsOf(service), isRight: (slice) => hasItsLabels(slice, service) }
  const packs = [...groups].map(([key, { ports, endpoints }]) =>
    packed(mine.get(key) ?? [], endpoints, newSlice(service, family, ports), labelling),
  )
  const unused = [...mine].filter(([key]) => !groups.has(key)).flatMap(([, slices]) => slices)
  const foreign = existing.filter((slice) => !isOwnedBy(slice, service))
  const all: Packed = {
    create: packs.flatMap(({ create }) => create),
    update: packs.flatMap(({ update }) => update),
    remove: [...foreign, ...packs.flatMap(({ remove }) => remove), ...unused],
  }
  const plan = reused(service, withHints(service, existing, withPlaceholder(service, family, existing, all)))
  return complaint === undefined ? plan : { ...plan, complaint }
}

function byPorts(slices: readonly NewSlice[]): ReadonlyMap<string, readonly NewSlice[]> {
  const groups = new Map<string, NewSlice[]>()
  for (const slice of slices) {
    const key = portKey(slice.ports)
    groups.set(key, [...(groups.get(key) ?? []), slice])
  }
  return groups
}

interface Group {
  readonly ports: readonly Port[]
  readonly endpoints: Endpoint[]
}
/** The wanted endpoints by the ports that they offer. */
function grouped(
  family: AddressType,
  service: Service,
  pods: readonly Pod[],
  nodeNamed: (name: string) => Node | undefined,
) {
  const groups = new Map<string, Group>()
  let complaint: string | undefined
  for (const pod of pods) {
    if (!belongs(pod, true)) continue
    const ports = portsOf(service, pod)
    const key = portKey(ports)
    const group = groups.get(key) ?? { ports, endpoints: [] }
    groups.set(key, group)
    const node = nodeNamed(pod.spec.nodeName ?? '')
    if (node === undefined && service.spec.publishNotReadyAddresses !== true) {
      const { namespace, name } = service.metadata
      complaint ??= `skipping Pod ${pod.metadata.name} for Service ${namespace}/${name}: Node ${pod.spec.nodeName} Not Found`
      continue
    }
    const endpoint = endpointOf(pod, node, service, family)
    if (endpoint.addresses.length > 0) group.endpoints.push(endpoint)
  }
  return { groups, complaint }
}

/** A Service without endpoints has one slice that says so. */
function withPlaceholder(service: Service, family: AddressType, existing: readonly NewSlice[], plan: Packed): Packed {
  if (existing.length !== plan.remove.length || plan.create.length > 0) return plan
  const placeholder = newSlice(service, family, [])
  const [only, ...others] = plan.remove
  if (only !== undefined && others.length === 0 && isPlaceholder(only, placeholder)) return { ...plan, remove: [] }
  return { ...plan, create: [placeholder] }
}

function withHints(service: Service, existing: readonly NewSlice[], plan: Packed): Packed {
  const close = prefersClose(service)
  const touched = new Set([...plan.update, ...plan.remove].map(({ metadata }) => metadata.name))
  const others = existing.filter(({ metadata }) => !touched.has(metadata.name))
  const toHint = others.map((slice) => hinted(slice, close)).filter((slice) => !others.includes(slice))
  return {
    create: plan.create.map((slice) => hinted(slice, close)),
    update: [...plan.update.map((slice) => hinted(slice, close)), ...toHint],
    remove: plan.remove,
  }
}

/** finalize: instead of a deletion and a creation, the slice that would go becomes the one that would come. */
function reused(service: Service, { create, update, remove }: Packed): Packed {
  const fresh = [...create]
  const changed = [...update]
  const gone: NewSlice[] = []
  for (const slice of remove) {
    const next = fresh.at(-1)
    if (next !== undefined && next.addressType === slice.addressType && isOwnedBy(slice, service)) {
      fresh.pop()
      changed.push({ ...next, metadata: { ...next.metadata, name: slice.metadata.name } })
    } else gone.push(slice)
  }
  // A Service that is being deleted gets no new slices: the garbage collector is about to delete them.
  return { create: service.metadata.deletionTimestamp === undefined ? fresh : [], update: changed, remove: gone }
}
