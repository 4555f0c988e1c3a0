/**
 * Deletes what nobody owns any more (pkg/controller/garbagecollector): keeps the graph of owners and dependents, and
 * has the objects that a change concerns attempted, 20 at a time. What is done with one is the matter of its attempt.
 */
import { setup } from 'xstate'
import { type Address, born, type Effect, spawn, verbs, wake } from '../../../runtime/contract.ts'
import { Tree } from '../../../runtime/tree.ts'
import type { CacheChanged, ControllerInput } from '../../protocol/cache.ts'
import type { ApiObject, OwnerReference, ResourceName } from '../../protocol/objects.ts'
import { concernsOwnership } from '../kit/owners.ts'
import { noneRecent, type Recent, recall, remember } from '../kit/recent.ts'
import { tell } from '../kit/sync.ts'
import {
  added,
  addedAfter,
  begun,
  cameDue,
  done,
  emptyQueue,
  failed,
  forgiven,
  type WorkQueue,
} from '../kit/work-queue.ts'
import { absentKeys } from './garbage-attempt.ts'
import { blocking, type Graph, type GraphNode, type Identity, type Moved, observed, vanished } from './graph.ts'
import { type Kind, kindNamed } from './kinds.ts'
import type { AttemptFinished, AttemptInput } from './words.ts'

interface Context extends ControllerInput {
  readonly graph: Graph
  readonly filled: Tree<true>
  /** Of uids, those to be orphaned with `orphan ` before. */
  readonly queue: WorkQueue
  readonly absent: Recent<true>
}
interface AttemptDue {
  readonly type: 'attempt.due'
  readonly key: string
}
type Events = CacheChanged | AttemptFinished | AttemptDue
type Decision = readonly [change: Partial<Context>, effects: readonly Effect[]]

const WORKERS = 20
const ORPHANING = 'orphan '

const { update, decide, when } = verbs<Context, Events>()

/** @param kinds what is followed: built-in kinds and the user's own */
export const garbageCollector = (kinds: readonly Kind[], ownKinds: readonly Kind[]) =>
  setup({
    types: { context: {} as Context, events: {} as Events, input: {} as ControllerInput },
    guards: {
      'every cache is filled': when(({ filled }) => filled.size === kinds.length),
      'it was orphaned or deleted': when('attempt.finished', (_, { outcome }) => outcome === 'done'),
      'it failed': when('attempt.finished', (_, { outcome }) => outcome === 'failed'),
      'it does not exist': when('attempt.finished', (_, { outcome }) => outcome === 'absent'),
    },
    actions: {
      'follow the graph': decide('cache.changed', (context, { resource, deltas }) =>
        followed(context, resource, deltas, ownKinds),
      ),
      'note what is filled': update('cache.changed', ({ filled }, { resource }) => ({
        filled: filled.has(resource) ? filled : filled.set(resource, true),
      })),
      'remember absent owners': update('attempt.finished', ({ absent }, found) => ({
        absent: found.absent.reduce((all, key) => remember(all, key, true), absent),
      })),
      'try it again later': decide('attempt.finished', (context, finished, { at }) =>
        again(context, keyOf(finished), at),
      ),
      'try a virtual one again': decide('attempt.finished', (context, finished, { at }) =>
        context.graph.get(finished.uid)?.isVirtual === true
          ? again(context, keyOf(finished), at)
          : [{ queue: forgiven(context.queue, keyOf(finished)) }, []],
      ),
      'take it out of the graph': update('attempt.finished', (context, finished) => ({
        ...moved(context, vanished(context.graph, finished.uid)),
      })),
      'attempt its dependents first': update('attempt.finished', (context, { uid }) => ({
        queue: blockersOf(context.graph, uid).reduce(added, context.queue),
      })),
      'queue what came due': update('attempt.due', ({ queue }, { key }) => ({ queue: cameDue(queue, key) })),
      'end the work': update('attempt.finished', ({ queue }, finished) => ({ queue: done(queue, keyOf(finished)) })),
      'put workers to work': decide((context, _, { self }) => dispatched(context, ownKinds, self)),
    },
  }).createMachine({
    id: 'garbage-collector-controller',
    description: 'Keeps the graph and hands out work: each attempt has a chart of its own.',
    context: born((input: ControllerInput, { at }) => ({
      ...input,
      graph: Tree.of<GraphNode>(),
      filled: Tree.of<true>(),
      queue: emptyQueue(at),
      absent: noneRecent<true>(),
    })),
    initial: 'building',
    states: {
      building: {
        description: 'Before everything is known an owner may only seem to be missing.',
        on: { 'cache.changed': { actions: ['follow the graph', 'note what is filled'] } },
        always: { guard: 'every cache is filled', target: 'collecting' },
      },
      collecting: {
        entry: 'put workers to work',
        on: {
          'cache.changed': { actions: ['follow the graph', 'put workers to work'] },
          'attempt.due': { actions: ['queue what came due', 'put workers to work'] },
          'attempt.finished': [
            {
              guard: 'it was orphaned or deleted',
              actions: ['remember absent owners', 'try a virtual one again', 'end the work', 'put workers to work'],
            },
            {
              guard: 'it failed',
              actions: ['remember absent owners', 'try it again later', 'end the work', 'put workers to work'],
            },
            {
              guard: 'it does not exist',
              actions: ['take it out of the graph', 'end the work', 'put workers to work'],
              description: 'An owner that was only named, or a deletion that the watch has yet to tell of.',
            },
            { actions: ['attempt its dependents first', 'end the work', 'put workers to work'] },
          ],
        },
      },
    },
  })

