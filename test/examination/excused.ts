/** Where Kubernetes v1.32 itself does not come to the same end: the model does what it does. */
import type { Failure } from '../../machines/cluster/examination/examine.ts'

export interface Excuse {
  readonly controller: string
  /** How the words of the disturbance begin. */
  readonly words: string
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
]

export const isExcused = (controller: string, { words }: Failure): boolean =>
  EXCUSED.some((excuse) => excuse.controller === controller && words.startsWith(excuse.words))
