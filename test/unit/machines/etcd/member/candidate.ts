/** How a member stands for election. */
import { describe, expect, test } from 'vitest'

import {
  AT,
  app,
  candidate,
  elected,
  electionDue,
  follower,
  heartbeat,
  keysWritten,
  message,
  newcomer,
  patient,
  preCandidate,
  roleOf,
  self,
  sent,
  synced,
  three,
  two,
} from './start.ts'

export default () => {
  describe('an election', () => {
    test('does not begin while a leader was heard since the clock was wound', () => {
      const member = follower().on(heartbeat(1), { from: two, at: AT + 900 })
      const slept = member.on(electionDue, { at: member.context.patience.checkAt })
      expect(roleOf(slept)).toBe('follower.withLeader')
      expect(slept.did('wake')).toMatchObject([{ key: 'election' }])
      expect(slept.context.patience.checkAt).toBeGreaterThan(member.context.patience.checkAt)
    })

    test('does not begin because the process was paused', () => {
      const late = follower().on(heartbeat(1), { from: two, at: AT + 900 })
      const woken = late.on(electionDue, { at: late.context.patience.checkAt + 5_000 })
      expect(roleOf(woken)).toBe('follower.withLeader')
    })

    test('begins with the question whether it would be won, and no term is touched', () => {
      const member = preCandidate()
      expect(member.context).toMatchObject({ term: 1, vote: '', votes: { [self]: true } })
      expect(sent(member)).toEqual([
        { type: 'MsgPreVote', term: 2, index: 3, logTerm: 1 },
        { type: 'MsgPreVote', term: 2, index: 3, logTerm: 1 },
      ])
      expect(roleOf(patient(member))).toBe('preCandidate')
    })

    test('is given up when a quorum would not help', () => {
      const no = message({ type: 'MsgPreVoteResp', term: 1, reject: true })
      const member = preCandidate().on(no, { from: two })
      expect(roleOf(member)).toBe('preCandidate')
      expect(roleOf(member.on(no, { from: three }))).toBe('follower.withoutLeader')
      const later = message({ type: 'MsgPreVoteResp', term: 5, reject: true })
      expect(preCandidate().on(later, { from: two }).context.term).toBe(5)
      expect(newcomer().on(later, { from: two }).context.term).toBe(5)
    })

    test('raises the term and votes for itself; others are asked when that is on the disk', () => {
      const member = candidate()
      expect(roleOf(member)).toBe('candidate')
      expect(keysWritten(member.asked)).toEqual(['hard-state'])
      expect(sent(member)).toEqual([])
      expect(sent(member.on(synced), two)).toEqual([{ type: 'MsgVote', term: 2, index: 3, logTerm: 1 }])
      expect(roleOf(patient(member))).toBe('preCandidate')
    })

    test('is lost when a quorum has voted for others', () => {
      const no = message({ type: 'MsgVoteResp', term: 2, reject: true })
      expect(roleOf(candidate().on(no, { from: two }).on(no, { from: three }))).toBe('follower.withoutLeader')
      const later = message({ type: 'MsgVoteResp', term: 3, reject: true })
      expect(candidate().on(later, { from: two }).context).toMatchObject({ term: 3, vote: '' })
    })

    test('is won with a quorum; the first entry of the term goes out at once', () => {
      const member = elected()
      expect(roleOf(member)).toBe('leader')
      expect(sent(member, two)).toMatchObject([
        { type: 'MsgApp', index: 3, logTerm: 1, commit: 3, entries: [{ index: 4, term: 2, data: undefined }] },
      ])
      expect(keysWritten(member.asked)).toEqual(['log/0000000000'])
    })

    test.each([
      ['pre-candidate', preCandidate, 1],
      ['candidate', candidate, 2],
    ] as const)('is over for a %s that hears of a leader', (_, standing, term) => {
      expect(roleOf(standing().on(app({ term }), { from: two }))).toBe('follower.withLeader')
      expect(roleOf(standing().on(heartbeat(term), { from: two }))).toBe('follower.withLeader')
      const snapshot = { index: 9, term, state: newcomer().context.replica }
      expect(roleOf(standing().on(message({ type: 'MsgSnap', term, snapshot }), { from: two }))).toBe(
        'follower.withLeader',
      )
      expect(standing().on(heartbeat(term, 99), { from: two }).done).toBe(true)
    })
  })
}
