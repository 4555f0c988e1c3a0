/** NodeName: a pod that names its node fits no other. */
import { type Plugin, unresolvable } from '../framework.ts'

export const nodeName: Plugin = {
  name: 'NodeName',
  sign: ({ pod: { spec } }) => [spec.nodeName],
  filter({ pod: { spec } }, { name }) {
    if (spec.nodeName === undefined || spec.nodeName === '' || spec.nodeName === name) return undefined
    return unresolvable("node(s) didn't match the requested node name")
  },
}
