/**
 * The supervisor of a controller: waits for its caches, then keeps client-go's work queue and one actor per object.
 *
 * How to write a controller
 * -------------------------
 * 1. The arithmetic: a pure function from what is known to what is wanted, in a file named by its subject.
 * 2. The machine of one object, id = the object's role (`deployment`). Either the default chart of `object.ts`:
 *
 *        export const serviceAccounts = objectMachine({ id: 'service-account', decide: (view, key, input, at) => ({ writes }) })
 *
 *    or, where the real sync is a decision diagram, a chart of its own. Its input is `ObjectInput`; it is sent
 *    `sync.requested { view }` when a worker is free for it, and answers every one of them with exactly one
 *    `sync.finished` (`finished(context, 'done' | 'failed' | 'gone', againAfterMs?)` of `sync.ts`), and is idle after
 *    that, or ended when `gone`. While it works it holds what it saw; on entry to `idle` it forgets the view.
 *    Writes are `call`s to `context.apiserver` as `context.user`; each state that waits handles `api.answered`,
 *    `call.lost` and `after: { 'request timeout' }`. Events are `tell(context, object, kind, reason, message)`.
 * 3. The `Controller`: a description of which changes concern which keys.
 *
 *        export const serviceAccountController: Controller = {
 *          name: 'serviceaccount', resource: 'namespaces', object: 'service-account', workers: 1,
 *          caches: [{ resource: 'namespaces' }, { resource: 'serviceaccounts', indexes: ['namespace'] }],
 *          concerns: (resource, { key, was, now }) => …keys (or `{ key, afterMs }`),
 *        }
 *
 *    and one line in `machines/controllers/index.ts`: the controller with its machines
 *    (`supervised(serviceAccountController, [serviceAccounts])`).
 *
 * At the start every object of every cache is as if it had just come, those of `resource` first. A controller that is no queue
 * (a monitor with a period) is a machine of its own: id `<name>-controller`, input `ControllerInput`, told
 * `cache.changed` by the same reflectors; it is listed with a `Member` (name, caches) instead of a `Controller`.
 */
import { setup } from 'xstate'
import { type Address, born, type Effect, send, spawn, verbs, wake } from '../../../runtime/contract.ts'
import { Tree } from '../../../runtime/tree.ts'
import type {
  CacheChanged,
  ControllerInput,
  Delta,
  IndexName,
  ObjectInput,
  Subscriber,
  SyncFinished,
  View,
} from '../../protocol/cache.ts'
import type { ResourceName } from '../../protocol/objects.ts'
import {
  added,
  addedAfter,
  begun,
  cameDue,
  done,
  emptyQueue,
  failed,
  failuresOf,
  forgiven,
  type WorkQueue,
} from './work-queue.ts'

/** What a part of a process wants to be told of a resource. */
export interface CacheNeed {
  readonly resource: ResourceName
  readonly indexes?: readonly IndexName[]
  /** With `deletions` or `endings` its view is as old as the last of these: ask the reflector for a newer one. */
  readonly only?: Subscriber['only']
}
/** A controller as its process knows it: under which name it runs, and which caches it is told of. */
export interface Member {
  /** As in kube-controller-manager: the machine is `<name>-controller`. */
  readonly name: string
  readonly caches: readonly CacheNeed[]
  /** `source.component` of its Events and name of its ServiceAccount, when they are not `<name>-controller`. */
  readonly component?: string
  readonly serviceAccount?: string
  /** It asks as its process does: it makes what the others prove themselves with. */
  readonly asProcess?: true
}
export interface Controller extends Member {
  /** The resource that it reconciles: at the start all of it is queued. */
  readonly resource: ResourceName
  /** The machine of one object. */
  readonly object: string
  readonly workers: number
  /** After so many failures in a row a key is left alone until something changes; no limit when absent. */
  readonly maxRetries?: number
  /** Which keys a change concerns, at once or later. The view is already the new one. */
  readonly concerns: (resource: ResourceName, delta: Delta, view: View) => readonly Concern[]
  /** Keys that it looks at once, at its start: what was left behind while nobody looked. */
  readonly leftovers?: (view: View) => readonly string[]
}
export type Concern = string | { readonly key: string; readonly afterMs: number }

interface Context extends ControllerInput {
  readonly view: View
  readonly queue: WorkQueue
  /** The keys whose actors live. */
  readonly alive: Tree<true>
}
/** The time of a key that was to be added later, or to be tried again, has come. */
export interface KeyDue {
  readonly type: 'key.due'
  readonly key: string
}
type Events = CacheChanged | SyncFinished | KeyDue

const { update, decide, when } = verbs<Context, Events>()

const guardsOf = ({ caches, maxRetries }: Controller) => ({
  'every cache is filled': when(({ view }) => caches.every(({ resource }) => view[resource] !== undefined)),
  'it has failed too often': when(
    'sync.finished',
    ({ queue }, { key, outcome }) =>
      outcome === 'failed' && maxRetries !== undefined && failuresOf(queue, key) >= maxRetries,
  ),
  'it failed': when('sync.finished', (_, { outcome }) => outcome === 'failed'),
  'it is gone': when('sync.finished', (_, { outcome }) => outcome === 'gone'),
})

