/**
 * Trace records in the protocol of the Stately inspector (`@statelyai/inspect`, version 0.4): actors that are born,
 * events that are sent, snapshots that follow. A context is not in a record, so none is shown.
 */
import type { AnyStateMachine, EventObject, StateValue } from 'xstate'
import { hostOf } from '../contract.ts'
import { BORN, type TraceRecord } from '../trace.ts'
import type { World } from '../world.ts'

interface Common {
  /** Address of the actor; a later life at the same address is the same line of the picture. */
  readonly sessionId: string
  /** The host stands for the root of all its actors. */
  readonly rootId: string
  readonly id: string
  /** Virtual time in ms since 1970, as text. */
  readonly createdAt: string
  readonly _version: string
}
interface SeenSnapshot {
  readonly status: 'active' | 'error'
  readonly value: StateValue
  readonly context: Readonly<Record<string, never>>
}
export type Inspected = Common &
  (
    | {
        readonly type: '@xstate.actor'
        readonly name: string
        readonly parentId: string | undefined
        /** The chart as JSON. */
        readonly definition: string | undefined
        readonly snapshot: SeenSnapshot
      }
    | { readonly type: '@xstate.event'; readonly event: EventObject; readonly sourceId: string | undefined }
    | { readonly type: '@xstate.snapshot'; readonly event: EventObject; readonly snapshot: SeenSnapshot }
  )

const VERSION = '0.4.0'

/** The charts of a world, by id: what `inspected` draws. */
export const machinesOf = (world: World): ReadonlyMap<string, AnyStateMachine> =>
  new Map([...world.inside.logics].map(([id, { machine }]) => [id, machine]))

/** @param epochMs what the clocks show at time 0 @returns what the inspector is told of one record, in order */
export function inspected(
  record: TraceRecord,
  machines: ReadonlyMap<string, AnyStateMachine>,
  epochMs: number,
): readonly Inspected[] {
  const { n, at, from, to, event, after, before, crash } = record
  const createdAt = String(epochMs + at)
  const common = (part: string) => ({
    sessionId: to,
    rootId: hostOf(to),
    id: `${n} ${part}`,
    createdAt,
    _version: VERSION,
  })
  const status = crash === undefined ? 'active' : 'error'
  const snapshot: SeenSnapshot = { status, value: after ?? before ?? {}, context: {} }
  if (event.type === BORN) {
    const parentId = from === '' ? undefined : from
    const machine = machines.get(record.machine)
    const definition = machine === undefined ? undefined : JSON.stringify(machine.config)
    return [{ ...common('actor'), type: '@xstate.actor', name: to, parentId, definition, snapshot }]
  }
  return [
    { ...common('event'), type: '@xstate.event', event, sourceId: from === '' ? undefined : from },
    { ...common('snapshot'), type: '@xstate.snapshot', event, snapshot },
  ]
}
