/**
 * Which objects a controller's object claims: it adopts orphans that its selector matches and releases its own that it
 * no longer matches (k8s.io/kubernetes/pkg/controller/controller_ref_manager.go).
 */
import type { Tree } from '../../../runtime/tree.ts'
import type { ApiObject } from '../../protocol/objects.ts'
import { controllerReference } from './owners.ts'

export interface Claim<T extends ApiObject = ApiObject> {
  readonly what: 'adopt' | 'release'
  readonly object: T
}

/**
 * @param owned What names it as its controller (index `owner` under its uid).
 * @param orphans What has no controller in its namespace (index `owner` under `orphansOf`).
 */
export function claims<T extends ApiObject>(
  owner: ApiObject,
  owned: Tree<T> | undefined,
  orphans: Tree<T> | undefined,
  matches: (object: T) => boolean,
): readonly Claim<T>[] {
  if (owner.metadata.deletionTimestamp !== undefined) return []
  const claimed: Claim<T>[] = []
  owned?.each((object) => {
    if (!matches(object)) claimed.push({ what: 'release', object })
  })
  orphans?.each((object) => {
    if (object.metadata.deletionTimestamp === undefined && matches(object)) claimed.push({ what: 'adopt', object })
  })
  return claimed
}

/** The strategic merge patch of a claim; the uid makes it fail on another object of that name. */
export const claimPatch = (owner: ApiObject, { what, object }: Claim): object => ({
  metadata: {
    uid: object.metadata.uid,
    ownerReferences: what === 'adopt' ? [controllerReference(owner)] : [{ $patch: 'delete', uid: owner.metadata.uid }],
  },
})

/** RecheckDeletionTimestamp: before the first adoption the owner is read anew from the API server. */
export const mayAdopt = (owner: ApiObject, fresh: ApiObject): boolean =>
  fresh.metadata.uid === owner.metadata.uid && fresh.metadata.deletionTimestamp === undefined

/** What was released is as good as gone, whatever became of it; what was to be adopted and is gone cannot be. */
export const isSettled = ({ what }: Claim, code: number): boolean =>
  code < 300 || code === 404 || (what === 'release' && code === 422)
