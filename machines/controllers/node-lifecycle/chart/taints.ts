/** The taints that tell of the node's state. */
import { words } from './words.ts'

export const taints = words.createStateConfig({
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
})
