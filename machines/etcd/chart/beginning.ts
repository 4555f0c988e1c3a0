/** Who begins on an empty disk, and was not simply told to found a cluster, asks the others first. */
import { words } from './words.ts'

export const beginning = words.createStateConfig({
  always: [
    { guard: 'it joins a cluster', target: 'joining' },
    { guard: 'cluster may have been there before', target: 'lookingAround' },
    { target: 'serving' },
  ],
})

export const joining = words.createStateConfig({
  description: 'The others know under which name it was added: without that it would be nobody.',
  entry: 'ask who belongs to the cluster',
  always: { guard: 'all were heard', target: 'refused' },
  on: {
    'raft.membersTold': [
      { guard: 'they know us', target: 'serving', actions: 'take the identity' },
      { actions: 'note who was heard' },
    ],
    'call.lost': { actions: 'note who is lost' },
    'raft.Members': { actions: 'say that it knows nobody' },
  },
  after: { 'bootstrap timeout': 'refused' },
})

export const lookingAround = words.createStateConfig({
  description: 'A cluster is founded once. Who lost its disk must not found it again: its votes are forgotten.',
  entry: 'ask who belongs to the cluster',
  always: { guard: 'all were heard', target: 'serving' },
  on: {
    'raft.membersTold': [{ guard: 'they know us from before', target: 'refused' }, { actions: 'note who was heard' }],
    'call.lost': { actions: 'note who is lost' },
    'raft.Members': { actions: 'say that it knows nobody' },
  },
  after: { 'bootstrap timeout': 'serving' },
})
