/** Members whose disks take long to sync: what a majority has is safe and is told, whoever else still writes. */
import { beforeEach, describe, expect, test } from 'vitest'
import type { EventObject } from 'xstate'
import { contextOf, etcdWorld } from '../../../../../machines/cluster/etcd-alone/world.ts'
import type { EtcdAnswered } from '../../../../../machines/protocol/etcd.ts'
import { hostOf } from '../../../../../runtime/contract.ts'
import type { World } from '../../../../../runtime/world.ts'

const MEMBERS = ['etcd/m-1', 'etcd/m-2', 'etcd/m-3']
let world: World
let leader: string
let followers: readonly string[]
let answered: Map<number, { readonly at: number; readonly event: EventObject }>

beforeEach(() => {
  world = etcdWorld({ members: 3 })
  answered = new Map()
  world.bindOutside('client/c', ({ number, event }) => answered.set(number, { at: world.now, event }))
  world.run(3_000)
  leader = contextOf(world, MEMBERS[0] as string)?.lead ?? ''
  followers = MEMBERS.filter((member) => member !== leader)
  expect(followers).toHaveLength(2)
})

const slow = (ms: number, ...members: readonly string[]): void => {
  for (const member of members) world.operate({ op: 'slowDisk', host: hostOf(member), ms })
}
const ask = (to: string, event: EventObject): number => world.operate({ op: 'call', to, event, from: 'client/c' })
const put = (to: string, key: string): number => ask(to, { type: 'etcd.Put', key, value: key } as EventObject)
/** How long the answer took, in ms; undefined while there is none. */
const took = (call: number, since: number): number | undefined => {
  const known = answered.get(call)
  return known?.event.type === 'etcd.answered' ? known.at - since : undefined
}
const kvsAt = (member: string): readonly string[] => contextOf(world, member)?.replica.store.keys.keys() ?? []
const leaders = (): readonly (string | undefined)[] => MEMBERS.map((member) => contextOf(world, member)?.lead)
const terms = (): readonly (number | undefined)[] => MEMBERS.map((member) => contextOf(world, member)?.term)

describe('a leader with a slow disk', () => {
  test('commits through the other two, which write while it does: what it has not on its own disk outlives it', () => {
    slow(700, leader)
    const call = put(followers[0] as string, 'a')
    world.run(world.now + 100)
    const { commit, stable, log } = contextOf(world, leader) ?? expect.fail()
    expect([commit, stable]).toEqual([log.last.index, log.last.index - 1])
    world.operate({ op: 'powerOff', host: hostOf(leader), kept: 0 })
    world.run(world.now + 5_000)
    for (const follower of followers) expect(kvsAt(follower)).toEqual(['a'])
    expect(answered.get(call)?.event.type).toBe('etcd.answered')
  })

  test('says nothing until its own write is done, so that a write takes as long as its disk, and not longer', () => {
    slow(700, leader)
    const since = world.now
    const calls = [put(leader, 'near'), put(followers[0] as string, 'far')]
    world.run(since + 600)
    expect(MEMBERS.map(kvsAt)).toEqual([[], [], []])
    world.run(since + 3_000)
    // One of them was there first; the other waited for that write, and then for its own.
    const times = calls.map((call) => took(call, since) ?? 0).sort((a, b) => a - b)
    expect(times[0]).toBeGreaterThanOrEqual(700)
    expect(times[0]).toBeLessThan(720)
    expect(times[1]).toBeGreaterThanOrEqual(1_400)
    expect(times[1]).toBeLessThan(1_440)
  })

  test('leads on as long as its silence is shorter than an election timeout', () => {
    const before = terms()
    slow(850, leader)
    const calls = Array.from({ length: 8 }, (_, i) => {
      const call = put(followers[0] as string, `${i}`)
      world.run(world.now + 400)
      return call
    })
    world.run(world.now + 3_000)
    for (const call of calls) expect(answered.get(call)?.event.type).toBe('etcd.answered')
    expect(leaders()).toEqual([leader, leader, leader])
    expect(terms()).toEqual(before)
  })

  // etcd's own loop neither ticks nor sends while it saves: heartbeats wait for the disk, too.
  test('is succeeded when one write keeps it silent for longer; what it had sent is not lost', () => {
    slow(4_000, leader)
    const call = put(followers[0] as string, 'a')
    world.run(world.now + 3_500)
    expect(followers).toContain(contextOf(world, followers[0] as string)?.lead)
    expect(answered.get(call)?.event.type).toBe('etcd.answered')
    world.run(world.now + 10_000)
    expect(new Set(leaders()).size).toBe(1)
    expect(leaders()).not.toContain(leader)
    expect(MEMBERS.map(kvsAt)).toEqual([['a'], ['a'], ['a']])
  })

  test('that has nothing to write is as good as any', () => {
    slow(4_000, leader)
    const read = ask(leader, { type: 'etcd.Range', key: 'a' } as EventObject)
    const since = world.now
    world.run(since + 20_000)
    expect(took(read, since)).toBeLessThan(20)
    expect(leaders()).toEqual([leader, leader, leader])
  })
})

test('one follower with a slow disk costs nobody anything', () => {
  slow(2_000, followers[0] as string)
  const since = world.now
  const calls = [put(leader, 'a'), put(followers[1] as string, 'b')]
  world.run(since + 100)
  for (const call of calls) expect(took(call, since)).toBeLessThan(20)
})

describe('a majority of slow disks', () => {
  test('makes writes slow, and those that wait share the next sync', () => {
    slow(300, ...followers)
    const since = world.now
    const first = put(leader, 'first')
    world.run(since + 50)
    const more = Array.from({ length: 20 }, (_, i) => put(leader, `more/${i}`))
    world.run(since + 2_000)
    expect(took(first, since)).toBeGreaterThanOrEqual(300)
    for (const call of more) {
      expect(took(call, since)).toBeGreaterThanOrEqual(600)
      expect(took(call, since)).toBeLessThan(700)
    }
  })

  test('loses nothing that was answered, when the power goes while they write', () => {
    slow(400, ...followers)
    const since = world.now
    const calls = Array.from({ length: 12 }, (_, i) => {
      const call = put(leader, `k/${String(i).padStart(2, '0')}`)
      world.run(since + (i + 1) * 100)
      return call
    })
    const told = calls.flatMap((call, i) =>
      took(call, since) === undefined ? [] : [`k/${String(i).padStart(2, '0')}`],
    )
    expect(told.length).toBeGreaterThan(0)
    expect(told.length).toBeLessThan(12)
    for (const member of MEMBERS) world.operate({ op: 'powerOff', host: hostOf(member), kept: 0 })
    for (const member of MEMBERS) world.operate({ op: 'powerOn', host: hostOf(member) })
    slow(1, ...MEMBERS)
    world.run(world.now + 6_000)
    const read = ask(followers[0] as string, { type: 'etcd.Range', key: 'k/', rangeEnd: 'k0' } as EventObject)
    world.run(world.now + 100)
    const { reply } = answered.get(read)?.event as unknown as EtcdAnswered
    const kept = (reply as { readonly kvs: readonly { readonly key: string }[] }).kvs.map(({ key }) => key)
    expect(kept.slice(0, told.length)).toEqual(told)
  })
})
