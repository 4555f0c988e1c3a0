/**
 * Since when endpoints are behind: the earliest of the changes that a sync takes in, for the annotation
 * `endpoints.kubernetes.io/last-change-trigger-time` (endpointslice/util TriggerTimeTracker).
 */
import { Tree } from '../../../runtime/tree.ts'
import type { Pod, Service } from '../../protocol/objects.ts'
import { readyCondition } from './pod.ts'

export const TRIGGER_TIME = 'endpoints.kubernetes.io/last-change-trigger-time'

/** The times that the last sync saw, RFC 3339 texts of whole seconds: they sort as they follow. */
export interface TriggerTimes {
  readonly pods: Tree<string>
  readonly service: string
}
export const noTriggerTimes: TriggerTimes = { pods: Tree.of(), service: '' }

/** @returns the earliest new trigger, or undefined when nothing that has a time is new. */
export function triggered(
  { pods: known, service: created }: TriggerTimes,
  { metadata }: Service,
  pods: readonly Pod[],
): readonly [times: TriggerTimes, earliest: string | undefined] {
  let earliest: string | undefined
  const consider = (time: string, last: string): void => {
    if (time > last && (earliest === undefined || time < earliest)) earliest = time
  }
  let times = known.size > pods.length ? Tree.of<string>() : known
  for (const pod of pods) {
    const { name } = pod.metadata
    const time = readyCondition(pod)?.lastTransitionTime ?? ''
    const last = known.get(name) ?? ''
    if (time === '') continue
    consider(time, last)
    if (times.get(name) !== time) times = times.set(name, time)
  }
  const service = metadata.creationTimestamp ?? ''
  consider(service, created)
  return [{ pods: times, service }, earliest]
}

/** The annotations of endpoints after a change: the trigger time is set, or removed when there is none. */
export function withTriggerTime(
  annotations: Readonly<Record<string, string>> | undefined,
  earliest: string | undefined,
): Readonly<Record<string, string>> | undefined {
  const { [TRIGGER_TIME]: _, ...others } = annotations ?? {}
  const next = earliest === undefined ? others : { ...others, [TRIGGER_TIME]: earliest }
  return Object.keys(next).length === 0 ? undefined : next
}
