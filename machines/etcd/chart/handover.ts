/** Who asked for another leader waits until that one leads. */
import { words } from './words.ts'

export const handover = words.createStateConfig({
  initial: 'none',
  states: {
    none: { always: { guard: 'a handover is under way', target: 'waiting' } },
    waiting: {
      initial: 'looking',
      after: { 'request timeout': { target: 'none', actions: 'fail the handover' } },
      states: {
        looking: {
          after: {
            'look at the leader': [
              { guard: 'heir leads', target: '#etcd.serving.handover.none', actions: 'tell that the heir leads' },
              { target: 'looking', reenter: true },
            ],
          },
        },
      },
    },
  },
})
