/**
 * Members are killed, lose power, are paused and cut off from one another, also one way, while clients write and read. After every step
 * raft's guarantees hold; at the end the answers fit one order: etcd's own revisions, which may not run against time.
 */
import { expect, test } from 'vitest'
import type { EtcdAnswered, RangeReply } from '../../../../machines/protocol/etcd.ts'
import { draw } from '../../../../runtime/contract.ts'
import { Cluster, put, range } from './cluster.ts'

interface Asked {
  readonly call: number
  readonly at: number
  readonly value: number | undefined
}

const seeds = Array.from({ length: 15 }, (_, i) => i + 1)

test.each([3, 5])('%i members under faults stay one linear store', (count) => {
  for (const seed of seeds) {
    const cluster = new Cluster(count, seed)
    cluster.run(2_500)
    const asked = stormed(cluster, seed)
    calmed(cluster)
    expect(disorder(cluster, asked), `seed ${seed}`).toEqual([])
  }
})

/** Forty rounds of half a second: a fault or its end, and some requests to anyone. */
function stormed(cluster: Cluster, seed: number): readonly Asked[] {
  const asked: Asked[] = []
  const pick = (round: number, what: string): number => draw(seed, what, round)
  const one = (round: number, what: string): string => cluster.names[pick(round, what) % cluster.names.length] as string
  for (let round = 0; round < 40; round++) {
    disturb(cluster, pick(round, 'fault') % 8, one(round, 'victim'), one(round, 'other'))
    for (let i = 0; i < 4; i++) {
      const name = one(round * 10 + i, 'member')
      const value = pick(round * 10 + i, 'kind') % 3 === 0 ? undefined : round * 10 + i
      if (cluster.state(name) === 'dead') continue
      asked.push({
        call: cluster.ask(name, value === undefined ? range('k') : put('k', value)),
        at: cluster.now,
        value,
      })
      cluster.run(pick(round * 10 + i, 'rest') % 250)
    }
  }
  return asked
}

function disturb(cluster: Cluster, fault: number, victim: string, other: string): void {
  const dead = cluster.names.filter((name) => cluster.state(name) === 'dead')
  const spare = Math.ceil(cluster.names.length / 2) - 1
  if (fault === 0 && dead.length < spare && cluster.state(victim) !== 'dead')
    cluster.kill(victim, draw(cluster.now, 'power') % 2 === 0)
  else if (fault <= 2 && dead[0] !== undefined) cluster.boot(dead[0])
  else if (fault === 3 && victim !== other) cluster.cut(victim, other)
  else if (fault === 4) cluster.pause(victim, 1_700)
  else if (fault === 5 && victim !== other) {
    for (const name of cluster.names) {
      if (name === victim) continue
      cluster.cut(victim, name)
      cluster.cut(name, victim)
    }
  } else if (fault >= 6) cluster.heal()
}

function calmed(cluster: Cluster): void {
  cluster.heal()
  for (const name of cluster.names) if (cluster.state(name) === 'dead') cluster.boot(name)
  cluster.run(12_000)
  cluster.reply(cluster.names[0] as string, range('k'))
  cluster.run(500)
  const replicas = cluster.names.map((name) => cluster.context(name).replica.store.revision)
  expect(new Set(replicas).size).toBe(1)
}

/** Whatever ended before something else began has a revision that is not later; a write's own is earlier. */
function disorder(cluster: Cluster, asked: readonly Asked[]): readonly string[] {
  const done = asked.flatMap(({ call, at, value }) => {
    const answer = cluster.answers.get(call)
    const end = cluster.answeredAt.get(call)
    if (answer?.type !== 'etcd.answered' || end === undefined) return []
    return [{ at, end, value, answer }]
  })
  return done.flatMap((one) => [
    ...wrongValue(cluster, one),
    ...done
      .filter((other) => one.end < other.at)
      .filter(({ answer, value }) => answer.revision < one.answer.revision + (value === undefined ? 0 : 1))
      .map((other) => `${one.value}@${one.answer.revision} ended before ${other.value}@${other.answer.revision} began`),
  ])
}

/** A read shows what the last write up to its revision wrote; an acknowledged write is there for ever. */
function wrongValue(cluster: Cluster, { value, answer }: { value: number | undefined; answer: EtcdAnswered }) {
  const { changes } = cluster.context(cluster.names[0] as string).replica.store
  let at: unknown
  changes.range(0, (one) => {
    if (one.revision <= answer.revision) at = one.changes[0]?.kv.value
    return one.revision <= answer.revision
  })
  const said = value ?? (answer.reply as RangeReply).kvs[0]?.value
  return said === at ? [] : [`at ${answer.revision} stands ${String(at)}, the client was told ${String(said)}`]
}
