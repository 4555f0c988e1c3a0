/**
 * Random schedules: clients who write, read, watch and compact, on members that are killed, frozen, cut off, robbed of
 * their disks, whose disks are slow and whose clocks are wrong. All is drawn from one number, so a schedule is known by it.
 */
import { type Address, draw, hostOf } from '../../../runtime/contract.ts'
import type { Operation } from '../../../runtime/world.ts'
import {
  ANSWERED_BEFORE_SYNC,
  type Bug,
  COMPACTED_DELETION,
  DEPOSED_LEADER_READS,
  PROGRESS_AHEAD,
  STALE_READ_INDEX,
} from '../../etcd/bug.ts'
import type { Move, Schedule } from './trial.ts'
import { type EtcdAlone, inputOf, membersOf } from './world.ts'

export const TROUBLES = [
  'kill',
  'power',
  'pause',
  'cut',
  'one-way cut',
  'mute',
  'deaf freeze',
  'delay',
  'disk loss',
  'slow disk',
  'skew',
] as const
export type Trouble = (typeof TROUBLES)[number]
export const WISHES = ['put', 'range', 'delete', 'txn', 'compact', 'watch', 'progress'] as const
export type Wish = (typeof WISHES)[number]

export interface Weather {
  readonly troubles: readonly Trouble[]
  readonly wishes: readonly Wish[]
  readonly requests: number
  readonly faults: number
  /** How long requests and faults come; then all is mended, and everything is read once more. */
  readonly stormMs: number
  /** Until when faults begin; the whole storm when it is not said. */
  readonly faultsMs?: number
}
export const STORM: Weather = { troubles: TROUBLES, wishes: WISHES, requests: 60, faults: 8, stormMs: 12_000 }

/** Where each error of old is soonest met. */
export const WHERE_MET: Readonly<Record<Bug, Weather & { readonly members: number; readonly diskMs?: number }>> = {
  [STALE_READ_INDEX]: {
    members: 3,
    troubles: ['deaf freeze'],
    wishes: ['put', 'range', 'range', 'range'],
    requests: 200,
    faults: 1,
    faultsMs: 1_500,
    stormMs: 6_500,
  },
  [DEPOSED_LEADER_READS]: {
    members: 3,
    troubles: ['pause', 'cut'],
    wishes: ['put', 'range'],
    requests: 120,
    faults: 2,
    stormMs: 6_000,
  },
  [ANSWERED_BEFORE_SYNC]: {
    members: 1,
    diskMs: 20,
    troubles: ['power'],
    wishes: ['put', 'range'],
    requests: 80,
    faults: 3,
    stormMs: 4_000,
  },
  [COMPACTED_DELETION]: {
    members: 1,
    troubles: ['kill'],
    wishes: ['put', 'delete', 'compact', 'watch'],
    requests: 40,
    faults: 0,
    stormMs: 2_000,
  },
  [PROGRESS_AHEAD]: {
    members: 1,
    troubles: ['kill'],
    wishes: ['put', 'progress'],
    requests: 30,
    faults: 0,
    stormMs: 2_000,
  },
}

/** Nothing is asked before a leader can be there, and after the storm there is time for one to come. */
const [QUIET_MS, CALM_MS] = [2_500, 6_000]
const KEYS = ['a', 'b']
const CLIENTS = 4

export function scheduleOf(seed: number, of: EtcdAlone, weather: Weather = STORM): Schedule {
  const dice = draw(seed, 'schedule')
  const { stormMs } = weather
  const moves = [...asked(dice, of, weather), ...struck(dice, of, weather), ...mended(of, stormMs)]
  const sorted = withoutTheRobbed(moves.sort((a, b) => a.at - b.at))
  const lastsMs = QUIET_MS + stormMs + CALM_MS + 1_000
  return { of: { ...of, world: { ...of.world, seed } }, moves: sorted, lastsMs }
}

const pick = <T>(options: readonly T[], dice: number, ...labels: readonly (string | number)[]): T =>
  options[draw(dice, ...labels) % options.length] as T
const moment = (dice: number, stormMs: number, ...labels: readonly (string | number)[]): number =>
  QUIET_MS + (draw(dice, ...labels) % (stormMs * 10)) / 10

