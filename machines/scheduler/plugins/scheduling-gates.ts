/** SchedulingGates: a pod with gates is not even queued. */
import { type Plugin, unresolvable } from '../framework.ts'

export const schedulingGates: Plugin = {
  name: 'SchedulingGates',
  preEnqueue({ pod }) {
    const gates = (pod.spec.schedulingGates ?? []).map(({ name }) => name)
    return gates.length === 0
      ? undefined
      : unresolvable(`waiting for scheduling gates: [${gates.map((gate) => gate).join(' ')}]`)
  },
}
