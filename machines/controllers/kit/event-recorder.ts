/**
 * Writes what happened as core/v1 Events, one at a time (k8s.io/client-go/tools/record). Nobody waits for it, and when
 * the API server is away it tries twelve times and then forgets.
 */
import { setup } from 'xstate'
import { born, type CallLost, call, draw, hangUp, verbs } from '../../../runtime/contract.ts'
import { create, type Place, patch, REQUEST_TIMEOUT_MS, reasonOf, succeeded } from '../../lib/requests.ts'
import { rfc3339 } from '../../lib/time.ts'
import type { ApiAnswered, ApiRequest } from '../../protocol/api.ts'
import type { EventHappened, EventRecorderInput } from '../../protocol/cache.ts'
import type { Event } from '../../protocol/objects.ts'
import { type Correlated, type Correlator, correlated, newCorrelator, settled } from './event-correlator.ts'
import { emptyFifo, type Fifo, put, take } from './fifo.ts'

interface Context extends EventRecorderInput {
  readonly queue: Fifo<Heard>
  readonly correlator: Correlator
  /** What is being written. */
  readonly now: Correlated | undefined
  readonly tries: number
}
/** An Event is as old as when it happened, however long it waits. */
interface Heard {
  readonly happened: EventHappened
  readonly at: number
}
type Events = EventHappened | ApiAnswered | CallLost

/** The broadcaster drops what comes when so many wait (maxQueuedEvents). */
const MAX_QUEUED = 1_000
const MAX_TRIES = 12
const RETRY_MS = 10_000

const { update, decide, ask, when, lasting } = verbs<Context, Events>()

export const eventRecorder = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as EventRecorderInput },
  delays: {
    'request timeout': REQUEST_TIMEOUT_MS,
    // The first wait is drawn, so that all clients of a server that came back do not write at once.
    'retry interval': lasting(({ tries, now }, _, { dice }) =>
      tries > 1 ? RETRY_MS : (RETRY_MS * draw(dice, 'first retry', now?.key ?? '')) / 2 ** 32,
    ),
  },
  guards: {
    'the queue is full': when(({ queue }) => queue.size >= MAX_QUEUED),
    'something waits': when(({ queue }) => queue.size > 0),
    'there is something to write': when(({ now }) => now !== undefined),
    'the counted one is gone': when(
      'api.answered',
      ({ now }, reply) => now?.repeated === true && reasonOf(reply) === 'NotFound',
    ),
    'it was tried often enough': when(({ tries }) => tries >= MAX_TRIES),
  },
  actions: {
    'queue it': update('event.happened', ({ queue }, happened, { at }) => ({ queue: put(queue, { happened, at }) })),
    'take the next': update((context, _, { dice }) => ({ tries: 0, ...nextToWrite(context, dice) })),
    'write it': decide((context) => [
      { tries: context.tries + 1 },
      context.now === undefined ? [] : [call(context.apiserver, requestFor(context, context.now))],
    ]),
    'stop waiting': ask(() => hangUp('')),
    'write it as a new one': update(({ now }) => ({ now: now === undefined ? now : { ...now, repeated: false } })),
    'note how it stands': update('api.answered', ({ correlator, now }, reply) =>
      now === undefined || !succeeded(reply) ? {} : { correlator: noted(correlator, now, reply.object as Event) },
    ),
  },
}).createMachine({
  id: 'event-recorder',
  context: born((input: EventRecorderInput) => ({
    ...input,
    queue: emptyFifo<Heard>(),
    correlator: newCorrelator(),
    now: undefined,
    tries: 0,
  })),
  initial: 'idle',
  on: { 'event.happened': [{ guard: 'the queue is full' }, { actions: 'queue it' }] },
  states: {
    idle: { always: { guard: 'something waits', target: 'correlating' } },
    correlating: {
      entry: 'take the next',
      always: [
        { guard: 'there is something to write', target: 'writing' },
        { target: 'idle', description: 'Spam: more than 25 about one object, and one more every 5 min.' },
      ],
    },
    writing: {
      entry: 'write it',
      on: {
        'api.answered': [
          { guard: 'the counted one is gone', target: 'writing', reenter: true, actions: 'write it as a new one' },
          { target: 'idle', actions: 'note how it stands', description: 'What the server refuses is not tried again.' },
        ],
        'call.lost': 'waitingToRetry',
      },
      after: { 'request timeout': { target: 'waitingToRetry', actions: 'stop waiting' } },
    },
    waitingToRetry: {
      always: { guard: 'it was tried often enough', target: 'idle' },
      after: { 'retry interval': 'writing' },
    },
  },
})

/** The first of the queue that is no spam; what is spam before it is forgotten, however much that is. */
function nextToWrite(context: Context, dice: number): Pick<Context, 'queue' | 'correlator' | 'now'> {
  let { queue, correlator } = context
  for (let next = take(queue); next !== undefined; next = take(queue)) {
    const [{ happened, at }, rest] = next
    const [counted, now] = correlated(correlator, happened, () => nameOf(happened, at, dice), at)
    if (now !== undefined) return { queue: rest, correlator: counted, now }
    queue = rest
    correlator = counted
  }
  return { queue, correlator, now: undefined }
}

/** `<object>.<nanoseconds in hex>` */
function nameOf({ about, reason, message }: EventHappened, at: number, dice: number): string {
  const nanoseconds = BigInt(Math.floor(at)) * 1_000_000n + BigInt(draw(dice, about.name, reason, message) % 1_000_000)
  return [about.name, nanoseconds.toString(16)].join('.')
}

/** Events about what is in no namespace are written to `default`. */
const placeFor = ({ about }: EventHappened, name: string): Place => ({
  resource: 'events',
  namespace: about.namespace ?? 'default',
  name,
})

function requestFor({ user, component, host }: Context, event: Correlated): ApiRequest {
  const { happened, name, count, repeated, at } = event
  const place = placeFor(happened, name)
  if (!repeated) return create(user, place, eventOf(event, host === undefined ? { component } : { component, host }))
  return patch(user, place, 'strategic', { count, lastTimestamp: rfc3339(at), message: happened.message })
}

function eventOf({ happened, name, count, firstAt, at }: Correlated, source: { component: string; host?: string }) {
  const { about, reason, message, kind } = happened
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace: about.namespace ?? 'default' },
    involvedObject: about,
    reason,
    message,
    source,
    firstTimestamp: rfc3339(firstAt),
    lastTimestamp: rfc3339(at),
    count,
    type: kind,
    eventTime: null,
    reportingComponent: source.component,
    reportingInstance: source.host ?? '',
  }
}

function noted(correlator: Correlator, { key, firstAt }: Correlated, object: Event | undefined): Correlator {
  if (object === undefined) return correlator
  return settled(correlator, key, { name: object.metadata.name, count: object.count ?? 1, firstAt })
}
