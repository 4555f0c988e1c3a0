/**
 * The kubelet of one node: it registers the node, and starts a worker for each pod that is bound here. What the runtime
 * has is listed first, so that the containers of an earlier life are found and kept.
 */
import { setup } from 'xstate'
import { born, type CallLost, call, hangUp, send, spawn, verbs } from '../../runtime/contract.ts'
import { uidOf } from '../lib/names.ts'
import { create, get, REQUEST_TIMEOUT_MS, reasonOf, succeeded } from '../lib/requests.ts'
import type { ApiAnswered } from '../protocol/api.ts'
import type { Cache, CacheChanged } from '../protocol/cache.ts'
import type {
  KubeletInput,
  KubeletParts,
  NodeDoubted,
  PodStopped,
  PodTerminated,
  RuntimeListed,
  RuntimeReadiness,
} from '../protocol/kubelet.ts'
import type { core, Node } from '../protocol/objects.ts'
import { nodeEvent, plainNodeEvent, warnedOf } from './node/node-events.ts'
import { AT_FIRST, newNode } from './node/node-object.ts'
import { firstParts, nodeStatusOf, partsOf, reflectorOf } from './parts.ts'
import { dispatched, listed, NO_PODS, orphans, type Pods, shownAgain, stopped, terminated } from './pods.ts'

export interface KubeletContext {
  readonly input: KubeletInput
  readonly parts: KubeletParts
  /** As it was registered, then as the API has it. */
  readonly node: Node
  readonly pods: Pods
  readonly problems: readonly string[]
  readonly tries: number
}
type Events = ApiAnswered | CallLost | CacheChanged | RuntimeListed | RuntimeReadiness | PodStopped | PodTerminated

const FIRST_BACK_OFF_MS = 100
const LONGEST_BACK_OFF_MS = 7_000
const CGROUP_V1 = 'cgroup v1 support is in maintenance mode, please migrate to cgroup v2'

const { update, ask, decide, when, lasting } = verbs<KubeletContext, Events>()

const idsOf = (dice: number) => ({
  bootID: uidOf(dice, 'boot'),
  machineID: uidOf(dice, 'machine').replaceAll('-', ''),
  systemUUID: uidOf(dice, 'system'),
})

