/** Members come and go, hand the lead over, and are asked how they are: whole clusters under an administrator. */
import { describe, expect, test } from 'vitest'
import type { EventObject } from 'xstate'
import { numberOf } from '../../../../machines/etcd/membership/identity.ts'
import type { RangeReply } from '../../../../machines/protocol/etcd.ts'
import type { Member, MembersReply, StatusReply } from '../../../../machines/protocol/etcd-admin.ts'
import { Cluster, put, range } from './cluster.ts'

const event = (type: string, rest: object = {}): EventObject => ({ type, ...rest })
const urlOf = (name: string): string => `http://${name.slice(5)}:2380`
const add = (name: string, isLearner = false): EventObject =>
  event('etcd.MemberAdd', { peerUrls: [urlOf(name)], isLearner })
const led = (count = 3, seed = 1): Cluster => {
  const cluster = new Cluster(count, seed)
  cluster.run(8_000)
  return cluster
}
const failure = (cluster: Cluster, name: string, request: EventObject): unknown => {
  const call = cluster.ask(name, request)
  cluster.until(() => cluster.answers.has(call), 10_000)
  return (cluster.answers.get(call) as { error?: string }).error
}
const added = (cluster: Cluster, name: string, isLearner = false): Member => {
  const { member } = cluster.reply<MembersReply>(
    cluster.names.length === 1 ? cluster.leader : cluster.follower,
    add(name, isLearner),
  )
  cluster.prepare(name)
  return member as Member
}
const joined = (cluster: Cluster, name: string, isLearner = false): Member => {
  const member = added(cluster, name, isLearner)
  cluster.boot(name, { initialClusterState: 'existing' })
  cluster.run(3_000)
  return member
}
const four = 'etcd/cp-4'

describe('a member that is added', () => {
  test('counts as down until it is started; then it has all that the others have, and votes', () => {
    const cluster = led()
    cluster.reply(cluster.leader, put('a', 1))
    const { id } = joined(cluster, four)
    expect(cluster.role(four)).toBe('follower')
    expect(cluster.context(four).voters).toHaveLength(4)
    expect(cluster.reply<RangeReply>(four, range('a')).kvs).toMatchObject([{ value: 1 }])
    const { members } = cluster.reply<MembersReply>(four, event('etcd.MemberList'))
    expect(members.find((member) => member.id === id)).toMatchObject({ name: 'cp-4', isLearner: false })
    cluster.kill(cluster.leader)
    cluster.until(() => cluster.leaders.length === 1, 5_000)
    cluster.kill(four)
    cluster.boot(four)
    cluster.run(1_500)
    expect(cluster.role(four)).toMatch(/follower|leader/)
  })

  test('is refused when those that have started would be no majority, or are not connected', () => {
    const cluster = led()
    added(cluster, four)
    added(cluster, 'etcd/cp-5')
    expect(failure(cluster, cluster.leader, add('etcd/cp-6'))).toContain('not enough started members')
    const other = led()
    other.kill(other.follower)
    expect(failure(other, other.leader, add(four))).toBe('etcdserver: unhealthy cluster')
    const young = new Cluster(3)
    young.until(() => young.leaders.length === 1)
    expect(failure(young, young.leader, add(four))).toBe('etcdserver: unhealthy cluster')
  })

  test('as a learner catches up without a vote, refuses clients, and is promoted when it has nearly all', () => {
    const cluster = led()
    for (let i = 0; i < 50; i++) cluster.reply(cluster.leader, put('a', i))
    const learner = added(cluster, four, true)
    expect(failure(cluster, cluster.leader, event('etcd.MemberPromote', { id: learner.id }))).toContain('in sync')
    expect(failure(cluster, cluster.leader, add('etcd/cp-5', true))).toContain('too many learner')
    cluster.boot(four, { initialClusterState: 'existing' })
    cluster.run(3_000)
    expect(cluster.role(four)).toBe('learner')
    expect(failure(cluster, four, put('a'))).toBe('etcdserver: rpc not supported for learner')
    expect(cluster.reply<RangeReply>(four, range('a', { serializable: true })).kvs).toMatchObject([{ value: 49 }])
    expect(cluster.reply<StatusReply>(four, event('etcd.Status')).isLearner).toBe(true)
    cluster.reply(cluster.follower, event('etcd.MemberPromote', { id: learner.id }))
    cluster.run(500)
    expect(cluster.role(four)).toBe('follower')
    expect(failure(cluster, cluster.leader, event('etcd.MemberPromote', { id: learner.id }))).toBe(
      'etcdserver: can only promote a learner member',
    )
  })

  test('grows a cluster of one to three', () => {
    const cluster = led(1)
    joined(cluster, 'etcd/cp-2')
    cluster.run(5_000)
    joined(cluster, 'etcd/cp-3')
    cluster.reply('etcd/cp-3', put('a', 1))
    const old = cluster.leader
    cluster.kill(old)
    cluster.until(() => cluster.leaders.length === 1, 6_000)
    cluster.reply(cluster.leader, put('a', 2))
  })
})

