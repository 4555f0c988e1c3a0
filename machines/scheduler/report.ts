/** What the scheduler writes about its decisions: conditions, nominations, Events. */
import { joined } from '../lib/joined.ts'
import { patch, placeOf } from '../lib/requests.ts'
import { rfc3339 } from '../lib/time.ts'
import type { ApiRequest, User } from '../protocol/api.ts'
import type { EventHappened } from '../protocol/cache.ts'
import { keyOf, type Pod, referenceTo } from '../protocol/objects.ts'
import { asNote } from './diagnosis.ts'
import { nominatedTo } from './nominations.ts'

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
export const preemptedEvent = (victim: Pod, preemptor: Pod, node: string): EventHappened => ({
  type: 'event.happened',
  about: referenceTo(victim),
  kind: 'Normal',
  reason: 'Preempted',
  message: `Preempted by pod ${preemptor.metadata.uid} on node ${node}`,
})

/** @param nominate the node that the pod is nominated to from now on, '' for none; undefined leaves that as it is */
export const isNews = (pod: Pod, failure: Failure, nominate: string | undefined): boolean =>
  !isSaid(pod, conditionOf(failure)) || changesNomination(pod, nominate)

/** handleSchedulingFailure → updatePod → PatchPodStatus: what changes, and nothing else. */
export function failurePatch(
  user: User,
  pod: Pod,
  failure: Failure,
  nominate: string | undefined,
  at: number,
): ApiRequest {
  const condition = conditionOf(failure)
  const status = {
    ...(isSaid(pod, condition) ? {} : { conditions: [dated(pod, condition, at)] }),
    ...(changesNomination(pod, nominate) ? { nominatedNodeName: nominate === '' ? null : nominate } : {}),
  }
  return patch(user, placeOf('pods', pod, 'status'), 'strategic', { status })
}
const changesNomination = (pod: Pod, nominate: string | undefined): boolean =>
  nominate !== undefined && nominate !== nominatedTo(pod)

const conditionOf = ({ reason, message }: Failure) => ({ type: 'PodScheduled', status: 'False', reason, message })

/** util.ClearNominatedNodeName. */
export const clearedNomination = (user: User, pod: Pod): ApiRequest =>
  patch(user, placeOf('pods', pod, 'status'), 'strategic', { status: { nominatedNodeName: null } })

/** PreemptPod: what a victim's status says before it is deleted. */
export const disruptionPatch = (user: User, victim: Pod, preemptor: Pod, at: number): ApiRequest =>
  patch(user, placeOf('pods', victim, 'status'), 'strategic', {
    status: { conditions: [dated(victim, disruptionBy(preemptor), at)] },
  })
export const isMarked = (victim: Pod, preemptor: Pod): boolean => isSaid(victim, disruptionBy(preemptor))

const disruptionBy = ({ spec }: Pod) => ({
  type: 'DisruptionTarget',
  status: 'True',
  reason: 'PreemptionByScheduler',
  message: `${spec.schedulerName ?? 'default-scheduler'}: preempting to accommodate a higher priority pod`,
})

interface Condition {
  readonly type: string
  readonly status: string
  readonly reason?: string
  readonly message?: string
  readonly lastTransitionTime?: string
}
/** podutil.UpdatePodCondition: is it there already, word for word? */
function isSaid({ status }: Pod, { type, status: value, reason, message }: Condition): boolean {
  const was = conditionsOf(status).find((condition) => condition.type === type)
  return was?.status === value && was.reason === reason && was.message === message
}
function dated({ status }: Pod, condition: Condition, at: number) {
  const was = conditionsOf(status).find(({ type }) => type === condition.type)
  const lastTransitionTime = was?.status === condition.status ? was.lastTransitionTime : rfc3339(at)
  return joined(condition, { lastProbeTime: null, lastTransitionTime })
}
const conditionsOf = (status: Pod['status']): readonly Condition[] => status?.conditions ?? []
