/**
 * Evicts pods that do not bear the NoExecute taints of their node (pkg/controller/tainteviction/taint_eviction.go). Which
 * pods are concerned is found by the index of pods over nodes, and only when taints or tolerations change.
 */
import { setup } from 'xstate'
import { type Address, born, type Effect, send, spawn, verbs } from '../../../runtime/contract.ts'
import { Tree } from '../../../runtime/tree.ts'
import type { Cache, CacheChanged, ControllerInput, Delta } from '../../protocol/cache.ts'
import { type core, keyOf, type Node, type Pod } from '../../protocol/objects.ts'
import { same } from '../kit/same.ts'
import { NO_EXECUTE, toleratedMs } from './tolerance.ts'
import type { EvictionCancelled, EvictionEnded, PatienceEnded, PodEvictionInput } from './words.ts'

interface Context extends ControllerInput {
  readonly nodesKnown: boolean
  readonly podsKnown: boolean
  /** The NoExecute taints of the nodes that have any. */
  readonly taints: Tree<readonly core.Taint[]>
  readonly pods: Tree<Pod>
  readonly podsOf: Tree<Tree<Pod>>
  /** The uids of the pods whose eviction is under way or done, by key. */
  readonly evictions: Tree<string>
}
type Events = CacheChanged | EvictionEnded
type Decision = readonly [change: Partial<Context>, effects: readonly Effect[]]

const { update, decide, when } = verbs<Context, Events>()

export const taintEviction = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as ControllerInput },
  guards: {
    'nodes and pods are known': when(({ nodesKnown, podsKnown }) => nodesKnown && podsKnown),
    'nodes changed': when('cache.changed', (_, { resource }) => resource === 'nodes'),
  },
  actions: {
    'note the nodes': update('cache.changed', () => ({ nodesKnown: true })),
    'take in the pods': update('cache.changed', (_, { cache }) => ({
      podsKnown: true,
      pods: cache.objects as Tree<Pod>,
      podsOf: (cache as Cache<Pod>).by.node ?? Tree.of<Tree<Pod>>(),
    })),
    'weigh the pods of tainted nodes': decide((context, _, { self }) => weighedAll(context, self)),
    'follow the taints': decide('cache.changed', (context, { deltas }, { self }) =>
      taintsChanged(context, deltas as readonly Delta<Node>[], self),
    ),
    'follow the pods': decide('cache.changed', (context, { cache, deltas }, { self }) =>
      podsChanged(context, cache as Cache<Pod>, deltas as readonly Delta<Pod>[], self),
    ),
    'forget the eviction': decide('eviction.ended', (context, { pod, uid }, { self }) =>
      evictionEnded(context, pod, uid, self),
    ),
  },
}).createMachine({
  id: 'taint-eviction-controller',
  description: 'Keeps the time of many evictions: each has a chart of its own.',
  context: born((input: ControllerInput) => ({
    ...input,
    nodesKnown: false,
    podsKnown: false,
    taints: Tree.of<readonly core.Taint[]>(),
    pods: Tree.of<Pod>(),
    podsOf: Tree.of<Tree<Pod>>(),
    evictions: Tree.of<string>(),
  })),
  initial: 'gathering',
  states: {
    gathering: {
      on: {
        'cache.changed': [
          { guard: 'nodes changed', actions: ['note the nodes', 'follow the taints'] },
          { actions: 'take in the pods' },
        ],
      },
      always: { guard: 'nodes and pods are known', target: 'watching' },
    },
    watching: {
      entry: 'weigh the pods of tainted nodes',
      on: {
        'cache.changed': [{ guard: 'nodes changed', actions: 'follow the taints' }, { actions: 'follow the pods' }],
        'eviction.ended': { actions: 'forget the eviction' },
      },
    },
  },
})

const NO_TAINTS: readonly core.Taint[] = []
const noExecute = (node: Node | undefined): readonly core.Taint[] =>
  (node?.spec?.taints ?? NO_TAINTS).filter(({ effect }) => effect === NO_EXECUTE)