const keyOf = ({ task, uid }: AttemptFinished): string => (task === 'orphan' ? `${ORPHANING}${uid}` : uid)

function followed(
  context: Context,
  resource: ResourceName,
  deltas: CacheChanged['deltas'],
  ownKinds: readonly Kind[],
): Decision {
  let next: Pick<Context, 'graph' | 'queue' | 'absent'> = context
  const effects: Effect[] = []
  const resourceOf = ({ apiVersion, kind }: OwnerReference) => kindNamed(ownKinds, apiVersion, kind)?.resource ?? ''
  for (const { was, now } of deltas) {
    if (!concernsOwnership(was, now)) continue
    if (was !== undefined && was.metadata.uid !== now?.metadata.uid)
      next = moved(next, vanished(next.graph, was.metadata.uid ?? ''))
    const before = was?.metadata.uid === now?.metadata.uid ? was : undefined
    if (now === undefined) continue
    const seen = observed(next.graph, resource, before, now, resourceOf)
    next = moved(next, seen)
    for (const owner of seen.misplaced ?? []) effects.push(misplacement(context, now, owner))
  }
  const { graph, queue, absent } = next
  return [{ graph, queue, absent }, effects]
}

/** reportInvalidNamespaceOwnerRef */
function misplacement(context: Context, about: ApiObject, { apiVersion, kind, name, uid }: OwnerReference): Effect {
  const { namespace = '' } = about.metadata
  const owner = `[${apiVersion}/${kind}, namespace: ${namespace}, name: ${name}, uid: ${uid}]`
  const message = `ownerRef ${owner} does not exist in namespace "${namespace}"`
  return tell(context, about, 'Warning', 'OwnerRefInvalidNamespace', message)
}

/** What a change of the graph asks for goes into the queue; an owner that is gone is remembered. */
function moved<C extends Pick<Context, 'graph' | 'queue' | 'absent'>>(
  { graph: before, queue, absent }: C,
  { graph, attempts, orphans, absent: gone }: Moved,
): Pick<Context, 'graph' | 'queue' | 'absent'> {
  const node = gone === undefined ? undefined : before.get(gone)
  return {
    graph,
    queue: orphans.reduce((all, uid) => added(all, `${ORPHANING}${uid}`), attempts.reduce(added, queue)),
    absent: node === undefined ? absent : remember(absent, absentKeys(node, node)[1] ?? '', true),
  }
}

function again({ queue }: Context, key: string, at: number): Decision {
  const [backingOff, backOffMs] = failed(queue, key, at)
  const [next, wakeMs] = addedAfter(backingOff, key, backOffMs, at)
  const due: AttemptDue = { type: 'attempt.due', key }
  return [{ queue: next }, wakeMs === undefined ? [] : [wake(`again ${key}`, wakeMs, due)]]
}

function blockersOf(graph: Graph, uid: string): readonly string[] {
  const node = graph.get(uid)
  if (node === undefined) return []
  return blocking(graph, node)
    .filter(({ isDeletingDependents }) => !isDeletingDependents)
    .map((dependent) => dependent.uid)
}

function dispatched(context: Context, ownKinds: readonly Kind[], self: Address): Decision {
  let { queue } = context
  const effects: Effect[] = []
  while (queue.inWork < WORKERS) {
    const next = begun(queue)
    if (next === undefined) break
    const [key, rest] = next
    queue = rest
    const input = attemptAt(context, key, ownKinds, self)
    if (input === undefined) queue = forgiven(done(queue, key), key)
    else effects.push(spawn(`${self}/${key.replace(' ', '-')}`, 'garbage-attempt', input))
  }
  return [{ queue }, effects]
}

/** @returns undefined when there is nothing to attempt: it is gone, or on its way out already. */
function attemptAt(
  { graph, absent, apiserver, user, recorder, reflectors }: Context,
  key: string,
  ownKinds: readonly Kind[],
  collector: Address,
): AttemptInput | undefined {
  const task = key.startsWith(ORPHANING) ? 'orphan' : 'delete'
  const node = graph.get(task === 'orphan' ? key.slice(ORPHANING.length) : key)
  if (node === undefined) return undefined
  if (task === 'delete' && node.isBeingDeleted && !node.isDeletingDependents) return undefined
  const dependents = node.dependents.keys().flatMap((uid) => graph.get(uid) ?? [])
  return {
    apiserver,
    user,
    recorder,
    reflectors,
    collector,
    task,
    ownKinds,
    item: identityOf(node),
    isDeletingDependents: node.isDeletingDependents,
    isBlocked: node.isDeletingDependents && blocking(graph, node).length > 0,
    hasDependents: dependents.length > 0,
    hasWaitingDependents: dependents.some(({ isDeletingDependents }) => isDeletingDependents),
    dependents: task === 'orphan' ? dependents.map(identityOf) : [],
    absent: node.owners.flatMap((owner) => absentKeys(owner, node)).filter((each) => recall(absent, each) === true),
  }
}

const identityOf = ({ uid, resource, apiVersion, kind, namespace, name }: Identity): Identity => ({
  uid,
  resource,
  apiVersion,
  kind,
  namespace,
  name,
})
