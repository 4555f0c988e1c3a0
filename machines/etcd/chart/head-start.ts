/** The first election need not wait a whole timeout, once there is somebody to elect. */
import { words } from './words.ts'

export const headStart = words.createStateConfig({
  initial: 'undecided',
  states: {
    undecided: {
      always: [{ guard: 'two peers may come to be connected', target: 'waitingForPeers' }, { target: 'over' }],
    },
    waitingForPeers: {
      description: 'Until two others are there its election clock runs as ever: it could win nothing.',
      entry: 'dial the peers',
      on: {
        'raft.probed': { guard: 'a peer answers', actions: 'note that the peer answers' },
        'raft.Probe': { actions: ['say for how long it has been up', 'note that the peer asks'] },
        'call.lost': { guard: 'a peer is not there', actions: 'note that the peer is not there' },
      },
      after: {
        'look at the connections': [
          { guard: 'two peers are connected', target: 'over', actions: 'give the head start' },
          { guard: 'nobody came for so long', target: 'over', actions: 'give up the head start' },
          { target: 'waitingForPeers', reenter: true },
        ],
      },
    },
    over: { description: 'It was given, or nobody came; who is alone has had it from birth.' },
  },
})