const actionsOf = (controller: Controller) => ({
  'take in the cache': update('cache.changed', ({ view }, { resource, cache }) => ({
    view: { ...view, [resource]: cache } as View,
  })),
  'queue everything': decide((context, _, { at }) => everything(controller, context, at)),
  'queue what the change concerns': decide('cache.changed', (context, { resource, deltas }, { at }) =>
    concerned(controller, context, resource, deltas, at),
  ),
  'queue what came due': update('key.due', ({ queue }, { key }) => ({ queue: cameDue(queue, key) })),
  'forgive its failures': update('sync.finished', ({ queue }, { key }) => ({ queue: forgiven(queue, key) })),
  'try it again later': decide('sync.finished', ({ queue }, { key }, { at }) => {
    const [next, backOffMs] = failed(queue, key, at)
    return later(next, key, backOffMs, at)
  }),
  'look at it again when it asked to': decide('sync.finished', ({ queue }, { key, againAfterMs }, { at }) =>
    againAfterMs === undefined ? [{}, []] : later(queue, key, againAfterMs, at),
  ),
  'forget its actor': update('sync.finished', ({ alive }, { key }) => ({ alive: alive.delete(key) })),
  'end its work': update('sync.finished', ({ queue }, { key }) => ({ queue: done(queue, key) })),
  'put workers to work': decide((context, _, { self }) => dispatched(controller, context, self)),
})

/** The machine `<name>-controller` of a controller. */
export function supervisor(controller: Controller) {
  return setup({
    types: { context: {} as Context, events: {} as Events, input: {} as ControllerInput },
    guards: guardsOf(controller),
    actions: actionsOf(controller),
  }).createMachine({
    id: `${controller.name}-controller`,
    description: 'Hands out work: what becomes of an object stands in the chart of its own actor.',
    context: born((input: ControllerInput, { at }) => ({
      ...input,
      view: {} as View,
      queue: emptyQueue(at),
      alive: Tree.of<true>(),
    })),
    initial: 'waitingForCaches',
    states: {
      waitingForCaches: {
        on: { 'cache.changed': { actions: 'take in the cache' } },
        always: { guard: 'every cache is filled', target: 'running' },
      },
      running: {
        entry: ['queue everything', 'put workers to work'],
        on: {
          'cache.changed': {
            actions: ['take in the cache', 'queue what the change concerns', 'put workers to work'],
          },
          'key.due': { actions: ['queue what came due', 'put workers to work'] },
          'sync.finished': [
            {
              guard: 'it has failed too often',
              actions: ['forgive its failures', 'end its work', 'put workers to work'],
              description: 'Left alone until something changes.',
            },
            { guard: 'it failed', actions: ['try it again later', 'end its work', 'put workers to work'] },
            {
              guard: 'it is gone',
              actions: ['forgive its failures', 'forget its actor', 'end its work', 'put workers to work'],
            },
            {
              actions: [
                'forgive its failures',
                'look at it again when it asked to',
                'end its work',
                'put workers to work',
              ],
            },
          ],
        },
      },
    },
  })
}

const asAddition = ([key, now]: readonly [string, NonNullable<Delta['now']>]): Delta => ({ key, was: undefined, now })

type Decision = readonly [change: Partial<Context>, effects: readonly Effect[]]

/** As the informers tell a handler all that they have listed. */
function everything(controller: Controller, context: Context, at: number): Decision {
  const resources = new Set([controller.resource, ...controller.caches.map(({ resource }) => resource)])
  let { queue } = context
  const effects: Effect[] = []
  for (const resource of resources) {
    const all = (context.view[resource]?.objects ?? Tree.of()).entries()
    const [change, asked] = concerned(controller, { ...context, queue }, resource, all.map(asAddition), at)
    queue = change.queue ?? queue
    effects.push(...asked)
  }
  return [{ queue: (controller.leftovers?.(context.view) ?? []).reduce(added, queue) }, effects]
}

function concerned(
  { concerns }: Controller,
  { view, queue }: Context,
  resource: ResourceName,
  deltas: readonly Delta[],
  at: number,
): Decision {
  const effects: Effect[] = []
  let next = queue
  for (const delta of deltas)
    for (const concern of concerns(resource, delta, view)) {
      if (typeof concern === 'string') next = added(next, concern)
      else {
        const [{ queue: waiting = next }, wakes] = later(next, concern.key, concern.afterMs, at)
        next = waiting
        effects.push(...wakes)
      }
    }
  return [{ queue: next }, effects]
}

function later(queue: WorkQueue, key: string, afterMs: number, at: number): Decision {
  const [next, wakeMs] = addedAfter(queue, key, afterMs, at)
  if (wakeMs === undefined) return [{ queue: next }, []]
  return [{ queue: next }, [wake(`again ${key}`, wakeMs, { type: 'key.due', key } satisfies KeyDue)]]
}

/** Gives the keys that wait to workers that are free. A worker is a place: the work is done by the object's actor. */
function dispatched({ object, workers }: Controller, context: Context, self: Address): Decision {
  const { apiserver, user, recorder, reflectors, view } = context
  let { queue, alive } = context
  const effects: Effect[] = []
  while (queue.inWork < workers) {
    const next = begun(queue)
    if (next === undefined) break
    const key = next[0]
    queue = next[1]
    if (!alive.has(key)) {
      alive = alive.set(key, true)
      const input: ObjectInput = { key, supervisor: self, apiserver, user, recorder, reflectors }
      effects.push(spawn(`${self}/${key}`, object, input))
    }
    effects.push(send(`${self}/${key}`, { type: 'sync.requested', view }))
  }
  return [{ queue, alive }, effects]
}
