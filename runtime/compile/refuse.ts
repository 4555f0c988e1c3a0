/** How a chart is turned away that the compiled step cannot take as XState would. */
import type { AnyStateNode } from 'xstate'
import { pathOf } from '../coverage.ts'

/** @throws always: what is not known, where it stands, and what to write instead. */
export function refuse(node: AnyStateNode, what: string, instead: string): never {
  throw new Error(`${placeOf(node)}: ${what} is not known to the compiled step. ${instead}`)
}

/** `pod-worker, state running.idle`; for the root the id of the machine alone. */
export const placeOf = (node: AnyStateNode): string =>
  node.parent === undefined ? node.machine.id : `${node.machine.id}, state ${pathOf(node)}`
