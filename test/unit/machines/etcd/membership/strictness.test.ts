import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { numberOf } from '../../../../../machines/etcd/membership/identity.ts'
import {
  changed,
  type Membership,
  nobody,
  votersOf,
  withFounder,
} from '../../../../../machines/etcd/membership/members.ts'
import * as strictness from '../../../../../machines/etcd/membership/strictness.ts'
import { majority } from '../../../../../machines/etcd/raft/quorum.ts'

const ids = (count: number): string[] => Array.from({ length: count }, (_, i) => `etcd/cp-${i + 1}`)
const cluster = (count: number): Membership => ids(count).reduce(withFounder, nobody)
const withAdded = (membership: Membership, name: string, isLearner = false): Membership =>
  changed(membership, {
    type: 'etcd.MemberAdd',
    peerUrls: [`http://${name}:2380`],
    isLearner,
    member: `etcd/${name}#1`,
  })

describe('those that have started must stay a majority', () => {
  test('when one is added', () => {
    expect(strictness.tooFewToAdd(cluster(3))).toBeUndefined()
    const five = withAdded(withAdded(cluster(3), 'a'), 'b')
    expect(strictness.tooFewToAdd(five)?.code).toBe(2)
    expect(strictness.tooFewToAdd(cluster(1))).toBeUndefined()
    expect(strictness.tooFewToAdd(withAdded(cluster(1), 'a'))).toBeDefined()
  })

  test('when one is removed, or promoted', () => {
    const five = withAdded(withAdded(cluster(3), 'a'), 'b')
    expect(strictness.tooFewToRemove(five, numberOf('etcd/cp-1'))?.code).toBe(2)
    expect(strictness.tooFewToRemove(five, numberOf('etcd/a#1'))).toBeUndefined()
    const learner = withAdded(cluster(1), 'a', true)
    expect(strictness.tooFewToRemove(learner, numberOf('etcd/a#1'))).toBeUndefined()
    expect(strictness.tooFewToPromote(learner)).toBeUndefined()
    expect(strictness.tooFewToPromote(withAdded(withAdded(withAdded(cluster(1), 'b'), 'c'), 'a', true))).toBeDefined()
  })

  test('whatever is added and removed: what is allowed leaves a majority that has started', () => {
    const change = fc.record({ isAdd: fc.boolean(), who: fc.nat(7) })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(change, { maxLength: 12 }), (count, changes) => {
        let membership = cluster(count)
        for (const [i, { isAdd, who }] of changes.entries()) {
          const member = membership.members[who % membership.members.length]
          if (isAdd && strictness.tooFewToAdd(membership) === undefined) membership = withAdded(membership, `n${i}`)
          if (isAdd || member === undefined || strictness.tooFewToRemove(membership, numberOf(member.id)) !== undefined)
            continue
          membership = changed(membership, { type: 'etcd.MemberRemove', id: numberOf(member.id) })
        }
        const voters = votersOf(membership)
        const started = membership.members.filter(({ name }) => name !== '').length
        const isRestored = started === 1 && voters.length === 2
        expect(isRestored || started >= majority(voters.length)).toBe(true)
      }),
    )
  })
})

describe('those that are connected must stay a majority', () => {
  const [one, two, three] = ids(3) as [string, string, string]
  const LONG = 6_000

  test('when one is added', () => {
    const danger = (connected: strictness.Connected) => strictness.unhealthyToAdd(one, cluster(3), connected)
    expect(danger({ [two]: LONG, [three]: LONG })).toBeUndefined()
    expect(danger({ [two]: LONG, [three]: 100 })?.error).toBe('etcdserver: unhealthy cluster')
    expect(strictness.unhealthyToAdd(one, cluster(1), {})).toBeUndefined()
  })

  test('when one is removed that is up; who is down may always go', () => {
    const danger = (id: string, connected: strictness.Connected) =>
      strictness.unhealthyToRemove(one, cluster(3), numberOf(id), connected)
    expect(danger(two, { [two]: LONG, [three]: LONG })).toBeUndefined()
    expect(danger(two, { [two]: LONG })?.code).toBe(14)
    expect(danger(two, { [three]: LONG })).toBeUndefined()
    expect(danger(one, { [two]: LONG })?.code).toBe(14)
    expect(strictness.unhealthyToRemove(one, cluster(3), 5, {})).toBeUndefined()
  })
})

test('a learner is ready when it has nine tenths of what the leader has', () => {
  expect(strictness.learnerLags(90, 100)).toBeUndefined()
  expect(strictness.learnerLags(89, 100)?.error).toContain('in sync with leader')
  expect(strictness.learnerLags(undefined, 100)?.code).toBe(5)
})
