/** Belonging to the cluster: from the name that a new member tells to the word that it was removed. */
import { words } from './words.ts'

export const membership = words.createStateConfig({
  initial: 'member',
  on: { 'member.gone': { guard: 'it is meant', target: '#etcd.removed' } },
  states: {
    member: {
      always: [
        { guard: 'its removal is applied', target: 'leaving' },
        { guard: 'it has not told its name', target: 'publishing' },
      ],
    },
    publishing: {
      description: 'It was added, and tells all through the log that it has started.',
      entry: 'publish the name',
      always: [
        { guard: 'its removal is applied', target: 'leaving' },
        { guard: 'its name is known', target: 'member' },
      ],
      after: { 'request timeout': { target: 'publishing', reenter: true } },
    },
    leaving: {
      description: 'It was removed. For a second it still passes on the log, so that the others learn of it too.',
      after: { farewell: '#etcd.removed' },
    },
  },
})

/** One change of the members after the other, each asked for through this member. */
export const reconfiguration = words.createStateConfig({
  initial: 'none',
  states: {
    none: { always: { guard: 'a change waits', target: 'probing' } },
    probing: {
      description: 'Would a majority still be connected? Every voter is asked whether it is there.',
      entry: 'probe the peers',
      always: [
        {
          guard: 'all peers are probed and the change is dangerous',
          target: 'none',
          actions: 'refuse the first change',
        },
        { guard: 'all peers are probed', target: 'none', actions: 'propose the first change' },
      ],
      on: {
        'raft.probed': { actions: 'note that it is connected' },
        'call.lost': { guard: 'it is about a probe', actions: 'note that it is not connected' },
      },
      after: {
        'probe timeout': [
          { guard: 'change is dangerous', target: 'none', actions: 'refuse the first change' },
          { target: 'none', actions: 'propose the first change' },
        ],
      },
    },
  },
})
