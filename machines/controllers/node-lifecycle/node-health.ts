/**
 * How it stands with one node in the eyes of the control plane (pkg/controller/nodelifecycle): what is heard of it, the
 * taints that tell of it, and its labels. The three go on side by side, each with a request of its own: regions in `chart/`.
 */
import { born } from '../../../runtime/contract.ts'
import { health } from './chart/health.ts'
import { labels } from './chart/labels.ts'
import { taints } from './chart/taints.ts'
import { words } from './chart/words.ts'
import type { NodeHealthInput } from './words.ts'

export const nodeHealth = words.createMachine({
  id: 'node-health',
  context: born((input: NodeHealthInput) => ({
    execution: 'as it is' as const,
    conflicts: 0,
    tries: 0,
    pods: [],
    unmarked: false,
    ...input,
  })),
  initial: 'known',
  states: {
    known: {
      type: 'parallel',
      on: {
        'node.changed': { actions: 'take it in' },
        'node.removed': 'removed',
      },
      states: {
        health,
        taints,
        labels,
      },
    },
    removed: { entry: 'tell that it is removed', type: 'final' },
  },
})
