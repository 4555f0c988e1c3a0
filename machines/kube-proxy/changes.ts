/**
 * What changed since the rules were written: the services whose rules must be made again. Keeps the slices of each
 * service, so that a change costs what it touches.
 *
 * Modelled on pkg/proxy/servicechangetracker.go and endpointschangetracker.go.
 */
import { Tree } from '../../runtime/tree.ts'
import type { CacheChanged } from '../protocol/cache.ts'
import type { ApiObject, EndpointSlice, Service } from '../protocol/objects.ts'
import type { Place } from './endpoints.ts'
import { type Rules, withService } from './rules.ts'

export interface Known {
  readonly services: Tree<Service>
  /** By the service's key, then by the slice's. */
  readonly slices: Tree<Tree<EndpointSlice>>
  readonly dirty: Tree<true>
}
export const nothingKnown: Known = {
  services: Tree.of<Service>(),
  slices: Tree.of<Tree<EndpointSlice>>(),
  dirty: Tree.of<true>(),
}

export function noted(known: Known, { resource, deltas }: CacheChanged): Known {
  return resource === 'services'
    ? deltas.reduce((next, { key, now }) => serviceNoted(next, key, now as Service | undefined), known)
    : deltas.reduce(
        (next, { key, was, now }) => sliceNoted(sliceNoted(next, key, was, undefined), key, now, now),
        known,
      )
}

const serviceNoted = ({ services, slices, dirty }: Known, key: string, now: Service | undefined): Known => ({
  services: services.update(key, () => now),
  slices,
  dirty: dirty.set(key, true),
})

function sliceNoted(known: Known, key: string, of: ApiObject | undefined, now: ApiObject | undefined): Known {
  const name = of?.metadata.labels?.['kubernetes.io/service-name']
  if (of === undefined || name === undefined || name === '') return known
  const service = `${of.metadata.namespace ?? ''}/${name}`
  const slices = known.slices.update(service, (tree = Tree.of<EndpointSlice>()) => {
    const next = tree.update(key, () => now as EndpointSlice | undefined)
    return next.size === 0 ? undefined : next
  })
  return { ...known, slices, dirty: known.dirty.set(service, true) }
}

/** The rules with all changes put in, and nothing left to do. */
export function synced(rules: Rules, known: Known, place: Place): readonly [Rules, Known] {
  let next = rules
  known.dirty.each((_, key) => {
    const slices =
      known.slices
        .get(key)
        ?.values()
        .filter(({ addressType }) => addressType === 'IPv4') ?? []
    next = withService(next, key, known.services.get(key), slices, place)
  })
  return [next, { ...known, dirty: nothingKnown.dirty }]
}
