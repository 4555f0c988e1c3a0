import { expect, test } from 'vitest'
import { addressAt, addressOf, areUrls, idOf, numberOf } from '../../../../../machines/etcd/membership/identity.ts'
import { changed, listed, nobody, objection, withFounder } from '../../../../../machines/etcd/membership/members.ts'
import type { AddRequest } from '../../../../../machines/protocol/raft.ts'

const three = ['etcd/cp-1', 'etcd/cp-2', 'etcd/cp-3'].reduce(withFounder, nobody)
const adding = (rest: Partial<AddRequest> = {}): AddRequest => ({
  type: 'etcd.MemberAdd',
  peerUrls: ['http://cp-4:2380'],
  member: 'etcd/cp-4#7',
  ...rest,
})

test('a member is its address and the second in which it was added; its number never changes', () => {
  expect(idOf('etcd/cp-4', 7_900)).toBe('etcd/cp-4#7')
  expect([addressOf('etcd/cp-4#7'), addressOf('etcd/cp-4')]).toEqual(['etcd/cp-4', 'etcd/cp-4'])
  expect(Number.isSafeInteger(numberOf('etcd/cp-4#7'))).toBe(true)
  expect(numberOf('etcd/cp-4#8')).not.toBe(numberOf('etcd/cp-4#7'))
})

test('a URL of a peer names a host and a port', () => {
  expect(addressAt('https://cp-4:2380')).toBe('etcd/cp-4')
  for (const url of ['cp-4:2380', 'ftp://cp-4:1', 'http://cp-4', 'http://cp-4:2380/path'])
    expect(areUrls([url]), url).toBe(false)
  expect(areUrls([])).toBe(false)
})

test('what etcd refuses when a change is applied is refused in its words', () => {
  const four = changed(three, adding())
  const known = numberOf('etcd/cp-4#7')
  const refused = (membership: typeof three, change: Parameters<typeof objection>[1]) =>
    objection(membership, change)?.error.replace('etcdserver: ', '')
  expect(refused(three, adding())).toBeUndefined()
  expect(refused(four, adding())).toBe('member ID already exist')
  expect(refused(four, adding({ member: 'etcd/cp-4#8' }))).toBe('Peer URLs already exists')
  expect(refused(changed(four, { type: 'etcd.MemberRemove', id: known }), adding())).toBe('member not found')
  expect(refused(four, { type: 'etcd.MemberRemove', id: 5 })).toBe('member not found')
  expect(refused(four, { type: 'etcd.MemberPromote', id: known })).toBe('can only promote a learner member')
  const learning = changed(three, adding({ isLearner: true }))
  const another = { member: 'etcd/cp-5#8', peerUrls: ['http://cp-5:2380'], isLearner: true }
  expect(refused(learning, adding(another))).toBe('too many learner members in cluster')
  expect(refused(learning, { type: 'etcd.MemberPromote', id: known })).toBeUndefined()
  const update = { type: 'etcd.MemberUpdate' as const, id: known, peerUrls: ['http://cp-1:2380'] }
  expect(refused(four, update)).toBe('Peer URLs already exists')
  expect(refused(four, { ...update, peerUrls: ['http://cp-4:9'] })).toBeUndefined()
})

test('changes show in the list, in order of the numbers', () => {
  const id = numberOf('etcd/cp-4#7')
  const four = changed(three, adding({ isLearner: true }))
  expect(listed(four).map((member) => member.id)).toEqual(
    listed(four)
      .map((member) => member.id)
      .toSorted((a, b) => a - b),
  )
  expect(listed(four).find((member) => member.id === id)).toEqual({
    id,
    name: '',
    peerUrls: ['http://cp-4:2380'],
    clientUrls: [],
    isLearner: true,
  })
  const promoted = changed(four, { type: 'etcd.MemberPromote', id })
  const named = changed(promoted, { type: 'etcd.Publish', member: 'etcd/cp-4#7', name: 'cp-4' })
  const moved = changed(named, { type: 'etcd.MemberUpdate', id, peerUrls: ['http://cp-4:9'] })
  expect(listed(moved).find((member) => member.id === id)).toEqual({
    id,
    name: 'cp-4',
    peerUrls: ['http://cp-4:9'],
    clientUrls: ['http://cp-4:2379'],
    isLearner: false,
  })
})
