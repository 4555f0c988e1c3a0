/**
 * What etcd costs: how many deliveries a put takes through three members (disk completions and the client's own
 * counted, heartbeats not), what a put into a million keys costs over one into a thousand (in the order of keys, anywhere,
 * and anywhere through a member, as a client does it), and what a fork of it costs.
 */
import { etcdWorld, membersOf } from '../../machines/cluster/etcd-alone/world.ts'
import { applied, emptyReplica, type Replica } from '../../machines/etcd/apply.ts'
import { withFounder } from '../../machines/etcd/membership/members.ts'
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
  const [each, anywhere, asked, map] = [growingUs(), scatteredUs(small, large), askedUs(small, large), mapUs()]
  return {
    benchmarks: [
      atMost(GOALS.alone, 'deliveries per put in 3 etcd members, alone', alone, 'deliveries'),
      atMost(GOALS.among, `deliveries per put in 3 etcd members, ${CLIENTS} clients`, among, 'deliveries'),
      atMost(GOALS.large, 'put of a new key, store of 1,000,000 over 1,000', ratio(each), 'ratio'),
      atMost(GOALS.large, 'put of a key anywhere, store of 1,000,000 over 1,000', ratio(anywhere), 'ratio'),
      atMost(GOALS.large, 'the same through a member, store of 1,000,000 over 1,000', ratio(asked), 'ratio'),
      atMost(GOALS.forkMs, 'fork of an etcd of 1,000,000 keys', forkMs(large), 'ms'),
    ],
    notes: [
      'deliveries per put: asked of each member in turn, the dearest is told',
      `a new key: ${inWords(each)}; a key anywhere: ${inWords(anywhere)}; through a member: ${inWords(asked)}`,
      `what memory far apart costs any map: a key anywhere in a Map, changed in place: ${inWords(map)}, ${rounded(ratio(map))} times as much`,
    ],
  }
}

const ratio = ({ small, large }: Each): number => large / small
const inWords = ({ small, large }: Each): string =>
  `${rounded(small)} µs at 1,000 keys, ${rounded(large)} µs at 1,000,000`

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
    return [key, { key, value: i, createRevision: revision, modRevision: revision, version: 1 }]
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

/** µs a put of a key that is there, anywhere, asked of the one member of a cluster. */
function askedUs(small: Replica, large: Replica): Each {
  const best = (replica: Replica, size: number): number => {
    const world = memberOf(replica)
    const lots = Array.from({ length: LOTS / 3 }, (_, lot) => [lot, world.fork()] as const)
    return Math.min(...lots.map(([lot, fork]) => timed(() => putAnywhere(fork, lot, size))))
  }
  best(small, SMALL)
  return { small: (best(small, SMALL) * 1_000) / LOT, large: (best(large, LARGE) * 1_000) / LOT }
}
function putAnywhere(world: World, lot: number, size: number): void {
  for (let i = 0; i < LOT; i++) {
    const event = { type: 'etcd.Put', key: keyOf(draw(lot, i) % size), value: i }
    world.operate({ op: 'call', to: 'etcd/m-1', event: event as never, from: 'client/c-1' })
    if (i % CLIENTS === 0) world.run(world.now + 20)
  }
  world.run(world.now + 20)
}

/** µs a change of a value anywhere in the engine's own map, in place: what it waits for is memory, and nothing else. */
function mapUs(): Each {
  const best = (size: number): number => {
    const map = new Map(Array.from({ length: size }, (_, i) => [keyOf(i), { key: keyOf(i), value: i }]))
    return Math.min(
      ...Array.from({ length: LOTS }, (_, lot) => {
        const keys = Array.from({ length: LOT }, (_, i) => keyOf(draw(lot, i) % size))
        return timed(() => {
          for (const key of keys) map.set(key, { key, value: (map.get(key)?.value ?? 0) + 1 })
        })
      }),
    )
  }
  return { small: (best(SMALL) * 1_000) / LOT, large: (best(LARGE) * 1_000) / LOT }
}

function forkMs(replica: Replica): number {
  const world = memberOf(replica)
  const forks: World[] = []
  return Math.min(...Array.from({ length: 20 }, () => timed(() => forks.push(world.fork()))))
}

/** The store comes from a snapshot on the disk, as after a restart. */
function memberOf(replica: Replica): World {
  const world = etcdWorld({ members: 1 })
  world.run(3_000)
  world.operate({ op: 'crash', process: 'etcd/m-1' })
  const state = { ...replica, membership: withFounder(replica.membership, 'etcd/m-1') }
  const written = Tree.of<unknown>([
    ['hard-state', { term: 2, vote: 'etcd/m-1', commit: 10 }],
    ['snapshot', { index: 10, term: 2, state }],
  ])
  world.inside.disks.set('etcd/m-1', { ...EMPTY_DISK, written, synced: written })
  const input = { name: 'm-1', members: ['etcd/m-1'] }
  world.operate({ op: 'spawn', address: 'etcd/m-1', machine: 'etcd', input })
  world.run(6_000)
  return world
}
