/** Linearizable reads. */
import { words } from './words.ts'

export const reads = words.createStateConfig({
  description: 'Reads of what is true now, without going through the log.',
  initial: 'none',
  states: {
    none: { always: { guard: 'reads are queued', target: 'confirming' } },
    confirming: {
      description:
        'The leader makes sure that it leads, and tells how far to apply. Later reads wait for the next round.',
      entry: 'gather the reads',
      initial: 'asking',
      always: [
        { guard: 'read index is applied', target: 'none', actions: 'answer the reads' },
        { guard: 'another leader came', target: 'none', actions: 'fail the reads: leader changed' },
      ],
      on: { MsgReadIndexResp: { guard: 'it is for these reads', actions: 'note the read index' } },
      after: { 'request timeout': { target: 'none', actions: 'fail the reads: timed out' } },
      states: {
        asking: {
          entry: 'ask for the read index',
          after: { 'read index retry': { target: 'asking', reenter: true } },
        },
      },
    },
  },
})
