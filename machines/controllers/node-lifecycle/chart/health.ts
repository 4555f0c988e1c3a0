/** Whether the node is heard of, and what is made of it when it is not. */
import { words } from './words.ts'

const UNMARKED = ['note that it is unmarked', 'tell that its node is not ready', 'strike the pod off'] as const

export const health = words.createStateConfig({
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
})