function asked(dice: number, of: EtcdAlone, { requests, wishes, stormMs }: Weather): Move[] {
  return Array.from({ length: requests }, (_, i) => {
    const at = moment(dice, stormMs, 'asked', i)
    const to = pick(membersOf(of), dice, 'member', i)
    return wished(dice, i, to, pick(wishes, dice, 'wish', i)).map(({ afterMs, operation }) => ({
      at: at + afterMs,
      operation,
    }))
  }).flat()
}

function wished(dice: number, i: number, to: Address, wish: Wish): readonly Blow[] {
  const key = pick(KEYS, dice, 'key', i)
  const from = `client/c-${(draw(dice, 'client', i) % CLIENTS) + 1}`
  const revision = 2 + (draw(dice, 'revision', i) % 12)
  const call = (event: { readonly type: string; readonly [field: string]: unknown }): readonly Blow[] => [
    { afterMs: 0, operation: { op: 'call', to, event, from } },
  ]
  const watching: Operation = {
    op: 'stream',
    to,
    event: { type: 'etcd.Watch', key, startRevision: revision } as never,
    from,
  }
  switch (wish) {
    case 'put':
      return call({ type: 'etcd.Put', key, value: `v${i}` })
    case 'range':
      return call({ type: 'etcd.Range', key })
    case 'delete':
      return call({ type: 'etcd.DeleteRange', key })
    case 'txn':
      return call(swap(dice, i, key))
    case 'compact':
      return call({ type: 'etcd.Compact', revision })
    case 'watch':
      return [{ afterMs: 0, operation: watching }]
    case 'progress':
      return [
        { afterMs: 0, operation: watching },
        {
          afterMs: draw(dice, 'impatience', i) % 500,
          operation: { op: 'send', to, event: { type: 'etcd.WatchProgress', key } as never, from },
        },
      ]
  }
}

/** If the key has been changed so often, or is not there: put; else read. */
function swap(dice: number, i: number, key: string) {
  const than = draw(dice, 'than', i) % 4
  return {
    type: 'etcd.Txn',
    compare: [{ key, target: 'version', result: 'equal', than }],
    success: [{ type: 'etcd.Put', key, value: `v${i}` }],
    failure: [{ type: 'etcd.Range', key }],
  }
}

/** Disks are lost by a minority only, and their members stay away: nobody could promise anything else. */
function struck(dice: number, of: EtcdAlone, { troubles, faults, stormMs, faultsMs = stormMs }: Weather): Move[] {
  const spare = Math.ceil(of.members / 2) - 1
  let robbed = 0
  return Array.from({ length: faults }, (_, i) => i).flatMap((i) => {
    const at = moment(dice, faultsMs, 'struck', i)
    const trouble = pick(troubles, dice, 'trouble', i)
    if (trouble === 'disk loss' && robbed++ >= spare) return []
    return hit(dice, i, of, trouble).map(({ afterMs, operation }) => ({
      at: Math.min(at + afterMs, QUIET_MS + stormMs),
      operation,
    }))
  })
}

interface Blow {
  readonly afterMs: number
  readonly operation: Operation
}
function hit(dice: number, i: number, of: EtcdAlone, trouble: Trouble): readonly Blow[] {
  const member = pick(membersOf(of), dice, 'victim', i)
  const others = membersOf(of).filter((each) => each !== member)
  const [host, other] = [hostOf(member), hostOf(pick(others.length > 0 ? others : [member], dice, 'other', i))]
  const lastsMs = 20 + (draw(dice, 'lasts', i) % 5_000)
  const both = (first: Operation, second: Operation): readonly Blow[] => [
    { afterMs: 0, operation: first },
    { afterMs: lastsMs, operation: second },
  ]
  switch (trouble) {
    case 'kill':
      return both({ op: 'crash', process: member }, started(of, member))
    case 'power':
      return both({ op: 'powerOff', host }, { op: 'powerOn', host })
    case 'pause':
      return both({ op: 'pause', process: member }, { op: 'resume', process: member })
    case 'cut':
      return others.flatMap((each) =>
        both({ op: 'cut', from: host, to: hostOf(each) }, { op: 'heal', from: host, to: hostOf(each) }),
      )
    case 'one-way cut':
      return both({ op: 'cut', from: host, to: other, oneWay: true }, { op: 'heal', from: host, to: other })
    case 'deaf freeze':
      return frozen(dice, i, host, other, others.map(hostOf))
    case 'mute':
      return others.flatMap((each) =>
        both({ op: 'cut', from: host, to: hostOf(each), oneWay: true }, { op: 'heal', from: host, to: hostOf(each) }),
      )
    case 'delay': {
      const ms = 1 + (draw(dice, 'delay', i) % 2_500)
      return both({ op: 'delay', from: host, to: other, ms }, { op: 'delay', from: host, to: other, ms: 0 })
    }
    case 'slow disk':
      return both({ op: 'slowDisk', host, ms: 5 + (draw(dice, 'slow', i) % 2_500) }, asFastAsBefore(of, host))
    case 'skew':
      return [{ afterMs: 0, operation: { op: 'skew', host, ms: (draw(dice, 'skew', i) % 20_000) - 10_000 } }]
    case 'disk loss':
      return [
        { afterMs: 0, operation: { op: 'powerOff', host } },
        { afterMs: 0, operation: { op: 'loseDisk', process: member } },
      ]
  }
}

