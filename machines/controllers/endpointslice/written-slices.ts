/** What a controller wrote and its cache may not show yet (k8s.io/endpointslice/util EndpointSliceTracker). */
import { Tree } from '../../../runtime/tree.ts'
import type { ApiObject, EndpointSlice } from '../../protocol/objects.ts'

interface Version {
  readonly generation: number
  readonly resourceVersion: number
}
/** By uid: the version last written, or that it was deleted. */
export type WrittenSlices = Tree<Version | 'deleted'>
export const nothingWritten: WrittenSlices = Tree.of()

export const wrote = (slices: WrittenSlices, { metadata }: ApiObject): WrittenSlices =>
  slices.set(metadata.uid ?? '', {
    generation: metadata.generation ?? 0,
    resourceVersion: Number(metadata.resourceVersion),
  })

export const removed = (slices: WrittenSlices, uid: string | undefined): WrittenSlices =>
  slices.set(uid ?? '', 'deleted')

/**
 * StaleSlices: the cache shows a slice as it was before the last write. A slice that is missing from a cache newer than
 * the write has been deleted by somebody else.
 */
export function isOutdated(written: WrittenSlices, shown: readonly EndpointSlice[], cacheVersion: string): boolean {
  if (written.size === 0) return false
  const generations = new Map(shown.map(({ metadata }) => [metadata.uid, metadata.generation ?? 0]))
  return written.entries().some(([uid, expected]) => {
    const generation = generations.get(uid)
    if (expected === 'deleted') return generation !== undefined
    if (generation === undefined) return Number(cacheVersion) < expected.resourceVersion
    return generation < expected.generation
  })
}
