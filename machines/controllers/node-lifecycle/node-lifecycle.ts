/**
 * Watches over the nodes' heartbeats (pkg/controller/nodelifecycle): every 5 s one look at all of them. What follows for
 * a node is the matter of its own actor, `node-health`; how fast nodes are tainted NoExecute is decided here, by zone.
 */
import { setup } from 'xstate'
import { born, type CallLost, call, hangUp, verbs } from '../../../runtime/contract.ts'
import { Tree } from '../../../runtime/tree.ts'
import type { Cache, CacheChanged, CacheTold, CacheWanted, ControllerInput } from '../../protocol/cache.ts'
import type { Lease, Node, Pod } from '../../protocol/objects.ts'
import type { Heartbeat } from './heartbeats.ts'
import { type Monitored, nodesChanged, passed, podsChanged, type ZoneDue, zoneCameDue } from './passes.ts'
import type { PodsUnmarked } from './words.ts'
import { noZones } from './zones.ts'

interface Context extends Monitored {
  /** The resources of which something was heard. */
  readonly filled: readonly string[]
}
type Events = CacheChanged | CacheTold | CallLost | ZoneDue | PodsUnmarked

export const LEASES = 'leases.coordination.k8s.io'
/** `--node-monitor-period` */
const PERIOD_MS = 5_000

const { update, ask, decide, when } = verbs<Context, Events>()

export const nodeLifecycle = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as ControllerInput },
  delays: { 'node monitor period': PERIOD_MS, 'request timeout': PERIOD_MS },
  guards: {
    'every cache is filled': when(({ filled }) => filled.length === 3),
    'nodes changed': when('cache.changed', (_, { resource }) => resource === 'nodes'),
    'pods changed': when('cache.changed', (_, { resource }) => resource === 'pods'),
  },
  actions: {
    'note what is filled': update('cache.changed', ({ filled }, { resource }) => ({
      filled: [...filled.filter((other) => other !== resource), resource],
    })),
    'follow the nodes': decide('cache.changed', (context, { deltas }, { self, at }) =>
      nodesChanged(context, deltas, self, at),
    ),
    'take in the pods': update('cache.changed', (_, { cache }) => ({
      podsOf: (cache as Cache<Pod>).by.node ?? Tree.of<Tree<Pod>>(),
    })),
    'follow the pods': ask('cache.changed', (context, { deltas }, { self }) => podsChanged(context, deltas, self)),
    'ask for the Leases': ask(({ reflectors }) =>
      call(`${reflectors}/${LEASES}`, { type: 'cache.wanted' } satisfies CacheWanted),
    ),
    'look at every node': decide('cache.told', (context, { cache }, { self, at }) =>
      passed(context, cache as Cache<Lease>, self, at),
    ),
    'let the next of the zone be tainted': decide('zone.due', (context, { zone }, { self, at }) =>
      zoneCameDue(context, zone, self, at),
    ),
    'note whose pods are unmarked': update('pods.unmarked', ({ unmarked }, { node }) => ({
      unmarked: unmarked.set(node, true),
    })),
    'stop waiting': ask(() => hangUp('')),
  },
}).createMachine({
  id: 'node-lifecycle-controller',
  context: born((input: ControllerInput) => ({
    ...input,
    filled: [],
    nodes: Tree.of<Node>(),
    heartbeats: Tree.of<Heartbeat>(),
    zones: noZones,
    podsOf: Tree.of<Tree<Pod>>(),
    departed: Tree.of<true>(),
    unmarked: Tree.of<true>(),
  })),
  initial: 'waitingForCaches',
  on: {
    'cache.changed': [
      { guard: 'nodes changed', actions: ['note what is filled', 'follow the nodes'] },
      { guard: 'pods changed', actions: ['note what is filled', 'take in the pods', 'follow the pods'] },
      { actions: 'note what is filled' },
    ],
    'zone.due': { actions: 'let the next of the zone be tainted' },
    'pods.unmarked': { actions: 'note whose pods are unmarked' },
  },
  states: {
    waitingForCaches: { always: { guard: 'every cache is filled', target: 'looking' } },
    looking: {
      description: 'Leases are renewed all the time: they are asked for when they are looked at, not followed.',
      entry: 'ask for the Leases',
      on: {
        'cache.told': { target: 'resting', actions: 'look at every node' },
        'call.lost': 'resting',
      },
      after: { 'request timeout': { target: 'resting', actions: 'stop waiting' } },
    },
    resting: { after: { 'node monitor period': 'looking' } },
  },
})