/**
 * A member is heard late by one other; then it hears that one no more, nor the rest, and freezes. What the one said
 * meanwhile reaches it just before it thaws: the longest way that a word can take.
 */
function frozen(dice: number, i: number, host: string, other: string, others: readonly string[]): readonly Blow[] {
  const roll = (label: string, most: number): number => draw(dice, label, i) % most
  const process = `etcd/${host}`
  const [deafMs, freezeMs, heardMs] = [100 + roll('deaf', 400), 650 + roll('freeze', 200), 3_000 + roll('heard', 2_000)]
  const thawMs = heardMs + 1 + roll('thaw', 300)
  const deaf = others.flatMap((from): Blow[] => [
    { afterMs: deafMs, operation: { op: 'cut', from, to: host, oneWay: true } },
    { afterMs: from === other ? heardMs : thawMs + 500, operation: { op: 'heal', from, to: host } },
  ])
  return [
    { afterMs: 0, operation: { op: 'delay', from: host, to: other, ms: 500 + roll('late', 300) } },
    { afterMs: 1_500, operation: { op: 'delay', from: host, to: other, ms: 0 } },
    { afterMs: freezeMs, operation: { op: 'pause', process } },
    { afterMs: thawMs, operation: { op: 'resume', process } },
    ...deaf,
  ]
}
const asFastAsBefore = ({ world = {} }: EtcdAlone, host: string): Operation => ({
  op: 'slowDisk',
  host,
  ms: world.diskMs ?? 1,
})
const started = (of: EtcdAlone, address: Address): Operation => ({
  op: 'spawn',
  address,
  machine: 'etcd',
  input: inputOf(of, address),
})

/** A member that has lost its disk is not started again under its old name. */
function withoutTheRobbed(moves: readonly Move[]): readonly Move[] {
  const robbed = new Set<Address>()
  return moves.filter(({ operation }) => {
    if (operation.op === 'loseDisk') robbed.add(operation.process)
    if (operation.op === 'powerOn') return !robbed.has(`etcd/${operation.host}`)
    return operation.op !== 'spawn' || !robbed.has(operation.address)
  })
}

/** Everything that runs again runs again; then every member is asked for every key. */
function mended(of: EtcdAlone, stormMs: number): Move[] {
  const at = QUIET_MS + stormMs
  const members = membersOf(of)
  const mending = members.flatMap((member): Operation[] => [
    { op: 'resume', process: member },
    { op: 'powerOn', host: hostOf(member) },
    asFastAsBefore(of, hostOf(member)),
    started(of, member),
    ...members
      .filter((other) => other < member)
      .map((other): Operation => ({ op: 'heal', from: hostOf(member), to: hostOf(other) })),
  ])
  const reading = members.flatMap((to) =>
    KEYS.map((key): Operation => ({ op: 'call', to, event: { type: 'etcd.Range', key } as never, from: 'client/c-1' })),
  )
  return [
    ...mending.map((operation) => ({ at, operation })),
    ...reading.map((operation) => ({ at: at + CALM_MS, operation })),
  ]
}

/** A schedule of the kind that meets an error of old, with the error put back. */
export function ofBug(bug: Bug, seed: number): Schedule {
  const { members, diskMs = 1, ...weather } = WHERE_MET[bug]
  return scheduleOf(seed, { members, bug, world: { diskMs } }, weather)
}
