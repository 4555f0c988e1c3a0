/** What the monitor says to the actor of one node, mostly with the node as the cache shows it now. */
import type { Address } from '../../../runtime/contract.ts'
import type { ControllerInput } from '../../protocol/cache.ts'
import type { Node, Pod } from '../../protocol/objects.ts'

export interface NodeHealthInput extends ControllerInput {
  readonly node: Node
  readonly monitor: Address
}
/** Not all pods of the node could be marked as not ready: the monitor names them again in its next pass (nodesToRetry). */
export interface PodsUnmarked {
  readonly type: 'pods.unmarked'
  readonly node: string
}
/** The pods that are ready on it while it is not, once more. */
export interface PodsMistaken {
  readonly type: 'pods.mistaken'
  readonly pods: readonly Pod[]
}
/** The monitor has seen the node for the first time. */
export interface NodeRegistered {
  readonly type: 'node.registered'
}
export interface NodeChanged {
  readonly type: 'node.changed'
  readonly node: Node
}
/** Neither status nor Lease was heard of for the grace period. */
export interface HeartbeatStopped {
  readonly type: 'heartbeat.stopped'
  readonly node: Node
  readonly pods: readonly Pod[]
}
/** Its turn in the zone's queue: it may be tainted NoExecute. */
export interface TurnCame {
  readonly type: 'turn.came'
  readonly node: Node
}
/** A node with one of the NoExecute taints is in the wrong state for it: the other one is needed now. */
export interface TaintMistaken {
  readonly type: 'taint.mistaken'
  readonly node: Node
}
/** It is ready again (or the whole cluster is lost): its NoExecute taints go. */
export interface NodeReached {
  readonly type: 'node.reached'
  readonly node: Node
}
/** A pod came to it, ready, while it is not. */
export interface PodMistaken {
  readonly type: 'pod.mistaken'
  readonly pod: Pod
}
export interface NodeRemoved {
  readonly type: 'node.removed'
}
export type Told =
  | NodeRegistered
  | NodeChanged
  | HeartbeatStopped
  | TurnCame
  | TaintMistaken
  | NodeReached
  | PodMistaken
  | PodsMistaken
  | NodeRemoved
