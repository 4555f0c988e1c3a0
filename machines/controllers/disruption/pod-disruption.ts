/** What the disruption controller has to say to single pods: that they may stay after all, that too many budgets protect them. */
import { BUDGETS, protecting } from '../../lib/disruption-budget.ts'
import { placeOf, update as replacing } from '../../lib/requests.ts'
import type { EventHappened, View } from '../../protocol/cache.ts'
import type { Pod } from '../../protocol/objects.ts'
import { objectMachine } from '../kit/object.ts'
import { happened } from '../kit/sync.ts'
import { staleInMs, takenBack } from './stale-condition.ts'

export const podDisruption = objectMachine({
  id: 'pod-disruption',
  decide: (view, key, { user }, at) => {
    const pod = view.pods?.objects.get(key)
    if (pod === undefined) return { gone: true }
    const events = tooMany(pod, view)
    const inMs = staleInMs(pod, at)
    if (inMs === undefined) return { events, gone: true }
    if (inMs > 0) return { events, againAfterMs: inMs }
    return {
      events,
      writes: [{ request: replacing(user, placeOf('pods', pod, 'status'), takenBack(pod, at)) }],
      gone: true,
    }
  },
})

/** getPdbForPod: one budget is counted anew, the others are not. */
function tooMany(pod: Pod, view: View): readonly EventHappened[] {
  const [first, second] = protecting(view[BUDGETS]?.by.namespace?.get(pod.metadata.namespace ?? ''), pod)
  if (first === undefined || second === undefined) return []
  const { namespace, name } = pod.metadata
  const message = `Pod "${namespace}"/"${name}" matches multiple PodDisruptionBudgets.  Chose "${first.metadata.name}" arbitrarily.`
  return [happened(pod, 'Warning', 'MultiplePodDisruptionBudgets', message)]
}
