/** Events about the node itself: they carry its name as uid. */
import { type Address, send } from '../../../runtime/contract.ts'
import type { ObjectReference } from '../../protocol/objects.ts'

const reference = (name: string): ObjectReference => ({ apiVersion: 'v1', kind: 'Node', name, uid: name })

/** `Node node-1 status is now: NodeReady` */
export const nodeEvent = (recorder: Address, node: string, reason: string) =>
  send(recorder, {
    type: 'event.happened',
    about: reference(node),
    kind: 'Normal',
    reason,
    message: `Node ${node} status is now: ${reason}`,
  })
export const plainNodeEvent = (recorder: Address, node: string, reason: string, message: string) =>
  send(recorder, { type: 'event.happened', about: reference(node), kind: 'Normal', reason, message })
export const warnedOf = (recorder: Address, node: string, reason: string, message: string) =>
  send(recorder, { type: 'event.happened', about: reference(node), kind: 'Warning', reason, message })
