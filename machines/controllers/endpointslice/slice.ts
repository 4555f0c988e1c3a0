/** Slices of a Service: how a new one looks, which labels it carries (k8s.io/endpointslice/utils.go). */
import type { EndpointSlice, Service } from '../../protocol/objects.ts'
import { controllerOf, controllerReference } from '../kit/owners.ts'
import { same } from '../kit/same.ts'
import type { AddressType, Endpoint, Port } from './endpoint.ts'

export const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by'
export const SERVICE_NAME = 'kubernetes.io/service-name'
export const HEADLESS = 'service.kubernetes.io/headless'
export const MANAGER = 'endpointslice-controller.k8s.io'
const RESERVED: ReadonlySet<string> = new Set([MANAGED_BY, SERVICE_NAME, HEADLESS])

type Labels = Readonly<Record<string, string>>

/** A slice that is not there yet has no name. */
export interface NewSlice extends Omit<EndpointSlice, 'endpoints' | 'ports'> {
  readonly endpoints: readonly Endpoint[]
  readonly ports: readonly Port[]
}
/** The same of one that is there: a slice without endpoints or ports is stored with `null`. */
export const opened = (slice: EndpointSlice): NewSlice => ({
  ...slice,
  endpoints: slice.endpoints ?? [],
  ports: slice.ports ?? [],
})
/** As it goes over the wire: like the real controller's, an empty list is written as `null`. */
export const written = ({ metadata: { name, ...metadata }, endpoints, ports, ...rest }: NewSlice): unknown => ({
  ...rest,
  metadata: name === '' ? metadata : { name, ...metadata },
  endpoints: endpoints.length === 0 ? null : endpoints,
  ports: ports.length === 0 ? null : ports,
})

export function newSlice(service: Service, addressType: AddressType, ports: readonly Port[]): NewSlice {
  const { name, namespace } = service.metadata
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: '',
      generateName: `${name}-`,
      ...(namespace === undefined ? {} : { namespace }),
      labels: labelsOf(service),
      ownerReferences: [controllerReference({ ...service, apiVersion: 'v1', kind: 'Service' })],
    },
    addressType,
    endpoints: [],
    ports,
  }
}

/** setEndpointSliceLabels: those of the Service, and the reserved ones. */
export const labelsOf = ({ metadata, spec }: Service): Record<string, string> => ({
  ...unreserved(metadata.labels),
  ...(isHeadless(spec) ? { [HEADLESS]: '' } : {}),
  [SERVICE_NAME]: metadata.name,
  [MANAGED_BY]: MANAGER,
})
/** The reserved labels do not count. */
export const hasItsLabels = (slice: NewSlice, { metadata }: Service): boolean =>
  same(unreserved(slice.metadata.labels), unreserved(metadata.labels))

const unreserved = (labels: Labels = {}): Labels =>
  Object.fromEntries(Object.entries(labels).filter(([key]) => !RESERVED.has(key)))

/** Not IsServiceIPSet. */
const isHeadless = ({ clusterIP }: Service['spec']): boolean => clusterIP === 'None' || !clusterIP

export const isOwnedBy = (slice: NewSlice, service: Service): boolean =>
  controllerOf(slice as unknown as EndpointSlice)?.uid === service.metadata.uid

/** The placeholder of a Service without endpoints, as one may already be there. */
export const isPlaceholder = (slice: NewSlice, placeholder: NewSlice): boolean =>
  slice.endpoints.length === 0 &&
  slice.ports.length === 0 &&
  slice.addressType === placeholder.addressType &&
  same(slice.metadata.labels, placeholder.metadata.labels)
