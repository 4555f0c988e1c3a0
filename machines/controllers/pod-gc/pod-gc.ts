/** Removes pods that nobody else will remove (pkg/controller/podgc): a look every 20 s, then one pod after another. */
import { setup } from 'xstate'
import { born, type CallLost, call, hangUp, verbs } from '../../../runtime/contract.ts'
import { Tree } from '../../../runtime/tree.ts'
import { get, patch, placeOf, REQUEST_TIMEOUT_MS, reasonOf, remove, succeeded } from '../../lib/requests.ts'
import { rfc3339 } from '../../lib/time.ts'
import type { ApiAnswered } from '../../protocol/api.ts'
import type { Cache, CacheChanged, ControllerInput } from '../../protocol/cache.ts'
import type { Node, Pod } from '../../protocol/objects.ts'
import {
  type Disposal,
  needsToFail,
  neverScheduled,
  orphaned,
  outOfService,
  overThreshold,
  TERMINATED_THRESHOLD,
  unknownNodes,
} from './disposable.ts'

export interface PodGcInput extends ControllerInput {
  /** `--terminated-pod-gc-threshold`: how many finished pods may stay. */
  readonly terminatedThreshold?: number
}
interface Context extends PodGcInput {
  readonly pods: Cache<Pod> | undefined
  readonly nodes: Cache<Node> | undefined
  /** When the quarantine of a node that nobody knows ends. */
  readonly quarantine: Tree<number>
  /** Nodes to be asked for in this pass, and those that are gone. */
  readonly suspects: readonly string[]
  readonly gone: readonly string[]
  readonly left: readonly Disposal[]
}
type Events = CacheChanged | ApiAnswered | CallLost

/** gcCheckPeriod, quarantineTime */
const PERIOD_MS = 20_000
const QUARANTINE_MS = 40_000

const { update, ask, when } = verbs<Context, Events>()

