/** What the controller and the actor of one pod's eviction say to one another. */
import type { Address } from '../../../runtime/contract.ts'
import type { ControllerInput } from '../../protocol/cache.ts'

export interface PodEvictionInput extends ControllerInput {
  /** `namespace/name` */
  readonly pod: string
  readonly uid: string
  /** For how long it bears the taints yet. */
  readonly afterMs: number
  readonly controller: Address
}
/** It bears the taints no longer at all. */
export interface PatienceEnded {
  readonly type: 'patience.ended'
}
/** It bears them for ever, they are gone, or so is the pod. */
export interface EvictionCancelled {
  readonly type: 'eviction.cancelled'
}
export interface EvictionEnded {
  readonly type: 'eviction.ended'
  readonly pod: string
  readonly uid: string
}
