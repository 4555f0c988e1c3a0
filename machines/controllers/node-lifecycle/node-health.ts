/**
 * How it stands with one node in the eyes of the control plane (pkg/controller/nodelifecycle): what is heard of it, the
 * taints that tell of it, and its labels. The three go on side by side, each with a request of its own.
 */
import { setup } from 'xstate'
import { born, type CallLost, call, draw, hangUp, send, verbs } from '../../../runtime/contract.ts'
import { get, patch, placeOf, REQUEST_TIMEOUT_MS, reasonOf, update as replace, succeeded } from '../../lib/requests.ts'
import type { ApiAnswered } from '../../protocol/api.ts'
import type { EventHappened } from '../../protocol/cache.ts'
import type { Node, Pod } from '../../protocol/objects.ts'
import { tell } from '../kit/sync.ts'
import { readinessOf, unheardOf } from './conditions.ts'
import { missingLabels } from './labels.ts'
import { mistakenlyReady, notReady } from './pods.ts'
import { type Execution, nextTaints } from './taints.ts'
import type { NodeHealthInput, Told } from './words.ts'

interface Context extends NodeHealthInput {
  readonly execution: Execution
  /** Patches of its taints that met a conflict, in a row. */
  readonly conflicts: number
  /** Tries to write that nothing is heard of it. */
  readonly tries: number
  /** Pods to be marked as not ready. */
  readonly pods: readonly Pod[]
}
type Events = Told | ApiAnswered | CallLost

/** retrySleepTime, NodeHealthUpdateRetry */
const RETRY_MS = 20
const MOST_TRIES = 5
/** UpdateTaintBackoff */
const TAINT_RETRY_MS = 100
const TAINT_MOST_TRIES = 5
const STATUS = 'status'
const TAINTS = 'taints'
const LABELS = 'labels'
const POD = 'pod'

const { update, ask, when, lasting } = verbs<Context, Events>()

