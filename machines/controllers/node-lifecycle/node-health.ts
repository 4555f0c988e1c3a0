/**
 * How it stands with one node in the eyes of the control plane (pkg/controller/nodelifecycle): what is heard of it, the
 * taints that tell of it, and its labels. The three go on side by side, each with a request of its own.
 */
import { setup } from 'xstate'
import { born, draw } from '../../../runtime/contract.ts'
import { REQUEST_TIMEOUT_MS } from '../../lib/requests.ts'
import { actions } from './chart/actions.ts'
import { type Context, type Events, lasting } from './chart/events.ts'
import { guards } from './chart/guards.ts'
import type { NodeHealthInput } from './words.ts'

/** retrySleepTime */
const RETRY_MS = 20
/** UpdateTaintBackoff */
const TAINT_RETRY_MS = 100
const UNMARKED = ['note that it is unmarked', 'tell that its node is not ready', 'strike the pod off'] as const

export const nodeHealth = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as NodeHealthInput },
  delays: {
    'request timeout': REQUEST_TIMEOUT_MS,
    'retry sleep': RETRY_MS,
    'taint back-off': lasting(
      ({ conflicts }, _, { dice }) => TAINT_RETRY_MS * (1 + draw(dice, 'taint back-off', conflicts) / 2 ** 32),
    ),
  },
  guards,
  actions,
}).createMachine({
  id: 'node-health',
  context: born((input: NodeHealthInput) => ({
    ...input,
    execution: 'as it is' as const,
    conflicts: 0,
    tries: 0,
    pods: [],
    unmarked: false,
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
                'pods.mistaken': { target: 'marking', actions: 'note the pods' },
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
                'pods.mistaken': { target: 'marking', actions: 'note the pods' },
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
                    {
                      guard: 'one could not be marked',
                      target: '#node-health.known.health.judging',
                      actions: 'ask to be told again',
                      description: 'The next pass of the monitor names those that are ready still.',
                    },
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
                      { guard: 'the pod is gone', target: 'choosing', actions: 'strike the pod off' },
                      {
                        guard: 'the pod is not written',
                        target: 'choosing',
                        actions: UNMARKED,
                        description: 'Told all the same: only of a pod that is gone nothing is.',
                      },
                    ],
                    'call.lost': { guard: 'its pod call was lost', target: 'choosing', actions: UNMARKED },
                  },
                  after: {
                    'request timeout': { target: 'choosing', actions: ['stop waiting for the pod', ...UNMARKED] },
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