export const podGc = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as PodGcInput },
  delays: { 'check period': PERIOD_MS, 'request timeout': REQUEST_TIMEOUT_MS },
  guards: {
    'every cache is filled': when(({ pods, nodes }) => pods !== undefined && nodes !== undefined),
    'a node may be gone': when(({ suspects }) => suspects.length > 0),
    'a pod is left': when(({ left }) => left.length > 0),
    'it is over already': when(({ left }) => left[0] !== undefined && !needsToFail(left[0])),
    'it succeeded': when('api.answered', (_, reply) => succeeded(reply)),
    'it is not there': when('api.answered', (_, reply) => reasonOf(reply) === 'NotFound'),
  },
  actions: {
    'take in the cache': update('cache.changed', (_, { resource, cache }) =>
      resource === 'pods' ? { pods: cache as Cache<Pod> } : { nodes: cache as Cache<Node> },
    ),
    'put unknown nodes into quarantine': update(({ pods, nodes, quarantine }, _, { at }) =>
      quarantined(pods, nodes, quarantine, at),
    ),
    'ask for the node': ask(({ apiserver, user, suspects }) =>
      call(apiserver, get(user, { resource: 'nodes', name: suspects[0] ?? '' })),
    ),
    'note that it is gone': update(({ suspects, gone }) => ({ gone: [...gone, suspects[0] ?? ''] })),
    'go on to the next node': update(({ suspects }) => ({ suspects: suspects.slice(1) })),
    'choose the pods': update((context) => ({ left: chosen(context) })),
    'mark it as failed': ask(({ apiserver, user, left }, _, { at }) => {
      const { pod, isOrphaned } = left[0] as Disposal
      return call(apiserver, patch(user, placeOf('pods', pod, 'status'), 'strategic', failed(pod, isOrphaned, at)))
    }),
    'delete it at once': ask(({ apiserver, user, left }) =>
      call(apiserver, remove(user, placeOf('pods', (left[0] as Disposal).pod), { gracePeriodSeconds: 0 })),
    ),
    'go on to the next pod': update(({ left }) => ({ left: left.slice(1) })),
    'stop waiting': ask(() => hangUp('')),
    'forget the pass': update(() => ({ suspects: [], gone: [], left: [] })),
  },
}).createMachine({
  id: 'pod-garbage-collector-controller',
  context: born((input: PodGcInput) => ({
    ...input,
    pods: undefined,
    nodes: undefined,
    quarantine: Tree.of<number>(),
    suspects: [],
    gone: [],
    left: [],
  })),
  initial: 'waitingForCaches',
  on: { 'cache.changed': { actions: 'take in the cache' } },
  states: {
    waitingForCaches: { always: { guard: 'every cache is filled', target: 'checkingNodes' } },
    checkingNodes: {
      description: 'A node that has been missing from the cache for the quarantine is asked for at the API.',
      entry: 'put unknown nodes into quarantine',
      initial: 'choosing',
      states: {
        choosing: {
          always: [
            { guard: 'a node may be gone', target: 'asking' },
            { target: '#pod-garbage-collector-controller.disposing' },
          ],
        },
        asking: {
          entry: 'ask for the node',
          on: {
            'api.answered': [
              {
                guard: 'it is not there',
                target: 'choosing',
                actions: ['note that it is gone', 'go on to the next node'],
              },
              { target: 'choosing', actions: 'go on to the next node' },
            ],
            'call.lost': { target: 'choosing', actions: 'go on to the next node' },
          },
          after: {
            'request timeout': { target: 'choosing', actions: ['stop waiting', 'go on to the next node'] },
          },
        },
      },
    },
    disposing: {
      entry: 'choose the pods',
      initial: 'choosing',
      states: {
        choosing: {
          always: [
            { guard: 'it is over already', target: 'deleting' },
            { guard: 'a pod is left', target: 'failing' },
            { target: '#pod-garbage-collector-controller.resting' },
          ],
        },
        failing: {
          description: 'No kubelet is left to end it: otherwise it would seem to run for ever.',
          entry: 'mark it as failed',
          on: {
            'api.answered': [
              { guard: 'it succeeded', target: 'deleting' },
              { target: 'choosing', actions: 'go on to the next pod' },
            ],
            'call.lost': { target: 'choosing', actions: 'go on to the next pod' },
          },
        },
        deleting: {
          entry: 'delete it at once',
          on: {
            'api.answered': { target: 'choosing', actions: 'go on to the next pod' },
            'call.lost': { target: 'choosing', actions: 'go on to the next pod' },
          },
        },
      },
      after: { 'request timeout': { target: 'resting', actions: 'stop waiting' } },
    },
    resting: { entry: 'forget the pass', after: { 'check period': 'checkingNodes' } },
  },
})

type Known<T extends Pod | Node> = Cache<T> | undefined
const NO_PODS = Tree.of<Tree<Pod>>()
const byNode = (pods: Known<Pod>): Tree<Tree<Pod>> => pods?.by.node ?? NO_PODS

/** A node whose quarantine ends with this very pass is asked for: the real one's timer is never that exact. */
function quarantined(pods: Known<Pod>, nodes: Known<Node>, known: Tree<number>, at: number): Partial<Context> {
  let quarantine = Tree.of<number>()
  const suspects: string[] = []
  for (const node of unknownNodes(byNode(pods), nodes?.objects ?? Tree.of<Node>())) {
    const endsAt = known.get(node)
    if (endsAt !== undefined && endsAt <= at) suspects.push(node)
    else quarantine = quarantine.set(node, endsAt ?? at + QUARANTINE_MS)
  }
  return { quarantine, suspects, gone: [] }
}

function chosen({ pods, nodes, gone, terminatedThreshold }: Context): readonly Disposal[] {
  const all = pods?.objects ?? Tree.of<Pod>()
  const disposals = [
    ...overThreshold(all, terminatedThreshold ?? TERMINATED_THRESHOLD),
    ...outOfService(all, nodes?.objects ?? Tree.of<Node>()),
    ...orphaned(byNode(pods), gone),
    ...neverScheduled(all),
  ]
  return [...new Map(disposals.map((disposal) => [disposal.pod, disposal])).values()]
}

function failed({ metadata }: Pod, isOrphaned: boolean, at: number): unknown {
  const condition = {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'DeletionByPodGC',
    message: 'PodGC: node no longer exists',
    lastTransitionTime: rfc3339(at),
  }
  const status = isOrphaned ? { phase: 'Failed', conditions: [condition] } : { phase: 'Failed' }
  return { metadata: { uid: metadata.uid }, status }
}
