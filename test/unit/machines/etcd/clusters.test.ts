import { describe, expect, test } from 'vitest'
import type { EventObject } from 'xstate'
import type { RangeReply } from '../../../../machines/protocol/etcd.ts'
import { Cluster, put, range } from './cluster.ts'

describe.each([1, 3, 5])('a cluster of %i', (count) => {
  test('elects one leader in its first second or two', () => {
    const cluster = new Cluster(count)
    cluster.until(() => cluster.leaders.length === 1, 2_500)
    cluster.run(3_000)
    expect(cluster.leaders).toHaveLength(1)
    expect(cluster.names.map((name) => cluster.context(name).term)).toEqual(cluster.names.map(() => 2))
  })

  test('answers a put and a read through any member', () => {
    const cluster = new Cluster(count)
    cluster.run(3_000)
    for (const name of cluster.names) {
      cluster.reply(name, put(`/registry/${name}`, name))
      const { kvs } = cluster.reply<RangeReply>(name, range(`/registry/${name}`))
      expect(kvs).toMatchObject([{ value: name, version: 1 }])
    }
    cluster.run(1_000)
    expect(new Set(cluster.names.map((name) => cluster.context(name).replica)).size).toBe(1)
  })

  test('keeps what it answered over a restart of all', () => {
    const cluster = new Cluster(count)
    cluster.run(3_000)
    cluster.reply(cluster.leader, put('a', 'kept'))
    for (const name of cluster.names) cluster.kill(name)
    for (const name of cluster.names) cluster.boot(name)
    cluster.run(4_000)
    expect(cluster.reply<RangeReply>(cluster.follower ?? cluster.leader, range('a')).kvs).toMatchObject([
      { value: 'kept' },
    ])
  })
})

describe('three members', () => {
  const led = (seed = 1): Cluster => {
    const cluster = new Cluster(3, seed)
    cluster.run(3_000)
    return cluster
  }

  test('a put alone costs at most 16 deliveries, a put among 64 at most 5', () => {
    const cluster = led()
    const cost = (name: string): number => {
      const before = cluster.deliveries
      cluster.reply(name, put('a'))
      cluster.run(90)
      return cluster.deliveries - before
    }
    expect(cost(cluster.leader)).toBeLessThanOrEqual(16)
    expect(cost(cluster.follower)).toBeLessThanOrEqual(16)
    const many = (name: string): number => {
      const before = cluster.deliveries
      const open = Array.from({ length: 64 }, (_, i) => cluster.ask(name, put(`k${i}`)))
      for (let i = 0; i < 640; i++) {
        cluster.until(() => open.some((call) => cluster.answers.has(call)))
        const at = open.findIndex((call) => cluster.answers.has(call))
        open[at] = cluster.ask(name, put(`k${i}`))
      }
      cluster.until(() => open.every((call) => cluster.answers.has(call)))
      return (cluster.deliveries - before) / 704
    }
    expect(many(cluster.leader)).toBeLessThanOrEqual(5)
    expect(many(cluster.follower)).toBeLessThanOrEqual(5)
  })

  test('a new leader follows a killed one within two seconds, and writes go on', () => {
    const cluster = led()
    cluster.reply(cluster.leader, put('a', 1))
    const old = cluster.leader
    cluster.kill(old)
    cluster.until(() => cluster.leader !== '', 4_000)
    cluster.reply(cluster.follower, put('a', 2))
    cluster.boot(old)
    cluster.run(2_000)
    expect(cluster.context(old).replica.store.keys.get('a')).toMatchObject({ latest: { value: 2 } })
  })

  test('a write sent to a lost leader fails after 7 s', () => {
    const cluster = led()
    cluster.kill(cluster.leader)
    const asked = cluster.names.filter((name) => cluster.role(name) === 'follower')
    const calls = asked.map((name) => cluster.ask(name, put('a')))
    const before = cluster.now
    cluster.run(7_100)
    for (const call of calls) expect((cluster.answeredAt.get(call) as number) - before).toBe(7_001)
    const errors = calls.map((call) => (cluster.answers.get(call) as { error: string }).error).toSorted()
    expect(errors).toEqual([
      'etcdserver: request timed out',
      'etcdserver: request timed out, possibly due to previous leader failure',
    ])
  })

  test('a member that was away too long is sent the whole store', () => {
    const cluster = led()
    cluster.checks = false
    const away = cluster.follower
    cluster.kill(away)
    for (let i = 0; i < 21; i++) {
      const calls = Array.from({ length: 500 }, (_, k) => cluster.ask(cluster.leader, put(`k${k}`, i)))
      cluster.until(() => calls.every((call) => cluster.answers.has(call)))
    }
    expect(cluster.context(cluster.leader).snapshot.index).toBeGreaterThan(10_000)
    cluster.boot(away)
    cluster.run(3_000)
    expect(cluster.context(away).snapshot.index).toBeGreaterThan(10_000)
    const contents = (name: string): unknown => cluster.context(name).replica.store.keys.toJSON()
    expect(contents(away)).toEqual(contents(cluster.leader))
    cluster.kill(away)
    cluster.boot(away)
    expect(cluster.context(away).applied).toBe(cluster.context(cluster.leader).applied)
  })

  test('a lease ends by the leader, with all that hangs on it; a new leader gives it its time again', () => {
    const cluster = led()
    const grant = (id: number): unknown =>
      cluster.reply(cluster.follower, { type: 'etcd.LeaseGrant', id, ttlSeconds: 5 } as EventObject)
    const lives = (key: string): boolean => cluster.reply<RangeReply>(cluster.follower, range(key)).kvs.length > 0
    grant(1)
    cluster.reply(cluster.leader, put('a', 1, { lease: 1 }))
    cluster.run(4_900)
    expect(lives('a')).toBe(true)
    cluster.run(700)
    expect(lives('a')).toBe(false)
    grant(2)
    cluster.reply(cluster.leader, put('b', 1, { lease: 2 }))
    cluster.run(4_000)
    cluster.kill(cluster.leader)
    cluster.until(() => cluster.leaders.length === 1)
    cluster.run(5_500)
    expect(lives('b')).toBe(true)
    cluster.run(1_500)
    expect(lives('b')).toBe(false)
  })

  test('a leader that was paused for long is deposed, and follows when it wakes', () => {
    const cluster = led()
    const old = cluster.leader
    cluster.pause(old, 5_000)
    cluster.until(() => cluster.leaders.length === 2, 4_000)
    cluster.run(5_000)
    expect(cluster.role(old)).toBe('follower')
    expect(cluster.leaders).toHaveLength(1)
  })

  test('a member that nobody hears disturbs no one when it is back', () => {
    const cluster = led()
    const [lone, leader] = [cluster.follower, cluster.leader]
    for (const name of cluster.names) {
      cluster.cut(lone, name)
      cluster.cut(name, lone)
    }
    const { term } = cluster.context(leader)
    cluster.run(10_000)
    expect(cluster.role(lone)).toBe('preCandidate')
    cluster.heal()
    cluster.run(3_000)
    expect(cluster.role(lone)).toBe('follower')
    expect(cluster.context(lone).term).toBe(term)
    expect(cluster.leader).toBe(leader)
  })
})
