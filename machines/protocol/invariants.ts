/**
 * How a component says what must hold after each of its steps. An invariant sees one step only, so that to check it costs
 * what the step cost; what can be judged only from several machines or over time is in `machines/cluster/watch/`.
 */
import type { Address, Effect } from '../../runtime/contract.ts'

/** One step of one actor. */
export interface Step<Context = unknown> {
  readonly self: Address
  /** Virtual time, in ms. */
  readonly at: number
  readonly from: Address
  readonly event: { readonly type: string }
  /** Undefined at birth. */
  readonly before: Context | undefined
  readonly after: Context
  /** Where its chart stood before (undefined at birth) and stands now. */
  readonly was: unknown
  readonly state: unknown
  readonly effects: readonly Effect[]
}

export interface Invariant<Context> {
  /** The machine that it is about. */
  readonly machine: string
  /** A sentence in the present. */
  readonly says: string
  /** @returns what is wrong, in a sentence; undefined when it holds */
  readonly broken: (step: Step<Context>) => string | undefined
}