describe('a member that is removed', () => {
  const remove = (name: string): EventObject => event('etcd.MemberRemove', { id: numberOf(name) })

  test('is gone a second later, and the others go on without it', () => {
    const cluster = led()
    const name = cluster.follower
    cluster.reply(cluster.leader, remove(name))
    cluster.run(20)
    expect(cluster.state(name)).toContain('leaving')
    cluster.run(1_200)
    expect(cluster.state(name)).toBe('dead')
    cluster.reply(cluster.leader, put('a'))
    expect(failure(cluster, cluster.leader, remove(name))).toBe('etcdserver: member not found')
  })

  test('while it led, leaves the others to elect', () => {
    const cluster = led()
    const old = cluster.leader
    cluster.reply(cluster.follower, remove(old))
    cluster.run(5_000)
    expect(cluster.state(old)).toBe('dead')
    expect(cluster.leaders).toHaveLength(1)
    cluster.reply(cluster.leader, put('a'))
  })

  test('while it was down, learns of it when it speaks', () => {
    const cluster = led()
    const name = cluster.follower
    cluster.kill(name)
    cluster.reply(cluster.leader, remove(name))
    cluster.boot(name)
    cluster.run(4_000)
    expect(cluster.state(name)).toBe('dead')
  })

  test('is not let go when the rest would be no quorum', () => {
    const cluster = led()
    const [one, other] = cluster.names.filter((name) => name !== cluster.leader) as [string, string]
    cluster.kill(one)
    expect(failure(cluster, cluster.leader, remove(other))).toBe('etcdserver: unhealthy cluster')
    cluster.reply(cluster.leader, remove(one))
  })

  test('and added again on an empty disk is somebody else', () => {
    const cluster = led()
    const name = cluster.follower
    cluster.kill(name)
    cluster.wipe(name)
    cluster.reply(cluster.leader, remove(name))
    cluster.run(1_000)
    joined(cluster, name)
    expect(cluster.context(name).id).toMatch(/#\d+$/)
    expect(cluster.role(name)).toBe('follower')
    cluster.reply(name, put('a', 2))
    cluster.kill(cluster.leader)
    cluster.until(() => cluster.leaders.length === 1, 5_000)
    cluster.reply(name, put('a', 3))
  })
})

describe('a lost disk', () => {
  test('is told from a new cluster by who asks the others first', () => {
    const cluster = new Cluster(3, 1, { initialClusterState: 'new' })
    cluster.run(5_000)
    expect(cluster.leaders).toHaveLength(1)
    const name = cluster.follower
    cluster.kill(name)
    cluster.wipe(name)
    cluster.boot(name)
    cluster.run(1_000)
    expect(cluster.state(name)).toBe('dead')
  })

  test('makes a member panic that starts as if nothing had happened', () => {
    const cluster = led()
    cluster.reply(cluster.leader, put('a'))
    const name = cluster.follower
    cluster.kill(name)
    cluster.wipe(name)
    cluster.boot(name, { initialClusterState: 'existing' })
    cluster.run(1_000)
    expect(cluster.state(name)).toBe('dead')
    cluster.reply(cluster.leader, put('a'))
  })
})

describe('the lead', () => {
  const move = (name: string): EventObject => event('etcd.MoveLeader', { targetId: numberOf(name) })

  test('is handed over within a tick, without an election timeout', () => {
    const cluster = led()
    const [old, heir] = [cluster.leader, cluster.follower]
    const before = cluster.now
    cluster.reply(old, move(heir))
    expect(cluster.now - before).toBeLessThan(250)
    expect(cluster.leader).toBe(heir)
    expect(cluster.role(old)).toBe('follower')
    cluster.reply(old, put('a'))
  })

  test('stays where it is when the heir does not answer; the client is told at last', () => {
    const cluster = led()
    const heir = cluster.follower
    const leader = cluster.leader
    cluster.cut(leader, heir)
    const call = cluster.ask(leader, move(heir))
    cluster.run(100)
    expect(failure(cluster, leader, put('a'))).toBe('raft proposal dropped')
    cluster.run(1_500)
    cluster.reply(leader, put('a'))
    cluster.run(6_000)
    expect(cluster.answers.get(call)).toMatchObject({ error: expect.stringContaining('took too long') })
  })

  test('is moved by the leader alone, to a voter', () => {
    const cluster = led()
    expect(failure(cluster, cluster.follower, move(cluster.follower))).toBe('etcdserver: not leader')
    expect(failure(cluster, cluster.leader, event('etcd.MoveLeader', { targetId: 5 }))).toContain('bad leader')
  })
})
