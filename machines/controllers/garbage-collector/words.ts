/** What the garbage collector and the attempt at one object say to one another. */
import type { Address } from '../../../runtime/contract.ts'
import type { ControllerInput } from '../../protocol/cache.ts'
import type { Identity } from './graph.ts'
import type { Kind } from './kinds.ts'

export interface AttemptInput extends ControllerInput {
  readonly collector: Address
  readonly task: 'delete' | 'orphan'
  readonly item: Identity
  readonly isDeletingDependents: boolean
  /** Some dependent keeps it from going in the foreground. */
  readonly isBlocked: boolean
  readonly hasDependents: boolean
  /** One of its dependents waits for its own dependents: it may be a circle. */
  readonly hasWaitingDependents: boolean
  /** To be orphaned. */
  readonly dependents: readonly Identity[]
  /** Owners that are known to be gone, as `absentKey` writes them. */
  readonly absent: readonly string[]
  readonly ownKinds: readonly Kind[]
}
/**
 * What came of an attempt: done; failed (to be tried again); absent (the object itself does not exist); blocked (its
 * dependents are to be attempted first).
 */
export interface AttemptFinished {
  readonly type: 'attempt.finished'
  readonly task: 'delete' | 'orphan'
  readonly uid: string
  readonly outcome: 'done' | 'failed' | 'absent' | 'blocked'
  /** Owners that were found to be gone. */
  readonly absent: readonly string[]
}
