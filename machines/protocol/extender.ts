/**
 * What the scheduler asks of extenders (k8s.io/kube-scheduler/extender/v1), and of Permit plugins that are no part of it.
 * An extender is somebody outside who speaks HTTP: its role is `extender/workstation/<where>`, played by a gateway in
 * live mode, or by a machine of one's own.
 */
import type { Address } from '../../runtime/contract.ts'
import type { Pod } from './objects.ts'

/** One POST of JSON. */
export interface ExtenderAsked {
  readonly type: 'extender.asked'
  readonly url: string
  readonly body: unknown
}
export interface ExtenderAnswered {
  readonly type: 'extender.answered'
  /** The status code of HTTP. */
  readonly code: number
  readonly body: unknown
  /** Why there is no answer at all. */
  readonly error?: string
}

/** `https://example.com:8888/scheduler` is `extender/workstation/example.com:8888/scheduler`. */
export const extenderAt = (urlPrefix: string): Address =>
  `extender/workstation/${urlPrefix.replace(/^https?:\/\//, '').replace(/\/+$/, '')}`

/** May the pod go to this node, for which it is reserved? A call. */
export interface PermitAsked {
  readonly type: 'permit.asked'
  readonly pod: Pod
  readonly node: string
  /** Who waits when the answer is `wait`: to be told `permit.allowed` or `permit.rejected`. */
  readonly waiter: Address
}
export interface PermitAnswered {
  readonly type: 'permit.answered'
  readonly verdict: 'allow' | 'wait' | 'reject'
  /** Why it is rejected. */
  readonly message?: string
  /** How long it may wait; 15 min at most. */
  readonly timeoutMs?: number
}
export interface PermitAllowed {
  readonly type: 'permit.allowed'
  readonly plugin: string
}
export interface PermitRejected {
  readonly type: 'permit.rejected'
  readonly plugin: string
  readonly message: string
}
