/** Pods on a node that is not ready cannot be reached: they are not ready either (MarkPodsNotReady). */
import { rfc3339 } from '../../lib/time.ts'
import type { Pod } from '../../protocol/objects.ts'
import { isReady } from '../kit/pods.ts'

/** Those whose condition is to be changed. */
export const mistakenlyReady = (pods: readonly Pod[]): readonly Pod[] => pods.filter(isReady)

export function notReady(pod: Pod, at: number): Pod {
  const conditions = (pod.status?.conditions ?? []).map((condition) =>
    condition.type === 'Ready' ? { ...condition, status: 'False', lastTransitionTime: rfc3339(at) } : condition,
  )
  return { ...pod, status: { ...pod.status, conditions } }
}
