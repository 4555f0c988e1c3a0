/** NodeUnschedulable: cordoned nodes take only pods that tolerate the taint of cordoned nodes. */
import { type Plugin, unresolvable } from '../framework.ts'
import { CORDONED, tolerates } from '../tolerations.ts'

export const nodeUnschedulable: Plugin = {
  name: 'NodeUnschedulable',
  sign: ({ pod: { spec } }) => [spec.tolerations],
  filter({ pod }, { node }) {
    if (node.spec?.unschedulable !== true || tolerates(pod.spec.tolerations, CORDONED)) return undefined
    return unresolvable('node(s) were unschedulable')
  },
}
