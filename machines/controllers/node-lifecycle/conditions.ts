/** A node's conditions, and what the monitor makes of them (tryUpdateNodeHealth). */
import { rfc3339 } from '../../lib/time.ts'
import type { core, Node } from '../../protocol/objects.ts'

export const conditionOf = ({ status }: Node, type: string): core.NodeCondition | undefined =>
  status?.conditions?.find((condition) => condition.type === type)

export type Readiness = 'True' | 'False' | 'Unknown'

/** `undefined`: the kubelet has never posted its status. */
export const readinessOf = (node: Node): Readiness | undefined => readyOf(node)?.status as Readiness | undefined

/** Its Ready condition. Every pass asks for that of every node, and most nodes are as they were. */
export function readyOf(node: Node): core.NodeCondition | undefined {
  const before = known.get(node)
  if (before !== undefined) return before.ready
  const ready = conditionOf(node, 'Ready')
  known.set(node, { ready })
  return ready
}
const known = new WeakMap<Node, { readonly ready: core.NodeCondition | undefined }>()

const TYPES = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure']

/** The node when nothing was heard of it for too long. */
export function unheardOf(node: Node, at: number): Node {
  const conditions = (node.status?.conditions ?? []).map((condition) =>
    TYPES.includes(condition.type) && condition.status !== 'Unknown'
      ? {
          ...condition,
          status: 'Unknown',
          reason: 'NodeStatusUnknown',
          message: 'Kubelet stopped posting node status.',
          lastTransitionTime: rfc3339(at),
        }
      : condition,
  )
  const missing = TYPES.filter((type) => conditionOf(node, type) === undefined).map((type) => ({
    type,
    status: 'Unknown',
    reason: 'NodeStatusNeverUpdated',
    message: 'Kubelet never posted node status.',
    ...(node.metadata.creationTimestamp === undefined ? {} : { lastHeartbeatTime: node.metadata.creationTimestamp }),
    lastTransitionTime: rfc3339(at),
  }))
  return { ...node, status: { ...node.status, conditions: [...conditions, ...missing] } }
}
