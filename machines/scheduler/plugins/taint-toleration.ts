/** TaintToleration: taints keep pods away unless tolerated; those that only prefer to are counted. */
import type { core } from '../../protocol/objects.ts'
import { normalized, type Plugin, unresolvable } from '../framework.ts'
import { tolerates, untolerated } from '../tolerations.ts'

/** The tolerations that matter to PreferNoSchedule. */
export const taintToleration: Plugin<unknown, readonly core.Toleration[]> = {
  name: 'TaintToleration',
  sign: ({ pod: { spec } }) => [spec.tolerations],
  filter({ pod }, { taints }) {
    const taint = untolerated(pod.spec.tolerations, taints)
    return taint && unresolvable(`node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`)
  },
  preScore: ({ pod }) => ({
    state: (pod.spec.tolerations ?? []).filter(({ effect = '' }) => effect === '' || effect === 'PreferNoSchedule'),
  }),
  score: (_, { taints }, tolerations) =>
    taints.filter((taint) => taint.effect === 'PreferNoSchedule' && !tolerates(tolerations, taint)).length,
  normalize: (scores) => normalized(scores, true),
}
