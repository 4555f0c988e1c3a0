/**
 * The default machine of one object: a sync decides all that is to be written, writes it one after another, and is done.
 * For a controller whose sync is a decision diagram, draw that instead (as `deployment` does).
 */
import { setup } from 'xstate'
import { born, type CallLost, call, hangUp, send, verbs } from '../../../runtime/contract.ts'
import { REQUEST_TIMEOUT_MS, reasonOf, succeeded } from '../../lib/requests.ts'
import type { ApiAnswered, ApiRequest } from '../../protocol/api.ts'
import type { EventHappened, ObjectInput, SyncRequested, View } from '../../protocol/cache.ts'
import { finished } from './sync.ts'

/** One request of a sync and what is made of its answer. */
export interface Write {
  readonly request: ApiRequest
  /** Reasons of failure that are as good as success: `NotFound` of a deletion, `AlreadyExists` of a creation. */
  readonly unless?: readonly string[]
  /** Told when it succeeded; of a write that failed, `told` of the machine decides. */
  readonly event?: EventHappened
}
/** What a sync comes to. All of it is done in order; the first write that fails ends it. */
export interface Decision {
  readonly writes?: readonly Write[]
  /** Told at once. */
  readonly events?: readonly EventHappened[]
  readonly againAfterMs?: number
  /** Nothing is left of the object: after its writes the actor ends. */
  readonly gone?: boolean
  /** Something is wrong that no write mends: try again with back-off. */
  readonly failed?: boolean
}
export interface Parts {
  readonly id: string
  /** Pure, from what is known to what is wanted: asks for nothing when nothing is missing. */
  readonly decide: (view: View, key: string, input: ObjectInput, at: number) => Decision
  /** The Events of a write that failed. */
  readonly told?: (write: Write, reply: ApiAnswered) => readonly EventHappened[]
}

export interface Context extends ObjectInput {
  readonly decision: Decision
  /** How many of its writes are over. */
  readonly written: number
}
type Events = SyncRequested | ApiAnswered | CallLost
const NOTHING: Decision = {}

const { update, ask, when } = verbs<Context, Events>()

const guards = {
  'something is to be written': when(({ decision, written }) => written < (decision.writes?.length ?? 0)),
  'it is to be tried again': when(({ decision }) => decision.failed === true),
  'nothing is left of it': when(({ decision }) => decision.gone === true),
  'it is written': when('api.answered', (context, reply) => isWritten(writeOf(context), reply)),
}

const actionsOf = ({ decide, told = () => [] }: Parts) => ({
  'decide what is wanted': update('sync.requested', ({ key, ...input }, { view }, { at }) => ({
    decision: decide(view, key, { key, ...input }, at),
    written: 0,
  })),
  'tell what happened': ask(({ decision, recorder }) => (decision.events ?? []).map((event) => send(recorder, event))),
  write: ask((context) => call(context.apiserver, writeOf(context).request)),
  'stop waiting': ask(() => hangUp('')),
  'tell that it is written': ask('api.answered', (context, reply) => {
    const { event } = writeOf(context)
    return event === undefined || !succeeded(reply) ? [] : [send(context.recorder, event)]
  }),
  'go on to the next': update(({ written }) => ({ written: written + 1 })),
  'tell why it failed': ask('api.answered', (context, reply) =>
    told(writeOf(context), reply).map((event) => send(context.recorder, event)),
  ),
  'say that it is done': ask((context) => finished(context, 'done', context.decision.againAfterMs)),
  'say that it failed': ask((context) => finished(context, 'failed')),
  'say that it is gone': ask((context) => finished(context, 'gone')),
  'forget what it decided': update(() => ({ decision: NOTHING, written: 0 })),
})

/** The machine of one object, with this id. */
export function objectMachine(parts: Parts) {
  return setup({
    types: { context: {} as Context, events: {} as Events, input: {} as ObjectInput },
    delays: { 'request timeout': REQUEST_TIMEOUT_MS },
    guards,
    actions: actionsOf(parts),
  }).createMachine({
    id: parts.id,
    context: born((input: ObjectInput) => ({ decision: NOTHING, written: 0, ...input })),
    initial: 'idle',
    states: {
      idle: {
        entry: 'forget what it decided',
        on: { 'sync.requested': { target: 'deciding', actions: ['decide what is wanted', 'tell what happened'] } },
      },
      deciding: {
        always: [
          { guard: 'something is to be written', target: 'writing' },
          { guard: 'it is to be tried again', target: 'idle', actions: 'say that it failed' },
          { guard: 'nothing is left of it', target: 'gone' },
          { target: 'idle', actions: 'say that it is done' },
        ],
      },
      writing: {
        entry: 'write',
        on: {
          'api.answered': [
            {
              guard: 'it is written',
              target: 'deciding',
              actions: ['tell that it is written', 'go on to the next'],
            },
            { target: 'idle', actions: ['tell why it failed', 'say that it failed'] },
          ],
          'call.lost': { target: 'idle', actions: 'say that it failed' },
        },
        after: {
          'request timeout': {
            target: 'idle',
            actions: ['stop waiting', 'say that it failed'],
            description: 'It may have been written all the same: the next sync looks again.',
          },
        },
      },
      gone: { entry: 'say that it is gone', type: 'final' },
    },
  })
}

const writeOf = ({ decision, written }: Context): Write => {
  const write = decision.writes?.[written]
  if (write === undefined) throw new Error('a write is under way')
  return write
}

const isWritten = ({ unless }: Write, reply: ApiAnswered): boolean =>
  succeeded(reply) || unless?.includes(reasonOf(reply)) === true
