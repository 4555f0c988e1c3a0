/** What clients ask for, whatever role the member plays. */
const WRITES = [{ guard: 'request is malformed', actions: 'refuse it' }, { actions: 'propose it' }] as const

export const requests = {
  'etcd.Put': WRITES,
  'etcd.DeleteRange': WRITES,
  'etcd.Compact': { actions: 'propose it' },
  'etcd.LeaseGrant': { actions: 'propose it' },
  'etcd.LeaseRevoke': { actions: 'propose it' },
  'etcd.Txn': [
    { guard: 'request is malformed', actions: 'refuse it' },
    { guard: 'only reads, and at once', actions: 'read and answer' },
    { guard: 'only reads', actions: 'queue the read' },
    { actions: 'propose it' },
  ],
  'etcd.Range': [
    { guard: 'request is malformed', actions: 'refuse it' },
    { guard: 'may be read at once', actions: 'read and answer' },
    { actions: 'queue the read' },
  ],
  'etcd.LeaseLeases': { actions: 'list the leases' },
  'request.overdue': { actions: 'fail what is overdue' },
  'etcd.answered': { actions: 'give the answer back' },
  'etcd.failed': { actions: 'give the answer back' },
  'call.lost': { actions: 'give up asking' },
} as const
