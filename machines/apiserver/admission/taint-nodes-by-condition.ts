/** A node is not ready until somebody has seen that it is: plugin/pkg/admission/nodetaint. */
import { joined } from '../../lib/joined.ts'
import type { Node } from '../../protocol/objects.ts'
import { creates, type Plugin } from './plugin.ts'

const NOT_READY = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }

export const taintNodesByCondition: Plugin = (attempt, object) => {
  if (!creates(attempt, 'nodes')) return object
  const node = object as Node
  const taints = node.spec?.taints ?? []
  if (taints.some(({ key, effect }) => key === NOT_READY.key && effect === NOT_READY.effect)) return object
  return joined(node, { spec: joined(node.spec ?? {}, { taints: [...taints, NOT_READY] }) })
}
