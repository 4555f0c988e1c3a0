/** Keeps the zone in step with services and their endpoints; a change costs what it touches. */
import { Tree } from '../../runtime/tree.ts'
import type { CacheChanged } from '../protocol/cache.ts'
import type { ApiObject, EndpointSlice, Service } from '../protocol/objects.ts'
import { endpointsOf, type Zone } from './resolve.ts'

export function changed(zone: Zone, { resource, deltas }: CacheChanged): Zone {
  return resource === 'services'
    ? deltas.reduce(
        (next, { key, was, now }) => serviceChanged(next, key, was as Service | undefined, now as Service | undefined),
        zone,
      )
    : deltas.reduce(
        (next, { key, was, now }) => sliceChanged(sliceChanged(next, key, was, undefined), key, now, now),
        zone,
      )
}

function serviceChanged(zone: Zone, key: string, was: Service | undefined, now: Service | undefined): Zone {
  return named({ ...unnamed(zone, was), services: zone.services.update(key, () => now) }, now)
}

function sliceChanged(zone: Zone, key: string, of: ApiObject | undefined, now: ApiObject | undefined): Zone {
  const name = of?.metadata.labels?.['kubernetes.io/service-name']
  if (of === undefined || name === undefined) return zone
  const serviceKey = `${of.metadata.namespace ?? ''}/${name}`
  const service = zone.services.get(serviceKey)
  const slices = zone.slices.update(serviceKey, (tree = Tree.of<EndpointSlice>()) => {
    const next = tree.update(key, () => now as EndpointSlice | undefined)
    return next.size === 0 ? undefined : next
  })
  return named({ ...unnamed(zone, service), slices }, service)
}

const unnamed = (zone: Zone, service: Service | undefined): Zone => ({
  ...zone,
  names: namesOf(zone, service).reduce((names, [ip]) => names.delete(ip), zone.names),
})
const named = (zone: Zone, service: Service | undefined): Zone => ({
  ...zone,
  names: namesOf(zone, service).reduce((names, [ip, name]) => names.set(ip, name), zone.names),
})

/** A cluster IP is called by its service; of endpoints those of headless services have names. */
function namesOf(zone: Zone, service: Service | undefined): readonly (readonly [ip: string, name: string])[] {
  if (service === undefined || service.spec.type === 'ExternalName') return []
  const own = `${service.metadata.name}.${service.metadata.namespace ?? ''}.svc.${zone.domain}.`
  if (service.spec.clusterIP !== 'None')
    return (service.spec.clusterIPs ?? [service.spec.clusterIP ?? '']).map((ip) => [ip, own])
  return endpointsOf(zone, service).map(({ ip, label }) => [ip, `${label}.${own}`])
}