export const nodeHealth = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as NodeHealthInput },
  delays: {
    'request timeout': REQUEST_TIMEOUT_MS,
    'retry sleep': RETRY_MS,
    'taint back-off': lasting(
      ({ conflicts }, _, { dice }) => TAINT_RETRY_MS * (1 + draw(dice, 'taint back-off', conflicts) / 2 ** 32),
    ),
  },
  guards: {
    'it is ready': when(({ node }) => readinessOf(node) === 'True'),
    'it says that it is not ready': when(({ node }) => readinessOf(node) === 'False'),
    'nothing is heard of it': when(({ node }) => readinessOf(node) === 'Unknown'),
    'it was ready': when(
      'api.answered',
      ({ node }, reply, { line }) => readinessOf(node) === 'True' && ok(reply, line, STATUS),
    ),
    'it is written': when('api.answered', (_, reply, { line }) => ok(reply, line, STATUS)),
    'it is not written': when('api.answered', (_, reply, { line }) => line === STATUS && !succeeded(reply)),
    'it has been tried often enough': when(({ tries }) => tries >= MOST_TRIES),
    'its status call was lost': when('call.lost', (_, { line }) => line === STATUS),
    'a pod is left': when(({ pods }) => pods.length > 0),
    'the pod is written': when('api.answered', (_, reply, { line }) => ok(reply, line, POD)),
    'the pod is not written': when('api.answered', (_, reply, { line }) => line === POD && !succeeded(reply)),
    'its pod call was lost': when('call.lost', (_, { line }) => line === POD),
    'a taint is wrong': when(({ node, execution }, _, { at }) => nextTaints(node, execution, at) !== undefined),
    'it has no state yet': when(({ node }) => readinessOf(node) === undefined),
    'the taints are written': when('api.answered', (_, reply, { line }) => ok(reply, line, TAINTS)),
    'the taints met a conflict': when(
      'api.answered',
      ({ conflicts }, reply, { line }) =>
        line === TAINTS && reasonOf(reply) === 'Conflict' && conflicts < TAINT_MOST_TRIES,
    ),
    'the taints are not written': when('api.answered', (_, reply, { line }) => line === TAINTS && !succeeded(reply)),
    'its taint call was lost': when('call.lost', (_, { line }) => line === TAINTS),
    'a label is wrong': when(({ node }) => missingLabels(node) !== undefined),
    'the labels are answered': when('api.answered', (_, __, { line }) => line === LABELS),
    'its label call was lost': when('call.lost', (_, { line }) => line === LABELS),
  },
  actions: {
    'take it in': update(({ node }, event) => ('node' in event ? newer(node, event.node) : {})),
    'take in what was written': update('api.answered', ({ node }, { object }) =>
      newer(node, object as Node | undefined),
    ),
    'tell that it is registered': ask((context) =>
      told(context, 'RegisteredNode', `Node ${name(context)} event: Registered Node ${name(context)} in Controller`),
    ),
    'tell that it is removed': ask((context) =>
      told(context, 'RemovingNode', `Node ${name(context)} event: Removing Node ${name(context)} from Controller`),
    ),
    'tell that it is not ready': ask((context) =>
      told(context, 'NodeNotReady', `Node ${name(context)} status is now: NodeNotReady`),
    ),
    'note its pods': update('heartbeat.stopped', (_, { pods }) => ({ pods: mistakenlyReady(pods), tries: 0 })),
    'note the pod': update('pod.mistaken', ({ pods }, { pod }) => ({ pods: [...pods, pod] })),
    'write that nothing is heard': ask(({ apiserver, user, node }, _, { at }) =>
      call(apiserver, replace(user, placeOf('nodes', node, 'status'), unheardOf(node, at)), STATUS),
    ),
    'count the try': update(({ tries }) => ({ tries: tries + 1 })),
    'read it again': ask(({ apiserver, user, node }) => call(apiserver, get(user, placeOf('nodes', node)), STATUS)),
    'mark the next pod': ask(({ apiserver, user, pods }, _, { at }) => {
      const pod = pods[0] as Pod
      return call(apiserver, replace(user, placeOf('pods', pod, 'status'), notReady(pod, at)), POD)
    }),
    'tell that its node is not ready': ask((context) =>
      tell(context, context.pods[0] as Pod, 'Warning', 'NodeNotReady', 'Node is not ready'),
    ),
    'strike the pod off': update(({ pods }) => ({ pods: pods.slice(1) })),
    'stop waiting for the status': ask(() => hangUp(STATUS)),
    'stop waiting for the pod': ask(() => hangUp(POD)),
    'taint it by its state': update(() => ({ execution: 'by state' as const })),
    'remove its NoExecute taints': update(() => ({ execution: 'none' as const })),
    'patch the taints': ask(({ apiserver, user, node, execution }, _, { at }) => {
      const taints = nextTaints(node, execution, at) ?? []
      return call(apiserver, patch(user, placeOf('nodes', node), 'strategic', taintPatch(node, taints)), TAINTS)
    }),
    'read it for its taints': ask(({ apiserver, user, node }) =>
      call(apiserver, get(user, placeOf('nodes', node)), TAINTS),
    ),
    'count the conflict': update(({ conflicts }) => ({ conflicts: conflicts + 1 })),
    'leave the taints': update(() => ({ execution: 'as it is' as const, conflicts: 0 })),
    'stop waiting for the taints': ask(() => hangUp(TAINTS)),
    'patch the labels': ask(({ apiserver, user, node }) =>
      call(
        apiserver,
        patch(user, placeOf('nodes', node), 'strategic', { metadata: { labels: missingLabels(node) } }),
        LABELS,
      ),
    ),
    'stop waiting for the labels': ask(() => hangUp(LABELS)),
  },
}).createMachine({
  id: 'node-health',
  context: born((input: NodeHealthInput) => ({
    ...input,
    execution: 'as it is' as const,
    conflicts: 0,
    tries: 0,
    pods: [],
  })),
  initial: 'known',
  states: {
    known: {
      type: 'parallel',
      on: {
        'node.changed': { actions: 'take it in' },
        'node.removed': 'removed',
      },
      states: {
        health: {
          initial: 'unregistered',
          states: {
            unregistered: {
              description: 'The monitor has not come by yet.',
              on: { 'node.registered': { target: 'judging', actions: 'tell that it is registered' } },
            },
            judging: {
              always: [
                { guard: 'it is ready', target: 'healthy' },
                { guard: 'it says that it is not ready', target: 'notReady' },
                { guard: 'nothing is heard of it', target: 'unreachable' },
                { target: 'silent' },
              ],
            },
            healthy: {
              on: {
                'heartbeat.stopped': { target: 'givingUp', actions: ['take it in', 'note its pods'] },
                'node.changed': { target: 'judging', actions: 'take it in' },
              },
            },
            notReady: {
              description: 'The kubelet is heard of, and says so itself.',
              on: {
                'heartbeat.stopped': { target: 'givingUp', actions: ['take it in', 'note its pods'] },
                'node.changed': { target: 'judging', actions: 'take it in' },
                'pod.mistaken': { target: 'marking', actions: 'note the pod' },
              },
            },
            silent: {
              description: 'Its kubelet never posted a status.',
              on: {
                'heartbeat.stopped': { target: 'givingUp', actions: ['take it in', 'note its pods'] },
                'node.changed': { target: 'judging', actions: 'take it in' },
              },
            },
            unreachable: {
              on: {
                'node.changed': { target: 'judging', actions: 'take it in' },
                'pod.mistaken': { target: 'marking', actions: 'note the pod' },
              },
            },
            givingUp: {
              description: 'Nothing was heard for the grace period: the control plane writes what it makes of that.',
              initial: 'writing',
              states: {
                writing: {
                  entry: ['count the try', 'write that nothing is heard'],
                  on: {
                    'api.answered': [
                      {
                        guard: 'it was ready',
                        target: '#node-health.known.health.marking',
                        actions: ['take in what was written', 'tell that it is not ready'],
                      },
                      {
                        guard: 'it is written',
                        target: '#node-health.known.health.judging',
                        actions: 'take in what was written',
                      },
                      {
                        guard: 'it is not written',
                        target: 'waiting',
                      },
                    ],
                  },
                },
                waiting: {
                  after: {
                    'retry sleep': [
                      { guard: 'it has been tried often enough', target: '#node-health.known.health.judging' },
                      { target: 'reading' },
                    ],
                  },
                },
                reading: {
                  entry: 'read it again',
                  on: {
                    'api.answered': [
                      { guard: 'it is written', target: 'writing', actions: 'take in what was written' },
                      {
                        guard: 'it is not written',
                        target: '#node-health.known.health.judging',
                        description: 'The next pass of the monitor tries again.',
                      },
                    ],
                  },
                },
              },
              on: { 'call.lost': { guard: 'its status call was lost', target: 'judging' } },
              after: { 'request timeout': { target: 'judging', actions: 'stop waiting for the status' } },
            },
            marking: {
              description: 'Its pods are marked as not ready, one after another.',
              initial: 'choosing',
              states: {
                choosing: {
                  always: [
                    { guard: 'a pod is left', target: 'writing' },
                    { target: '#node-health.known.health.judging' },
                  ],
                },
                writing: {
                  entry: 'mark the next pod',
                  on: {
                    'api.answered': [
                      {
                        guard: 'the pod is written',
                        target: 'choosing',
                        actions: ['tell that its node is not ready', 'strike the pod off'],
                      },
                      { guard: 'the pod is not written', target: 'choosing', actions: 'strike the pod off' },
                    ],
                    'call.lost': { guard: 'its pod call was lost', target: 'choosing', actions: 'strike the pod off' },
                  },
                  after: {
                    'request timeout': {
                      target: 'choosing',
                      actions: ['stop waiting for the pod', 'strike the pod off'],
                    },
                  },
                },
              },
              on: { 'pod.mistaken': { actions: 'note the pod' } },
            },
          },
        },
        taints: {
          initial: 'settled',
          states: {
            settled: {
              always: { guard: 'a taint is wrong', target: 'patching' },
              on: {
                'turn.came': { target: 'weighing', actions: ['take it in', 'taint it by its state'] },
                'taint.mistaken': { target: 'weighing', actions: ['take it in', 'taint it by its state'] },
                'node.reached': { target: 'weighing', actions: ['take it in', 'remove its NoExecute taints'] },
              },
            },
            weighing: {
              always: [
                { guard: 'a taint is wrong', target: 'patching' },
                {
                  guard: 'it has no state yet',
                  target: 'settled',
                  description: 'Its first condition is being written; what it was asked for is done then.',
                },
                { target: 'settled', actions: 'leave the taints' },
              ],
            },
            patching: {
              entry: 'patch the taints',
              on: {
                'turn.came': { actions: ['take it in', 'taint it by its state'] },
                'taint.mistaken': { actions: ['take it in', 'taint it by its state'] },
                'node.reached': { actions: ['take it in', 'remove its NoExecute taints'] },
                'api.answered': [
                  { guard: 'the taints are written', target: 'weighing', actions: 'take in what was written' },
                  { guard: 'the taints met a conflict', target: 'backingOff', actions: 'count the conflict' },
                  {
                    guard: 'the taints are not written',
                    target: 'leftAlone',
                    description: 'The next change of the node, or the next pass of the monitor, tries again.',
                  },
                ],
                'call.lost': { guard: 'its taint call was lost', target: 'leftAlone' },
              },
              after: { 'request timeout': { target: 'leftAlone', actions: 'stop waiting for the taints' } },
            },
            backingOff: {
              description: 'Taints are replaced as a whole: the patch names the version that it was made for.',
              after: { 'taint back-off': 'reading' },
            },
            reading: {
              entry: 'read it for its taints',
              on: {
                'api.answered': [
                  { guard: 'the taints are written', target: 'weighing', actions: 'take in what was written' },
                  { guard: 'the taints are not written', target: 'leftAlone' },
                ],
                'call.lost': { guard: 'its taint call was lost', target: 'leftAlone' },
              },
              after: { 'request timeout': { target: 'leftAlone', actions: 'stop waiting for the taints' } },
            },
            leftAlone: {
              entry: 'leave the taints',
              on: {
                'node.changed': { target: 'settled', actions: 'take it in' },
                'turn.came': { target: 'weighing', actions: ['take it in', 'taint it by its state'] },
                'taint.mistaken': { target: 'weighing', actions: ['take it in', 'taint it by its state'] },
                'node.reached': { target: 'weighing', actions: ['take it in', 'remove its NoExecute taints'] },
              },
            },
          },
        },
        labels: {
          initial: 'settled',
          states: {
            settled: { always: { guard: 'a label is wrong', target: 'patching' } },
            patching: {
              entry: 'patch the labels',
              on: {
                'api.answered': {
                  guard: 'the labels are answered',
                  target: 'written',
                },
                'call.lost': { guard: 'its label call was lost', target: 'written' },
              },
              after: { 'request timeout': { target: 'written', actions: 'stop waiting for the labels' } },
            },
            written: {
              description: 'Until the cache shows what came of it.',
              on: { 'node.changed': { target: 'settled', actions: 'take it in' } },
            },
          },
        },
      },
    },
    removed: { entry: 'tell that it is removed', type: 'final' },
  },
})

const ok = (reply: ApiAnswered, line: string, wanted: string): boolean => line === wanted && succeeded(reply)
const name = ({ node }: Context): string => node.metadata.name

/** An answer may be older than what the cache has shown since, and the cache older than an answer. */
function newer(known: Node, answered: Node | undefined): Partial<Context> {
  if (answered === undefined) return {}
  const isOlder = Number(answered.metadata.resourceVersion) < Number(known.metadata.resourceVersion)
  return isOlder ? {} : { node: answered }
}

/** RecordNodeEvent: about the node by name and uid alone. */
function told({ recorder, node }: Context, reason: string, message: string) {
  const { name, uid } = node.metadata
  const about = { apiVersion: 'v1', kind: 'Node', name, ...(uid === undefined ? {} : { uid }) }
  return send(recorder, { type: 'event.happened', about, kind: 'Normal', reason, message } satisfies EventHappened)
}

/** PatchNodeTaints: the whole list, for the version that it was made of. */
const taintPatch = ({ metadata }: Node, taints: readonly unknown[]) => ({
  metadata: { resourceVersion: metadata.resourceVersion },
  spec: { taints: taints.length === 0 ? null : taints },
})
