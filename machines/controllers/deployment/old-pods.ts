/** Whether pods of old ReplicaSets still run: a Deployment that re-creates waits for their end (recreate.go). */
import { labelsMatch } from '../../lib/selector.ts'
import type { Cache } from '../../protocol/cache.ts'
import type { Deployment, Pod, ReplicaSet } from '../../protocol/objects.ts'
import { actualReplicas } from './replica-sets.ts'

/** oldPodsRunning: one that is being deleted still runs, one that is over does not. */
export function oldPodsRun(deployment: Deployment, old: readonly ReplicaSet[], pods: Cache | undefined): boolean {
  if (actualReplicas(old) > 0) return true
  return old.some((set) => podsOf(deployment, set, pods).some(({ status }) => !isOver(status?.phase)))
}

/** The pods of one ReplicaSet that the Deployment's selector matches (getPodMapForDeployment). */
export const podsOf = ({ spec }: Deployment, { metadata }: ReplicaSet, pods: Cache | undefined): readonly Pod[] =>
  ((pods?.by.owner?.get(metadata.uid ?? '')?.values() ?? []) as Pod[]).filter((pod) =>
    labelsMatch(spec.selector, pod.metadata.labels ?? {}),
  )

const isOver = (phase: string | undefined): boolean => phase === 'Succeeded' || phase === 'Failed'
