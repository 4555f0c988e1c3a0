/** Where Kubernetes v1.32 itself does not come to the same end: the model does what it does. */
import type { Failure } from '../../machines/cluster/examination/examine.ts'

export interface Excuse {
  readonly controller: string
  /** How the words of the disturbance begin; any when absent. */
  readonly words?: string
  /** How each difference begins, but for the sentence that the end was never reached; any when absent. */
  readonly how?: string
  readonly because: string
}

export const EXCUSED: readonly Excuse[] = [
  {
    controller: 'taint-eviction',
    words: 'its API server crashes',
    // Read in the source: a timed worker that failed is dropped, and PodUpdated and NodeUpdated pass over what has the same
    // tolerations, node and taints as before, as everything has that an informer lists again.
    because:
      'An eviction is tried five times, 10 ms apart (tainteviction.deletePodHandler), and then not again before the pod or its node changes.',
  },
  {
    controller: 'node-lifecycle',
    how: 'Pod default/a.status.conditions is ',
    // Read in the source: MarkPodsNotReady follows a change that the pass itself saw (observed True, current Unknown), or
    // a failure of its own (nodesToRetry); and processPod drops pods of nodes that no pass has seen yet.
    because:
      'After a restart, or when the answer to its own write was lost, the monitor finds the node Unknown already, and never marks its pods (monitorNodeHealth).',
  },
]

const NEVER = 'it never came to its end'

export const isExcused = (controller: string, failure: Failure): boolean =>
  EXCUSED.some((excuse) => excuse.controller === controller && covers(excuse, failure))

const covers = ({ words = '', how = '' }: Excuse, failure: Failure): boolean =>
  failure.words.startsWith(words) &&
  failure.how.some((each) => each.startsWith(how)) &&
  failure.how.every((each) => each.startsWith(NEVER) || each.startsWith(how))
