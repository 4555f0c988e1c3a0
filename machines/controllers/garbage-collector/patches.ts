/** The patches of the garbage collector (pkg/controller/garbagecollector/patch.go). */
import type { ApiObject, OwnerReference } from '../../protocol/objects.ts'

/** Owner references are merged by uid: those named are removed, and nobody else's object is touched. */
export const withoutOwners = (uid: string, owners: readonly string[]): unknown => ({
  metadata: { uid, ownerReferences: owners.map((owner) => ({ $patch: 'delete', uid: owner })) },
})

/** unblockOwnerReferencesStrategicMergePatch */
export const unblocking = (uid: string, owners: readonly OwnerReference[]): unknown => ({
  metadata: {
    uid,
    ownerReferences: owners
      .filter(({ blockOwnerDeletion }) => blockOwnerDeletion === true)
      .map((owner) => ({ ...owner, blockOwnerDeletion: false })),
  },
})

/** removeFinalizer: a merge patch for just this version. */
export const withoutFinalizer = ({ metadata }: ApiObject, finalizer: string): unknown => ({
  metadata: {
    resourceVersion: metadata.resourceVersion,
    finalizers: (metadata.finalizers ?? []).filter((other) => other !== finalizer),
  },
})