export const kubelet = setup({
  types: { context: {} as KubeletContext, events: {} as Events, input: {} as KubeletInput },
  delays: {
    'request timeout': REQUEST_TIMEOUT_MS,
    'back-off': lasting(({ tries }) => Math.min(FIRST_BACK_OFF_MS * 2 ** Math.min(tries, 7), LONGEST_BACK_OFF_MS)),
  },
  guards: {
    'it succeeded': when('api.answered', (_, answer) => succeeded(answer)),
    'it exists already': when('api.answered', (_, answer) => reasonOf(answer) === 'AlreadyExists'),
    'these are all pods': when('cache.changed', (_, { resource, filled }) => resource === 'pods' && filled),
    'this is the node': when('cache.changed', (_, { resource }) => resource === 'nodes'),
    'the API does not know how it is': when(
      'cache.changed',
      ({ parts }, { resource, cache }) =>
        resource === 'nodes' && conditionsIn(cache, parts.node).some(({ status }) => status === 'Unknown'),
    ),
    'these are pods': when('cache.changed', (_, { resource }) => resource === 'pods'),
  },
  actions: {
    'start its parts': ask(({ parts }) =>
      firstParts(parts).map(([address, machine, input]) => spawn(address, machine, input)),
    ),
    'record how it begins': ask(({ input, parts: { recorder, node } }) => [
      plainNodeEvent(recorder, node, 'Starting', 'Starting kubelet.'),
      ...(input.cgroups === 1 ? [warnedOf(recorder, node, 'CgroupV1', CGROUP_V1)] : []),
      // Nothing was measured yet when the image garbage collector is asked for the first time.
      warnedOf(recorder, node, 'InvalidDiskCapacity', 'invalid capacity 0 on image filesystem'),
      ...['NodeHasSufficientMemory', 'NodeHasNoDiskPressure', 'NodeHasSufficientPID'].map((reason) =>
        nodeEvent(recorder, node, reason),
      ),
      plainNodeEvent(recorder, node, 'NodeAllocatableEnforced', 'Updated Node Allocatable limit across pods'),
    ]),
    // A new one each time (initialNode): the one at hand may be the server's by now, and has a resourceVersion.
    'create the node': ask(({ parts, input }, _, { at, dice }) => {
      const node = newNode(input, idsOf(dice), at)
      return call(parts.apiserver, create(parts.user, { resource: 'nodes', name: parts.node }, node), 'node')
    }),
    'get the node': ask(({ parts }) =>
      call(parts.apiserver, get(parts.user, { resource: 'nodes', name: parts.node }), 'node'),
    ),
    'keep the node': update('api.answered', (_, { object }) => ({ node: object as Node })),
    'keep the node as it is now': update('cache.changed', ({ node, parts }, { cache }) => ({
      node: (cache.objects.get(parts.node) as Node | undefined) ?? node,
    })),
    'count the failure': update(({ tries }) => ({ tries: tries + 1 })),
    'hang up': ask(() => hangUp('node')),
    'keep it alive': ask(({ input, parts, node, problems }, _, { dice }) => [
      spawn(`node-lease/${parts.node}`, 'node-lease', {
        apiserver: parts.apiserver,
        user: parts.user,
        node: parts.node,
        uid: node.metadata.uid ?? '',
      }),
      spawn(nodeStatusOf(parts.node), 'node-status', {
        kubelet: input,
        user: parts.user,
        recorder: parts.recorder,
        ids: idsOf(dice),
        conditions: node.status?.conditions ?? [],
        problems,
        since: parts.since,
      }),
    ]),
    'note how the runtime is': update('runtime.readiness', (_, { problems }) => ({ problems })),
    'pass on that it is doubted': ask('cache.changed', ({ parts }, { cache }) =>
      send(nodeStatusOf(parts.node), {
        type: 'node.doubted',
        conditions: conditionsIn(cache, parts.node),
      } satisfies NodeDoubted),
    ),
    'pass on how the runtime is': ask('runtime.readiness', ({ parts }, event) => send(nodeStatusOf(parts.node), event)),

    'keep what runs': update('runtime.listed', ({ pods }, event) => ({ pods: listed(pods, event) })),
    'follow its pods': ask(({ parts }) => {
      const [address, machine, input] = reflectorOf(parts, 'pods', `spec.nodeName=${parts.node}`)
      return spawn(address, machine, input)
    }),
    'set its workers to work': decide('cache.changed', ({ pods, parts, node }, { deltas }) => {
      const [after, effects] = dispatched(pods, deltas, parts, node)
      return [{ pods: after }, effects]
    }),
    'kill what nobody knows': decide(({ pods, parts }) => {
      const [after, effects] = orphans(pods, parts)
      return [{ pods: after }, effects]
    }),
    'free what it used': update('pod.stopped', ({ pods }, { key, uid }) => ({ pods: stopped(pods, key, uid) })),
    'free its name': decide('pod.terminated', ({ pods, parts, node }, { key, uid }) => {
      const [after, effects] = terminated(pods, key, uid, parts, node)
      return [{ pods: after }, effects]
    }),
    'show the workers what runs': ask('runtime.listed', ({ pods, parts }, event) => shownAgain(pods, parts, event)),
  },
}).createMachine({
  id: 'kubelet',
  context: born((input, { at, dice }) => ({
    input,
    parts: partsOf(input, at),
    node: newNode(input, idsOf(dice), at),
    pods: NO_PODS,
    problems: [AT_FIRST],
    tries: 0,
  })),
  entry: ['start its parts', 'record how it begins'],
  type: 'parallel',
  states: {
    node: {
      initial: 'registering',
      on: {
        'runtime.readiness': { actions: 'note how the runtime is' },
        'cache.changed': {
          guard: 'this is the node',
          actions: 'keep the node as it is now',
        },
      },
      states: {
        registering: {
          entry: 'create the node',
          on: {
            'api.answered': [
              { guard: 'it succeeded', target: 'registered', actions: 'keep the node' },
              { guard: 'it exists already', target: 'taking' },
              { target: 'backingOff' },
            ],
            'call.lost': 'backingOff',
          },
          after: { 'request timeout': 'backingOff' },
        },
        taking: {
          description: 'The node is known from an earlier life: its status is brought up to date.',
          entry: 'get the node',
          on: {
            'api.answered': [
              { guard: 'it succeeded', target: 'registered', actions: 'keep the node' },
              { target: 'backingOff' },
            ],
            'call.lost': 'backingOff',
          },
          after: { 'request timeout': 'backingOff' },
        },
        backingOff: {
          entry: ['hang up', 'count the failure'],
          after: { 'back-off': 'registering' },
        },
        registered: {
          entry: 'keep it alive',
          on: {
            'runtime.readiness': { actions: ['note how the runtime is', 'pass on how the runtime is'] },
            'cache.changed': {
              guard: 'the API does not know how it is',
              actions: ['keep the node as it is now', 'pass on that it is doubted'],
              description: 'It was silent for too long; the status says so until the kubelet says otherwise.',
            },
          },
        },
      },
    },
    pods: {
      initial: 'waitingForRuntime',
      states: {
        waitingForRuntime: {
          on: { 'runtime.listed': { target: 'waitingForPods', actions: 'keep what runs' } },
        },
        waitingForPods: {
          entry: 'follow its pods',
          on: {
            'cache.changed': {
              guard: 'these are all pods',
              target: 'serving',
              actions: ['set its workers to work', 'kill what nobody knows'],
            },
            'runtime.listed': { actions: 'keep what runs' },
          },
        },
        serving: {
          on: {
            'cache.changed': { guard: 'these are pods', actions: 'set its workers to work' },
            'pod.stopped': { actions: 'free what it used' },
            'pod.terminated': { actions: 'free its name' },
            'runtime.listed': { actions: 'show the workers what runs' },
          },
        },
      },
    },
  },
})

const conditionsIn = ({ objects }: Cache, node: string): readonly core.NodeCondition[] =>
  (objects.get(node) as Node | undefined)?.status?.conditions ?? []
