/** Hints by zone for a Service with `trafficDistribution: PreferClose` (k8s.io/endpointslice/trafficdist). */
import type { Service } from '../../protocol/objects.ts'
import { same } from '../kit/same.ts'
import type { Endpoint } from './endpoint.ts'
import type { NewSlice } from './slice.ts'

export const prefersClose = ({ spec }: Service): boolean =>
  (spec as { trafficDistribution?: string }).trafficDistribution === 'PreferClose'

/** Each ready endpoint serves its own zone. @returns the same slice when its hints are as they should be. */
export function hinted(slice: NewSlice, close: boolean): NewSlice {
  let changed = false
  const endpoints = slice.endpoints.map((endpoint) => {
    const { hints, ...bare } = endpoint
    const wanted = close ? hintsOf(endpoint) : undefined
    if (same(hints, wanted)) return endpoint
    changed = true
    return wanted === undefined ? bare : { ...bare, hints: wanted }
  })
  return changed ? { ...slice, endpoints } : slice
}

const hintsOf = ({ conditions, zone }: Endpoint): Endpoint['hints'] | undefined =>
  conditions?.ready === false || zone === undefined ? undefined : { forZones: [{ name: zone }] }
