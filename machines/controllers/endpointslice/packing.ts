/** Endpoints into slices of at most 100 with as few writes as possible (reconciler.go reconcileByPortMapping). */
import { type Endpoint, identityOf, isUnchanged } from './endpoint.ts'
import type { NewSlice } from './slice.ts'

/** `--max-endpoints-per-slice` */
export const MOST_ENDPOINTS = 100

export interface Packed {
  readonly create: readonly NewSlice[]
  readonly update: readonly NewSlice[]
  readonly remove: readonly NewSlice[]
}
export interface Labelling {
  readonly isRight: (slice: NewSlice) => boolean
  readonly labels: Record<string, string>
}

/**
 * @param existing the slices with these ports
 * @param wanted all endpoints with these ports
 * @param blank a new slice with these ports
 */
export function packed(
  existing: readonly NewSlice[],
  wanted: readonly Endpoint[],
  blank: NewSlice,
  labelling: Labelling,
): Packed {
  const missing = new Map(wanted.map((endpoint) => [identityOf(endpoint), endpoint]))
  const changed: NewSlice[] = []
  const unchanged: NewSlice[] = []
  const remove: NewSlice[] = []
  for (const slice of existing) {
    const [kept, moved] = keptOf(slice, missing)
    if (moved && kept.length === 0) remove.push(slice)
    else if (moved || !labelling.isRight(slice)) changed.push(relabelled(slice, kept, labelling))
    else unchanged.push(slice)
  }
  const left = [...missing.values()]
  const update = filledFullestFirst(changed, left)
  const create: NewSlice[] = []
  while (left.length > 0) {
    const roomy = left.length < MOST_ENDPOINTS ? bestFit(unchanged, left.length) : undefined
    if (roomy === undefined) create.push(filled(blank, left))
    else {
      unchanged.splice(unchanged.indexOf(roomy), 1)
      update.push(filled(roomy, left))
    }
  }
  return { create, update, remove }
}

/** What stays of a slice, in its newest form, and whether anything about it is different. */
function keptOf(
  { endpoints }: NewSlice,
  missing: Map<string, Endpoint>,
): readonly [kept: readonly Endpoint[], moved: boolean] {
  const kept: Endpoint[] = []
  let moved = false
  for (const endpoint of endpoints) {
    const identity = identityOf(endpoint)
    const now = missing.get(identity)
    if (now === undefined) continue
    missing.delete(identity)
    kept.push(now)
    if (!isUnchanged(now, endpoint)) moved = true
  }
  return [kept, moved || kept.length !== endpoints.length]
}

const relabelled = (slice: NewSlice, endpoints: readonly Endpoint[], { labels }: Labelling): NewSlice => ({
  ...slice,
  metadata: { ...slice.metadata, labels },
  endpoints,
})

/** Takes as many as fit off the front of `left`. */
function filled(slice: NewSlice, left: Endpoint[]): NewSlice {
  const more = left.splice(0, Math.max(0, MOST_ENDPOINTS - slice.endpoints.length))
  return { ...slice, endpoints: [...slice.endpoints, ...more] }
}

/** Slices that are written anyway take what is missing. */
const filledFullestFirst = (slices: readonly NewSlice[], left: Endpoint[]): NewSlice[] =>
  [...slices]
    .sort((a, b) => b.endpoints.length - a.endpoints.length)
    .map((slice) => (left.length === 0 ? slice : filled(slice, left)))

/** getSliceToFill: the one that is fullest afterwards. */
function bestFit(slices: readonly NewSlice[], count: number): NewSlice | undefined {
  let best: NewSlice | undefined
  let least = MOST_ENDPOINTS
  for (const slice of [...slices].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))) {
    const room = MOST_ENDPOINTS - slice.endpoints.length - count
    if (room >= 0 && room < least) [best, least] = [slice, room]
  }
  return best
}
