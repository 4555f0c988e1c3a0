/** Endpoints of Services without a selector are mirrored to slices (pkg/controller/endpointslicemirroring). */
import { create, placeOf, remove, update } from '../../lib/requests.ts'
import type { EventHappened, ObjectInput, View } from '../../protocol/cache.ts'
import { type ApiObject, type EndpointSlice, type Endpoints, keyFor, type Service } from '../../protocol/objects.ts'
import type { Controller } from '../kit/controller.ts'
import { type Listed, supervised } from '../kit/listed.ts'
import { type Decision, objectMachine, type Write } from '../kit/object.ts'
import { happened } from '../kit/sync.ts'
import { type Changes, changesFor, MANAGED_BY, MANAGER, MOST_PER_SUBSET, SERVICE_NAME } from './mirrored.ts'

const SLICES = 'endpointslices.discovery.k8s.io'
const SKIPPED = 'endpointslice.kubernetes.io/skip-mirror'
const LEADER = 'control-plane.alpha.kubernetes.io/leader'

export const mirroredEndpoints = objectMachine({
  id: 'mirrored-endpoints',
  decide: (view, key, input) => decided(view, key, input),
})

export const endpointSliceMirroringController: Controller = {
  name: 'endpointslice-mirroring',
  component: 'endpoint-slice-mirroring-controller',
  serviceAccount: 'endpointslicemirroring-controller',
  resource: 'endpoints',
  object: 'mirrored-endpoints',
  workers: 5,
  maxRetries: 15,
  caches: [{ resource: 'endpoints' }, { resource: 'services' }, { resource: SLICES }],
  concerns: (resource, { key, was, now }, view) => {
    if (resource === 'services') return mayMatter(was, now) ? [key] : []
    if (resource === SLICES) return [...new Set([...mirroredBy(was), ...mirroredBy(now)])]
    // Those of a Service with a selector are another controller's, and change often.
    return hasSelector(view.services?.objects.get(key)) ? [] : [key]
  },
}
export const endpointSliceMirroring: Listed = supervised(endpointSliceMirroringController, mirroredEndpoints)

/** Of a Service it matters whether it is there and whether it selects. */
const mayMatter = (was: ApiObject | undefined, now: ApiObject | undefined): boolean =>
  (was === undefined) !== (now === undefined) ? !hasSelector((now ?? was) as Service) : selectionChanged(was, now)
const selectionChanged = (was: ApiObject | undefined, now: ApiObject | undefined): boolean =>
  hasSelector(was as Service) !== hasSelector(now as Service)
const hasSelector = (service: Service | undefined): boolean => service?.spec.selector !== undefined

function mirroredBy(slice: ApiObject | undefined): readonly string[] {
  const { namespace, labels } = slice?.metadata ?? {}
  const name = labels?.[SERVICE_NAME]
  return labels?.[MANAGED_BY] !== MANAGER || name === undefined ? [] : [keyFor(namespace, name)]
}

function decided(view: View, key: string, { user }: ObjectInput): Decision {
  const endpoints = view.endpoints?.objects.get(key)
  const service = view.services?.objects.get(key)
  const slices = slicesOf(view, key)
  const deletion = (slice: EndpointSlice): Write => ({
    request: remove(user, placeOf(SLICES, slice)),
    unless: ['NotFound'],
  })
  if (endpoints === undefined || service === undefined || hasSelector(service) || !isToBeMirrored(endpoints))
    return { writes: slices.map(deletion), gone: true }
  const changes = changesFor(endpoints, slices)
  const { created, updated, deleted } = changes
  const isGoing = endpoints.metadata.deletionTimestamp !== undefined
  const writes = [
    ...(isGoing
      ? []
      : created.map((slice): Write => ({ request: create(user, placeOf(SLICES, slice), unnamed(slice)) }))),
    ...updated.map((slice): Write => ({ request: update(user, placeOf(SLICES, slice), slice) })),
    ...deleted.map(deletion),
  ]
  return { writes, events: eventsOf(endpoints, changes) }
}

/** What elects leaders changes all the time and is no address. */
const isToBeMirrored = ({ metadata: { labels, annotations } }: Endpoints): boolean =>
  labels?.[SKIPPED] !== 'true' && annotations?.[LEADER] === undefined

/** Found by the prefix of their names, which the server made from the Service's. */
function slicesOf(view: View, key: string): readonly EndpointSlice[] {
  const slices: EndpointSlice[] = []
  view[SLICES]?.objects.range(`${key}-`, `${key}.`, (slice) => {
    if (mirroredBy(slice)[0] === key) slices.push(slice)
    return true
  })
  return slices
}
const unnamed = ({ metadata: { name: _, ...metadata }, ...slice }: EndpointSlice) => ({ ...slice, metadata })

function eventsOf(endpoints: Endpoints, { invalid, skipped }: Changes): readonly EventHappened[] {
  const warn = (reason: string, message: string) => happened(endpoints, 'Warning', reason, message)
  const tooMany = `A max of ${MOST_PER_SUBSET} addresses can be mirrored to EndpointSlices per Endpoints subset. ${skipped} addresses were skipped`
  return [
    ...(invalid === 0
      ? []
      : [warn('InvalidIPAddress', `Skipped ${invalid} invalid IP addresses when mirroring to EndpointSlices`)]),
    ...(skipped > invalid ? [warn('TooManyAddressesToMirror', tooMany)] : []),
  ]
}
