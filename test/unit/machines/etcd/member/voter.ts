/** Whom a member votes for. */
import { describe, expect, test } from 'vitest'
import type { EventObject } from 'xstate'
import { AT, follower, message, newcomer, sent, synced, three, two } from './start.ts'

export default () => {
  describe('a vote', () => {
    const asks = (term: number, index = 3, logTerm = 1): EventObject =>
      message({ type: 'MsgVote', term, index, logTerm })
    const preAsks = (term: number, index = 3, logTerm = 1): EventObject =>
      message({ type: 'MsgPreVote', term, index, logTerm })

    test('is given once in a term, and told when it is on the disk', () => {
      const member = newcomer().on(asks(2), { from: two })
      expect(member.context).toMatchObject({ term: 2, vote: two })
      expect(sent(member)).toEqual([])
      const voted = member.on(synced)
      expect(sent(voted, two)).toEqual([{ type: 'MsgVoteResp', term: 2, reject: false }])
      expect(sent(voted.on(asks(2), { from: two }))).toEqual([{ type: 'MsgVoteResp', term: 2, reject: false }])
      expect(sent(voted.on(asks(2), { from: three }))).toEqual([{ type: 'MsgVoteResp', term: 2, reject: true }])
      expect(sent(voted.on(asks(1), { from: three }))).toEqual([])
    })

    test('is refused to a log that ends earlier, though the term is taken over', () => {
      const member = newcomer().on(asks(2, 2), { from: two }).on(synced)
      expect(member.context).toMatchObject({ term: 2, vote: '' })
      expect(sent(member)).toEqual([{ type: 'MsgVoteResp', term: 2, reject: true }])
    })

    test('and a pre-vote are not answered while a leader is heard', () => {
      for (const asked of [asks(5), preAsks(5)]) {
        const member = follower().on(asked, { from: three, at: AT + 500 })
        expect(member.context.term).toBe(1)
        expect(sent(member)).toEqual([])
      }
    })

    test('in advance is for any later term and as good a log', () => {
      expect(sent(newcomer().on(preAsks(2), { from: two }))).toEqual([
        { type: 'MsgPreVoteResp', term: 2, reject: false },
      ])
      expect(sent(newcomer().on(preAsks(2, 2), { from: two }))).toEqual([
        { type: 'MsgPreVoteResp', term: 1, reject: true },
      ])
      expect(newcomer().on(preAsks(9), { from: two }).context.term).toBe(1)
    })
  })
}