function taintsChanged(context: Context, deltas: readonly Delta<Node>[], self: Address): Decision {
  let next = context
  const effects: Effect[] = []
  for (const { key, was, now } of deltas) {
    const taints = noExecute(now)
    if (same(taints, noExecute(was))) continue
    next = { ...next, taints: taints.length === 0 ? next.taints.delete(key) : next.taints.set(key, taints) }
    const [change, more] = weighedOn(next, key, taints, self)
    next = { ...next, ...change }
    effects.push(...more)
  }
  return [{ taints: next.taints, evictions: next.evictions }, effects]
}

function weighedAll(context: Context, self: Address): Decision {
  let next = context
  const effects: Effect[] = []
  context.taints.each((taints, node) => {
    const [change, more] = weighedOn(next, node, taints, self)
    next = { ...next, ...change }
    effects.push(...more)
  })
  return [{ evictions: next.evictions }, effects]
}

/** The pods of one node. */
function weighedOn(context: Context, node: string, taints: readonly core.Taint[], self: Address): Decision {
  let next = context
  const effects: Effect[] = []
  context.podsOf.get(node)?.each((pod) => {
    const [change, more] = weighed(next, pod, taints, self)
    next = { ...next, ...change }
    effects.push(...more)
  })
  return [{ evictions: next.evictions }, effects]
}

function podsChanged(context: Context, cache: Cache<Pod>, deltas: readonly Delta<Pod>[], self: Address): Decision {
  let next: Context = { ...context, pods: cache.objects, podsOf: cache.by.node ?? Tree.of<Tree<Pod>>() }
  const effects: Effect[] = []
  for (const { key, was, now } of deltas) {
    const isReplaced = was !== undefined && was.metadata.uid !== now?.metadata.uid
    if (isReplaced && next.evictions.has(key)) effects.push(cancelled(self, key))
    else if (now === undefined) continue
    else if (was === undefined || hasMoved(was, now)) {
      const taints = next.taints.get(now.spec.nodeName ?? '')
      if (taints === undefined) continue
      const [change, more] = weighed(next, now, taints, self)
      next = { ...next, ...change }
      effects.push(...more)
    }
  }
  return [{ pods: next.pods, podsOf: next.podsOf, evictions: next.evictions }, effects]
}

const hasMoved = (was: Pod, now: Pod): boolean =>
  was.metadata.uid !== now.metadata.uid ||
  was.spec.nodeName !== now.spec.nodeName ||
  !same(was.spec.tolerations, now.spec.tolerations)

/** processPodOnNode */
function weighed(context: Context, pod: Pod, taints: readonly core.Taint[], self: Address): Decision {
  const { evictions } = context
  const key = keyOf(pod)
  const isUnderWay = evictions.has(key)
  const afterMs = taints.length === 0 ? Number.POSITIVE_INFINITY : toleratedMs(taints, pod.spec.tolerations ?? [])
  if (afterMs === Number.POSITIVE_INFINITY) return [{}, isUnderWay ? [cancelled(self, key)] : []]
  // A timer that runs goes on: no later one takes its place.
  if (isUnderWay) return [{}, afterMs === 0 ? [hurried(self, key)] : []]
  const { apiserver, user, recorder, reflectors } = context
  const uid = pod.metadata.uid ?? ''
  const input: PodEvictionInput = { apiserver, user, recorder, reflectors, pod: key, uid, afterMs, controller: self }
  return [{ evictions: evictions.set(key, uid) }, [spawn(`${self}/${key}`, 'pod-eviction', input)]]
}

const cancelled = (self: Address, pod: string): Effect =>
  send(`${self}/${pod}`, { type: 'eviction.cancelled' } satisfies EvictionCancelled)
const hurried = (self: Address, pod: string): Effect =>
  send(`${self}/${pod}`, { type: 'patience.ended' } satisfies PatienceEnded)

/** A pod that was made again under the name of the one that went is looked at now. */
function evictionEnded(context: Context, key: string, uid: string, self: Address): Decision {
  const evictions = context.evictions.delete(key)
  const pod = context.pods.get(key)
  const taints = context.taints.get(pod?.spec.nodeName ?? '')
  if (pod === undefined || taints === undefined || pod.metadata.uid === uid) return [{ evictions }, []]
  const [change, effects] = weighed({ ...context, evictions }, pod, taints, self)
  return [{ evictions, ...change }, effects]
}
