/** What the allocator and the actor of one node's range say to one another. */
import type { Address } from '../../../runtime/contract.ts'
import type { ControllerInput } from '../../protocol/cache.ts'

export interface NodeRangeInput extends ControllerInput {
  readonly node: string
  readonly cidr: string
  readonly allocator: Address
}
/** The node's range stands in its spec. */
export interface RangeAssigned {
  readonly type: 'range.assigned'
  readonly node: string
}
/** The range could not be written: it is free again. `mayStand`: the request was lost, it may be written all the same. */
export interface RangeRefused {
  readonly type: 'range.refused'
  readonly node: string
  readonly cidr: string
  readonly mayStand: boolean
}
