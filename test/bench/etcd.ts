/**
 * What etcd costs: how many deliveries a put takes through three members (disk completions and the client's own
 * counted, heartbeats not), what a put into a million keys costs over one into a thousand, and what a fork of it costs.
 */
import { etcdWorld, membersOf } from '../../machines/cluster/etcd-alone/world.ts'
import { applied, emptyReplica, type Replica } from '../../machines/etcd/apply.ts'
import type { History } from '../../machines/etcd/mvcc/store.ts'
import { draw } from '../../runtime/contract.ts'
import { EMPTY_DISK } from '../../runtime/disk.ts'
import { Tree } from '../../runtime/tree.ts'
import type { World } from '../../runtime/world.ts'
import { atMost, type Measured, rounded, timed } from './bench.ts'

const THREE = { members: 3 }
const CLIENTS = 64
const GOALS = { alone: 16, among: 5, large: 2.2, forkMs: 1 }
const [SMALL, LARGE] = [1_000, 1_000_000]

export function etcdCosts(): Measured {
  const [alone, among] = [Math.max(...perPut(1, 40)), Math.max(...perPut(CLIENTS, 6_400))]
  const [small, large] = [replicaOf(SMALL), replicaOf(LARGE)]
  const [each, anywhere] = [growingUs(), scatteredUs(small, large)]
  return {
    benchmarks: [
      atMost(GOALS.alone, 'deliveries per put in 3 etcd members, alone', alone, 'deliveries'),
      atMost(GOALS.among, `deliveries per put in 3 etcd members, ${CLIENTS} clients`, among, 'deliveries'),
      atMost(GOALS.large, 'put of a new key, store of 1,000,000 over 1,000', each.large / each.small, 'ratio'),
      atMost(GOALS.forkMs, 'fork of an etcd of 1,000,000 keys', forkMs(large), 'ms'),
    ],
    notes: [
      'deliveries per put: asked of each member in turn, the dearest is told',
      `a new key: ${rounded(each.small)} µs at 1,000 keys, ${rounded(each.large)} µs at 1,000,000; a key anywhere: ${rounded(anywhere.small)} µs and ${rounded(anywhere.large)} µs`,
    ],
  }
}

/** So many clients of one member, each asking again as soon as it is answered: deliveries a put, by member. */
function perPut(clients: number, puts: number): readonly number[] {
  return membersOf(THREE).map((member) => {
    const world = etcdWorld(THREE)
    world.run(4_000)
    let [deliveries, asked, answered] = [0, 0, 0]
    world.observe(({ event }) => {
      if (!CLOCKWORK.has(event.type)) deliveries++
    })
    const ask = (client: string): void => {
      const event = { type: 'etcd.Put', key: `k${asked++ % 100}`, value: asked }
      world.operate({ op: 'call', to: member, event: event as never, from: client })
    }
    for (let i = 1; i <= clients; i++) {
      const client = `client/c-${i}`
      world.bindOutside(client, () => {
        deliveries++
        answered++
        if (asked < puts) ask(client)
      })
      ask(client)
    }
    const isUnderWay = (): boolean => answered < puts
    while (isUnderWay()) world.step()
    world.run(world.now + 20)
    return deliveries / puts
  })
}
/** What goes on without any request. */
const CLOCKWORK: ReadonlySet<string> = new Set(['MsgHeartbeat', 'MsgHeartbeatResp', 'heartbeat.due', 'election.due'])

const keyOf = (i: number): string => `/registry/pods/default/pod-${String(i).padStart(7, '0')}`

/** So many keys, each written once, compacted since. */
function replicaOf(size: number): Replica {
  const keys = Array.from({ length: size }, (_, i): readonly [string, History] => {
    const [key, revision] = [keyOf(i), i + 2]
    const latest = { key, value: i, createRevision: revision, modRevision: revision, version: 1 }
    return [key, { latest, older: undefined }]
  })
  const revision = size + 1
  const store = { ...emptyReplica.store, revision, compactRevision: revision, keys: Tree.of(keys) }
  return { ...emptyReplica, store }
}

/** So many puts are timed at once, and the best of many such lots counts. */
const [LOT, LOTS] = [1_000, 150]
interface Each {
  readonly small: number
  readonly large: number
}

/** µs a put of a new key behind all others, while a store grows: its first thousand, and its last of a million. */
function growingUs(): Each {
  const small = Math.min(...Array.from({ length: LOTS }, () => lotMs(emptyReplica, (i) => i)[1]))
  let replica = emptyReplica
  let large = Number.POSITIVE_INFINITY
  for (let size = 0; size < LARGE; size += LOT) {
    const [grown, ms] = lotMs(replica, (i) => size + i)
    replica = grown
    if (size >= LARGE - LOTS * LOT) large = Math.min(large, ms)
  }
  return { small: (small * 1_000) / LOT, large: (large * 1_000) / LOT }
}

/** µs a put of a key that is there, anywhere: memory far apart is read, which no processor keeps at hand. */
function scatteredUs(small: Replica, large: Replica): Each {
  const best = (replica: Replica, size: number): number =>
    Math.min(...Array.from({ length: LOTS }, (_, lot) => lotMs(replica, (i) => draw(lot, i) % size)[1]))
  return { small: (best(small, SMALL) * 1_000) / LOT, large: (best(large, LARGE) * 1_000) / LOT }
}

function lotMs(start: Replica, place: (i: number) => number): readonly [Replica, number] {
  const proposals = Array.from({ length: LOT }, (_, number) => ({
    origin: 'etcd/m-1',
    life: 1,
    number,
    request: { type: 'etcd.Put' as const, key: keyOf(place(number)), value: number },
  }))
  let replica = start
  const ms = timed(() => {
    for (const proposal of proposals) replica = applied(replica, proposal).replica
  })
  return [replica, ms]
}

/** The store comes from a snapshot on the disk, as after a restart. */
function forkMs(replica: Replica): number {
  const world = etcdWorld({ members: 1 })
  world.run(3_000)
  world.operate({ op: 'crash', process: 'etcd/m-1' })
  const written = Tree.of<unknown>([
    ['hard-state', { term: 2, vote: 'etcd/m-1', commit: 10 }],
    ['snapshot', { index: 10, term: 2, state: replica }],
  ])
  world.inside.disks.set('etcd/m-1', { ...EMPTY_DISK, written, synced: written })
  const input = { name: 'm-1', members: ['etcd/m-1'] }
  world.operate({ op: 'spawn', address: 'etcd/m-1', machine: 'etcd', input })
  world.run(6_000)
  const forks: World[] = []
  return Math.min(...Array.from({ length: 20 }, () => timed(() => forks.push(world.fork()))))
}
