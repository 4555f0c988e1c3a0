/**
 * Three members of etcd, to the end of a bounded world: every order of messages, every moment at which a clock may ring or
 * the power may go. What the search finds is what a search by hand finds; and it finds what it looks for.
 */
import { describe, expect, test } from 'vitest'
import type { EventObject } from 'xstate'
import { type Of, when } from '../../../../machines/etcd/chart/events.ts'
import type { Context } from '../../../../machines/etcd/context.ts'
import { etcd } from '../../../../machines/etcd/member.ts'
import { textHash } from '../../../../runtime/contract.ts'
import type { Assembly } from '../../../../runtime/explore/assembly.ts'
import { exhaust } from '../../../../runtime/explore/exhaust.ts'
import { type Bounds, boundedEtcd } from '../../../kit/worlds/bounded-etcd.ts'
import { everyState } from '../../../kit/worlds/bounded-etcd-by-hand.ts'
import { inOrder, nameless, stateText } from '../../../kit/worlds/states-by-hand.ts'

const NONE: Bounds = { terms: 2, writes: 0, crashes: 0, beats: 0, room: 2, disks: 'at once' }

/** In the words of the search by hand. */
function found(assembly: Assembly): ReadonlyMap<string, boolean> {
  const all = new Map<string, boolean>()
  const parsed = (text: string): EventObject => JSON.parse(text) as EventObject
  exhaust(assembly, {
    visit: ({ views, underWay, left, isEnd }) => {
      const mail = Object.entries(underWay).map(([way, texts]) => [way, texts.map(parsed)] as const)
      const members = views.map((view) => inOrder(parsed(view)))
      all.set(stateText(members, Object.fromEntries(mail), left), isEnd)
    },
  })
  return all
}

describe('the same states and the same ends as a search by hand, to the letter; and each of them once, whatever the names', () => {
  test.each<[string, Bounds, number]>([
    ['a write, heartbeats', { ...NONE, room: 1, writes: 1, beats: 1 }, 1_712],
    ['more under way', { ...NONE, elections: 1, writes: 1 }, 1_669],
    ['a crash, disks that take their time', { ...NONE, room: 1, elections: 1, crashes: 1, disks: 'any time' }, 1_677],
  ])('%s', (_, bounds, states) => {
    const { renamed: __, ...named } = boundedEtcd(bounds)
    const [ours, byHand] = [found(named), everyState(bounds)]
    expect(ours.size).toBe(states)
    expect(byHand.size).toBe(states)
    expect([...byHand].filter(([state, isEnd]) => ours.get(state) !== isEnd)).toEqual([])

    const [once, all] = [namelessly(found(boundedEtcd(bounds))), namelessly(byHand)]
    expect(exhaust(boundedEtcd(bounds)).states).toBe(all.size)
    expect(all.size).toBeLessThan(states / 5)
    expect([...all].filter(([state, isEnd]) => once.get(state) !== isEnd)).toEqual([])
  })
})
const namelessly = (states: ReadonlyMap<string, boolean>): ReadonlyMap<string, boolean> =>
  new Map([...states].map(([state, isEnd]) => [nameless(state), isEnd]))

describe('what is forgotten under way changes nothing: the members come into the same states, and to as many ends', () => {
  test.each<[string, Bounds]>([
    ['one election', { ...NONE, elections: 2, room: 30 }],
    ['two elections', { ...NONE, elections: 2, room: 30, terms: 3 }],
  ])('%s, with room for all that may be under way', (_, bounds) => {
    const { acts, renamed: ___, ...rest } = boundedEtcd(bounds)
    // What waits until something has arrived would wait for what is in vain, too.
    const at: Assembly['acts'] = (world, address) => acts(world, address).map(({ until: _, ...act }) => act)
    const { isVain: __, ...unforgetting } = rest
    const [less, all] = [together({ ...rest, acts: at }), together({ ...unforgetting, acts: at })]
    expect(less.states).toBeLessThan(all.states / 2)
    expect(less.ends).toBe(all.ends)
    expect([...less.met].toSorted()).toEqual([...all.met].toSorted())
  })
})

/** In which states the members are met together, whatever is under way. */
function together(assembly: Assembly) {
  const met = new Set<string>()
  const { states, ends } = exhaust(assembly, { visit: ({ views }) => met.add(views.map(textHash).join()) })
  return { states, ends, met }
}

test.each<[string, Bounds, object]>([
  ['as many elections as there may be', { ...NONE, terms: 3 }, { states: 46_517, steps: 169_287 }],
  ['an election and a write', { ...NONE, writes: 1 }, { states: 27_581, steps: 105_600 }],
  ['an election and a crash', { ...NONE, crashes: 1 }, { states: 23_492, steps: 90_530 }],
  ['two are tried, a crash', { ...NONE, terms: 3, elections: 2, crashes: 1 }, { states: 24_102, steps: 84_748 }],
  ['two are tried, a write', { ...NONE, terms: 3, elections: 2, writes: 1 }, { states: 57_831, steps: 201_513 }],
])("raft's guarantees hold in every state: %s", (_, bounds, counts) => {
  expect(exhaust(boundedEtcd(bounds))).toMatchObject({ ...counts, complete: true, violation: undefined })
})

describe('an error that is put into the chart is found', () => {
  const later = (context: Context, asked: Of<'MsgVote'>): boolean => asked.term > context.term
  test.each<[string, object, Bounds, RegExp]>([
    [
      'who votes twice in a term',
      { 'candidate deserves the vote': when('MsgVote', () => true) },
      NONE,
      /^election safety: etcd\/m-\d and etcd\/m-\d both lead in term 2$/,
    ],
    [
      'who votes for a candidate that lacks what is committed',
      { 'candidate of a later term deserves the vote': when('MsgVote', later) },
      { ...NONE, terms: 3 },
      /^leader completeness|^state machine safety/,
    ],
    [
      'who tells of a vote before it is on disk',
      { 'something must be on disk first': when(({ log, stable }) => log.last.index > stable) },
      { ...NONE, crashes: 1 },
      /^election safety/,
    ],
  ])('%s', (_, guards, bounds, sentence) => {
    const { violation } = exhaust(boundedEtcd(bounds, etcd.provide({ guards })))
    expect(violation?.sentence).toMatch(sentence)
    expect(violation?.path.length).toBeGreaterThan(5)
  })
})
