/** Where a set stands, from what the caches say: its pods, those it is to claim, and those that may go. */
import { Tree } from '../../../runtime/tree.ts'
import { labelsMatch } from '../../lib/selector.ts'
import { orphansOf, type View } from '../../protocol/cache.ts'
import type { Pod, ReplicaSet } from '../../protocol/objects.ts'
import { type Claim, claims } from '../kit/claims.ts'
import { controllerOf } from '../kit/owners.ts'
import { isActive } from '../kit/pods.ts'
import { counted } from './counts.ts'
import type { Kind } from './kind.ts'

/** A ReplicaSet creates and deletes no more than so many pods at once (BurstReplicas). */
export const BURST_REPLICAS = 500

export const setAt = (kind: Kind, key: string, view: View): ReplicaSet | undefined =>
  view[kind.resource]?.objects.get(key) as ReplicaSet | undefined

/** The pods that name the set as their controller, whatever has become of them. */
export const podsOf = ({ metadata }: ReplicaSet, view: View): Tree<Pod> =>
  view.pods?.by.owner?.get(metadata.uid ?? '') ?? Tree.of<Pod>()

/** What it has to adopt and to release among active pods, before it counts. */
export function podClaims(kind: Kind, set: ReplicaSet, pods: Tree<Pod>, view: View): readonly Claim<Pod>[] {
  const selector = kind.selectorOf(set)
  const matches = (pod: Pod): boolean => labelsMatch(selector, pod.metadata.labels ?? {})
  const orphans = view.pods?.by.owner?.get(orphansOf(set.metadata.namespace))
  // The selector matches the template's labels: when all pods bear those there is nothing to look for among them.
  const { active, fullyLabeled } = counted(set, pods, 0)
  return claims(set, active === fullyLabeled ? undefined : pods, orphans, matches).filter(({ object }) =>
    isActive(object),
  )
}

/** The pods after a claim has been settled. */
export const claimed = (pods: Tree<Pod>, key: string, { what, object }: Claim<Pod>, adopted: boolean): Tree<Pod> =>
  what === 'adopt' && adopted ? pods.set(key, object) : pods.delete(key)

/** How many pods are missing (above 0) or too many (below), within one burst. */
export function missing({ spec }: ReplicaSet, active: number): number {
  const difference = (spec.replicas ?? 1) - active
  return Math.max(-BURST_REPLICAS, Math.min(BURST_REPLICAS, difference))
}

/** getIndirectlyRelatedPods: those of all sets that the same controller has, the old ones of a Deployment among them. */
export function relatedPods(kind: Kind, set: ReplicaSet, view: View): readonly Pod[] {
  const owner = controllerOf(set)?.uid
  if (owner === undefined) return []
  const sets = view[kind.resource]?.by.owner?.get(owner)?.values() ?? []
  return sets.flatMap((each) => podsOf(each as ReplicaSet, view).values())
}
