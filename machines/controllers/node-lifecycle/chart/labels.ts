/** The labels that follow from others. */
import { words } from './words.ts'

export const labels = words.createStateConfig({
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
})
