/**
 * What a controller has done and not yet seen in its cache (k8s.io/kubernetes/pkg/controller, ControllerExpectations).
 * While something is unseen, nothing more is created or deleted: the cache would say that it is still missing.
 *
 * A creation is seen when the cache holds it, or is as new as its creation: then it has come and gone again. A deletion
 * is seen when the object is gone, or another of its name is there, or it bears its deletionTimestamp.
 */
import type { Cache } from '../../protocol/cache.ts'
import { type ApiObject, keyOf } from '../../protocol/objects.ts'

export interface Expectations {
  readonly creations: readonly Unseen[]
  readonly deletions: readonly Unseen[]
  readonly since: number
}
export interface Unseen {
  readonly key: string
  readonly uid: string
  readonly resourceVersion: string
}
/** ExpectationsTimeout: so long after the last expectation it is given up. */
export const EXPECTATIONS_TIMEOUT_MS = 300_000

export const noExpectations: Expectations = { creations: [], deletions: [], since: 0 }

export const unseen = (object: ApiObject): Unseen => ({
  key: keyOf(object),
  uid: object.metadata.uid ?? '',
  resourceVersion: object.metadata.resourceVersion ?? '',
})

/** What is left of them once this cache is seen. */
export function stillExpected(expectations: Expectations, cache: Cache | undefined, at: number): Expectations {
  const { creations, deletions, since } = expectations
  if (creations.length + deletions.length === 0) return expectations
  if (cache === undefined || at - since > EXPECTATIONS_TIMEOUT_MS) return noExpectations
  const left = {
    creations: creations.filter((one) => !isCreated(one, cache)),
    deletions: deletions.filter((one) => !isDeleted(one, cache)),
    since,
  }
  return areMet(left) ? noExpectations : left
}

export const areMet = ({ creations, deletions }: Expectations): boolean => creations.length + deletions.length === 0

const isCreated = ({ key, resourceVersion }: Unseen, { objects, resourceVersion: seen }: Cache): boolean =>
  objects.has(key) || Number(seen) >= Number(resourceVersion)

function isDeleted({ key, uid }: Unseen, { objects }: Cache): boolean {
  const now = objects.get(key)
  return now === undefined || now.metadata.uid !== uid || now.metadata.deletionTimestamp !== undefined
}
