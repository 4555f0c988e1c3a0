/** Puts objects straight into etcd before anything else runs, as `etcdutl snapshot restore` would have. */
import type { EventObject } from 'xstate'
import type { World } from '../../runtime/world.ts'
import type { TxnRequest } from '../protocol/etcd.ts'
import type { Restored } from './dump.ts'

/** Who does it; a role outside. */
const RESTORER = 'etcdctl/cp-1'
const ETCD = 'etcd/cp-1'
/** --max-txn-ops is 128. */
const MOST_AT_ONCE = 100
const [AGAIN_MS, ANSWERED_WITHIN_MS, PATIENCE_MS] = [50, 10_000, 60_000]

/** @throws when etcd takes nothing within a minute */
export function restore(world: World, objects: readonly Restored[]): void {
  const told: EventObject[] = []
  world.bindOutside(RESTORER, ({ event }) => told.push(event))
  for (let i = 0; i < objects.length; i += MOST_AT_ONCE) {
    const puts = objects.slice(i, i + MOST_AT_ONCE).map((one) => ({ type: 'etcd.Put', ...one }) as const)
    const event: TxnRequest = { type: 'etcd.Txn', compare: [], success: puts, failure: [] }
    while (!isTaken(put(world, event, told))) {
      if (world.now > PATIENCE_MS) throw new Error('etcd takes no objects')
      world.run(world.now + AGAIN_MS)
    }
  }
}

const isTaken = (reply: EventObject | undefined): boolean => reply?.type === 'etcd.answered'

/** @returns what etcd said; undefined: nothing in time */
function put(world: World, event: TxnRequest, told: EventObject[]): EventObject | undefined {
  while (world.snapshot(ETCD) === undefined && world.step()) {}
  told.length = 0
  world.operate({ op: 'call', to: ETCD, event, from: RESTORER })
  const until = world.now + ANSWERED_WITHIN_MS
  while (told.length === 0 && world.now < until && world.step()) {}
  return told[0]
}
