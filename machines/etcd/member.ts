/**
 * One etcd member: raft's roles, the disk, reads that ask a quorum, and watches that catch up, side by side.
 * `handler` by `handler` it is raft.go, etcdserver/raft.go and etcdserver/v3_server.go. The chart's parts are in
 * `chart/`; what they decide is in `raft/`, `roles/`, `mvcc/` and `lease/`.
 */
import { born } from '../../runtime/contract.ts'
import { beginning, joining, lookingAround } from './chart/beginning.ts'
import { handover } from './chart/handover.ts'
import { headStart } from './chart/head-start.ts'
import { membership, reconfiguration } from './chart/membership.ts'
import { reads } from './chart/reads.ts'
import { requests } from './chart/requests.ts'
import { role } from './chart/role.ts'
import { storage } from './chart/storage.ts'
import { watches } from './chart/watches.ts'
import { words } from './chart/words.ts'
import { begun } from './context.ts'

export const etcd = words.createMachine({
  id: 'etcd',
  context: born(begun),
  initial: 'beginning',
  states: {
    beginning,
    joining,
    lookingAround,
    serving: {
      type: 'parallel',
      always: { guard: 'committed entries are not applied', actions: 'apply the committed entries' },
      on: requests,
      states: { role, storage, reads, watches, membership, reconfiguration, handover, headStart },
    },
    panicked: {
      type: 'final',
      description:
        'The leader knows that we once had entries that our disk has lost. A life on it could break promises.',
    },
    removed: {
      type: 'final',
      description: 'It is no member any more. Whoever takes its place is added anew, on an empty disk.',
    },
    refused: {
      type: 'final',
      description: 'It could not begin: nobody knows it, or all know it from a life that its disk has forgotten.',
    },
  },
})
