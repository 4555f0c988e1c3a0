/** What the scheduler writes about its decisions: the PodScheduled condition, Events, the Binding. */
import { patch, placeOf } from '../lib/requests.ts'
import { rfc3339 } from '../lib/time.ts'
import type { ApiRequest, User } from '../protocol/api.ts'
import type { EventHappened } from '../protocol/cache.ts'
import { keyOf, type Pod, referenceTo } from '../protocol/objects.ts'
import { asNote } from './diagnosis.ts'

/** `Unschedulable`: it was rejected. `SchedulerError`: something failed on the way. */
export interface Failure {
  readonly reason: 'Unschedulable' | 'SchedulerError'
  readonly message: string
}

export const scheduledEvent = (pod: Pod, node: string): EventHappened => ({
  type: 'event.happened',
  about: referenceTo(pod),
  kind: 'Normal',
  reason: 'Scheduled',
  message: `Successfully assigned ${keyOf(pod)} to ${node}`,
})
export const failedEvent = (pod: Pod, message: string): EventHappened => ({
  type: 'event.happened',
  about: referenceTo(pod),
  kind: 'Warning',
  reason: 'FailedScheduling',
  message: asNote(message),
})

/** Is the condition not there yet, word for word? What says nothing new is not written: podutil.UpdatePodCondition. */
export function isNews({ status }: Pod, { reason, message }: Failure): boolean {
  const was = conditionOf(status?.conditions)
  return was?.status !== 'False' || was.reason !== reason || was.message !== message
}

/** handleSchedulingFailure → updatePod → PatchPodStatus. */
export function conditionPatch(user: User, pod: Pod, { reason, message }: Failure, at: number): ApiRequest {
  const was = conditionOf(pod.status?.conditions)
  const condition = {
    type: 'PodScheduled',
    status: 'False',
    reason,
    message,
    lastProbeTime: null,
    lastTransitionTime: was?.status === 'False' ? was.lastTransitionTime : rfc3339(at),
  }
  return patch(user, placeOf('pods', pod, 'status'), 'strategic', { status: { conditions: [condition] } })
}

const conditionOf = (conditions: readonly Condition[] = []): Condition | undefined =>
  conditions.find(({ type }) => type === 'PodScheduled')
interface Condition {
  readonly type: string
  readonly status: string
  readonly reason?: string
  readonly message?: string
  readonly lastTransitionTime?: string
}
