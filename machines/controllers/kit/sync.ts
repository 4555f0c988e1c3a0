/** How the actor of one object speaks with its supervisor and its event recorder. */
import { type Send, send } from '../../../runtime/contract.ts'
import type { EventHappened, ObjectInput, SyncFinished } from '../../protocol/cache.ts'
import { type ApiObject, referenceTo } from '../../protocol/objects.ts'

/** The answer to one `sync.requested`. */
export const finished = (
  { supervisor, key }: ObjectInput,
  outcome: SyncFinished['outcome'],
  againAfterMs?: number,
): Send =>
  send(supervisor, {
    type: 'sync.finished',
    key,
    outcome,
    ...(againAfterMs === undefined ? {} : { againAfterMs }),
  } satisfies SyncFinished)

export const happened = (
  about: ApiObject,
  kind: EventHappened['kind'],
  reason: string,
  message: string,
): EventHappened => ({ type: 'event.happened', about: referenceTo(about), kind, reason, message })

/** Has an Event written about an object. */
export const tell = (
  { recorder }: Pick<ObjectInput, 'recorder'>,
  about: ApiObject,
  kind: EventHappened['kind'],
  reason: string,
  message: string,
): Send => send(recorder, happened(about, kind, reason, message))
