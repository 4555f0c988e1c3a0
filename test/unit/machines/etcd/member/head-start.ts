/** How far its first wait is put forward, and by whom it learns that it may be. */
import { describe, expect, test } from 'vitest'
import type { EventObject } from 'xstate'
import { etcd } from '../../../../../machines/etcd/member.ts'
import { overAt } from '../../../../../machines/etcd/raft/election.ts'
import { born } from '../../../../kit/chart.ts'
import { AT, alone, elected, electionDue, event, type Member, newcomer, roleOf, self, three, two } from './start.ts'

const stateOf = ({ state }: Member): string => /headStart\.([a-zA-Z]+)/.exec(state)?.[1] ?? state
const probed = event('raft.probed', { upMs: 1 })
const lost = (line: string): EventObject => event('call.lost', { line, reason: 'refused' })
const lineTo = (id: string): string => `peer ${id}`
const dialed = (member: Member): readonly string[] => member.did('call').map(({ to }) => to)
const look = (member: Member, at = AT + 50): Member => member.after('look at the connections', { at })
const connected = (member: Member): Member =>
  member.on(probed, { line: lineTo(two) }).on(probed, { line: lineTo(three) })
const began = (members: readonly string[], rest: object = {}): Member =>
  born(etcd, { name: 'cp-1', members, ...rest }, self)

export default () => {
  describe('a head start', () => {
    test('is there from birth for who is alone', () => {
      expect(stateOf(alone())).toBe('over')
      expect(alone().context.patience.heardAt).toBe(AT - 900)
    })

    test('is given once two peers have answered', () => {
      const member = began([self, two, three])
      expect(dialed(member)).toEqual([two, three])
      expect(member.context.patience.heardAt).toBe(AT)
      const one = look(member.on(probed, { line: lineTo(two) }))
      expect([stateOf(one), dialed(one)]).toEqual(['waitingForPeers', []])
      const both = look(connected(member))
      expect(stateOf(both)).toBe('over')
      expect(both.context.patience.heardAt).toBe(AT - 800)
      const { checkAt } = both.context.patience
      expect(checkAt).toBe(overAt(both.context.patience))
      expect(both.did('wake')).toEqual([
        { do: 'wake', key: 'election', afterMs: checkAt - AT - 50, event: { type: 'election.due' } },
      ])
      expect(roleOf(both.on(electionDue, { at: checkAt }))).toBe('preCandidate')
      expect(both.did('hangUp')).toEqual([])
      expect(both.context.connecting).toEqual({ looks: 0, open: [], connected: [] })
    })

    test('counts who asks us, and answers', () => {
      const asks = event('raft.Probe')
      const asked = newcomer().on(asks, { from: two, call: 7 }).on(asks, { from: two, call: 8 })
      expect(asked.did('answer')).toMatchObject([{ event: { type: 'raft.probed' } }])
      expect(stateOf(look(asked.on(asks, { from: 'etcd/cp-9', call: 9 })))).toBe('waitingForPeers')
      const over = look(asked.on(asks, { from: three, call: 9 }))
      expect(stateOf(over)).toBe('over')
      expect(over.did('hangUp').map(({ line }) => line)).toEqual([lineTo(two), lineTo(three)])
      expect(over.on(asks, { from: three, call: 10 }).did('answer')).toHaveLength(1)
    })

    test('waits for who is not there, and asks again every 100 ms', () => {
      const refused = newcomer()
        .on(lost(lineTo(two)))
        .on(lost('another'))
        .on(probed, { line: 'another' })
      expect(dialed(look(refused))).toEqual([])
      expect(dialed(look(look(refused), AT + 100))).toEqual([two])
      expect(dialed(look(look(newcomer()), AT + 100))).toEqual([])
    })

    test('is not given when nobody comes for five seconds', () => {
      let member = newcomer()
      for (let at = AT + 50; at < AT + 5_000; at += 50) member = look(member, at)
      expect(stateOf(member)).toBe('waitingForPeers')
      const over = look(member, AT + 5_000)
      expect(stateOf(over)).toBe('over')
      expect(over.context.patience.heardAt).toBe(AT)
      expect(stateOf(look(connected(member), AT + 5_000))).toBe('over')
    })

    test('may be all that was still to wait: it stands at once', () => {
      const late = AT + newcomer().context.patience.ticks * 100 - 250
      const given = look(connected(newcomer()), late)
      expect(given.did('wake')).toMatchObject([{ key: 'election', afterMs: 0 }])
      expect(roleOf(given.on(electionDue, { at: late }))).toBe('preCandidate')
    })

    test('is of no use to a leader', () => {
      const before = connected(elected())
      const given = look(before)
      expect([stateOf(given), given.did('wake')]).toEqual(['over', []])
      expect(given.context.patience).toEqual(before.context.patience)
    })

    test('is none among two, or where it is not wanted', () => {
      for (const member of [began([self, two]), began([self, two, three], { initialElectionTickAdvance: false })]) {
        expect([stateOf(member), dialed(member)]).toEqual(['over', []])
        expect(member.context.patience.heardAt).toBe(AT)
      }
    })
  })
}
