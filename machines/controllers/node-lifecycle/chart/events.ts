/** What the actor of a node hears and knows, and the verbs that speak of it. */
import { type CallLost, verbs } from '../../../../runtime/contract.ts'
import type { ApiAnswered } from '../../../protocol/api.ts'
import type { Pod } from '../../../protocol/objects.ts'
import type { Execution } from '../taints.ts'
import type { NodeHealthInput, Told } from '../words.ts'

export interface Context extends NodeHealthInput {
  readonly execution: Execution
  /** Patches of its taints that met a conflict, in a row. */
  readonly conflicts: number
  /** Tries to write that nothing is heard of it. */
  readonly tries: number
  /** Pods to be marked as not ready. */
  readonly pods: readonly Pod[]
  /** One of them could not be. */
  readonly unmarked: boolean
}
export type Events = Told | ApiAnswered | CallLost

/** Its requests, each on a line of its own. */
export const STATUS = 'status'
export const TAINTS = 'taints'
export const LABELS = 'labels'
export const POD = 'pod'

export const { update, ask, decide, when, lasting } = verbs<Context, Events>()
