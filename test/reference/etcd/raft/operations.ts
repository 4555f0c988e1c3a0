/** What the recorder did, by the words in which it noted it: as requests of ours. */
import { type Json, requestAt } from '../../../../machines/etcd/gateway.ts'

/** What an operation may refer to. Members are addresses of ours. */
export interface Scene {
  readonly asked: string
  readonly leader: string
  /** A member that neither leads nor is asked; who is heard of no more later is preferred. */
  readonly follower: string
  /** The last that a signal was sent to. */
  readonly signalled: string
  readonly addressOf: (name: string) => string
  readonly idOf: (address: string) => number
  readonly lastAdded: string
  readonly revision: number
}
export type Request = { readonly type: string } & Json

const MIB = 1_048_576
const UNITS: Readonly<Record<string, number>> = { KiB: 1_024, MiB: MIB }
const url = (address: string): string => `http://${address.slice(address.indexOf('/') + 1)}:2380`
const put = (key: string, value: string): Request => ({ type: 'etcd.Put', key, value })
const puts = (count: number): readonly Request[] => Array.from({ length: count }, (_, i) => put(`k${i}`, 'v'))
const txn = (rest: Json): Request => ({ type: 'etcd.Txn', compare: [], success: [], failure: [], ...rest })
const add = (urls: readonly string[], op: string): Request => ({
  type: 'etcd.MemberAdd',
  peerUrls: urls,
  isLearner: /learner/.test(op),
})
const remove = (id: number): Request => ({ type: 'etcd.MemberRemove', id })
const alarm = (action: string, memberId: number): Request => ({
  type: 'etcd.Alarm',
  action,
  memberId,
  alarm: 'nospace',
})
const lease = (ttlSeconds: number, id = 0): Request => ({ type: 'etcd.LeaseGrant', id, ttlSeconds })
const through = (path: string, body: Json): Request | undefined => requestAt(path, body) as Request | undefined

type Reading = readonly [pattern: RegExp, read: (found: RegExpExecArray, scene: Scene) => Request | undefined]
const UNKNOWN = 4_711

/** The first pattern that fits counts. */
const READINGS: readonly Reading[] = [
  [/^add (bad) URL|^add no URL/, ([op, isBad]) => add(isBad === undefined ? [] : ['not a url'], op)],
  [/^add same peer URL/, ([op], { lastAdded }) => add([url(lastAdded)], op)],
  [/^add .*?\b(m\d+).*/, ([op, name = ''], { addressOf }) => add([url(addressOf(name))], op)],
  [/^add .*/, ([op], { signalled }) => add([url(signalled)], op)],
  [/^remove unknown/, () => remove(UNKNOWN)],
  [/^remove (m\d+)/, ([, name = ''], { idOf, addressOf }) => remove(idOf(addressOf(name)))],
  [/^remove leader/, (_, { idOf, leader }) => remove(idOf(leader))],
  [/^remove last/, (_, { idOf, asked }) => remove(idOf(asked))],
  [/^remove (learner|added)/, (_, { idOf, lastAdded }) => remove(idOf(lastAdded))],
  [/^remove (member|killed|stopped)/, (_, { idOf, signalled }) => remove(idOf(signalled))],
  [/^remove/, (_, { idOf, follower }) => remove(idOf(follower))],
  [
    /^update/,
    (_, { idOf, follower, asked }) => ({ type: 'etcd.MemberUpdate', id: idOf(follower), peerUrls: [url(asked)] }),
  ],
  [/^promote unknown/, () => ({ type: 'etcd.MemberPromote', id: UNKNOWN })],
  [/^promote (a )?voter/, (_, { idOf, asked }) => ({ type: 'etcd.MemberPromote', id: idOf(asked) })],
  [/^promote/, (_, { idOf, lastAdded }) => ({ type: 'etcd.MemberPromote', id: idOf(lastAdded) })],
  [/^(move|transfer).*unknown/, () => ({ type: 'etcd.MoveLeader', targetId: UNKNOWN })],
  [/^(move|transfer)/, (_, { idOf, follower }) => ({ type: 'etcd.MoveLeader', targetId: idOf(follower) })],
  [/^(member )?list/, () => ({ type: 'etcd.MemberList', linearizable: true })],

  [
    /^put (?:value )?of ([\d.]+) (KiB|MiB)/,
    ([, size, unit = 'MiB']) => put('k', 'x'.repeat(Number(size) * (UNITS[unit] ?? 1))),
  ],
  [/^put/, () => put('k', 'v')],
  [/^get-linearizable|^get$/, () => ({ type: 'etcd.Range', key: 'k' })],
  [/^get/, () => ({ type: 'etcd.Range', key: 'k', serializable: true })],
  [
    /^txn of (\d+) ops holding a nested txn of (\d+) puts/,
    ([, ops, nested]) => txn({ success: [txn({ success: puts(Number(nested)) }), ...puts(Number(ops) - 1)] }),
  ],
  [/^txn of (\d+) puts/, ([, count]) => txn({ success: puts(Number(count)) })],
  [
    /^txn of (\d+) compares/,
    ([, count]) =>
      txn({ compare: puts(Number(count)).map(({ key }) => ({ key, target: 'version', result: 'equal', than: 0 })) }),
  ],
  [/^lease(?: |-)negative id/, () => lease(60, -5)],
  [/^lease(?: TTL (-?\d+)|-grant)/, ([, ttl = '60']) => lease(Number(ttl))],
  [/^range empty key/, () => ({ type: 'etcd.Range', key: '' })],
  [/^delete empty key/, () => ({ type: 'etcd.DeleteRange', key: '' })],
  [/^delete/, () => ({ type: 'etcd.DeleteRange', key: '\0', rangeEnd: '\0' })],
  [/^range (sort_\w+) (\d+)/, ([, field = '', value]) => through('/v3/kv/range', { key: 'k', [field]: Number(value) })],
  [/^unknown field/, () => through('/v3/kv/put', { key: 'k', value: 'v', nonsense: 1 })],
  [/^compact (\d+)/, ([, revision]) => ({ type: 'etcd.Compact', revision: Number(revision) })],
  [/^compact/, (_, { revision }) => ({ type: 'etcd.Compact', revision })],

  [/^alarm list/, () => ({ type: 'etcd.Alarm', action: 'get', memberId: 0, alarm: 'none' })],
  [/^disarm without/, () => alarm('deactivate', 0)],
  [/^disarm/, (_, { idOf, asked }) => alarm('deactivate', idOf(asked))],
  [/^defrag/, () => ({ type: 'etcd.Defragment' })],
  [/^hash/, () => ({ type: 'etcd.HashKV', revision: 0 })],
  [/^status/, () => ({ type: 'etcd.Status' })],
]

/** @returns undefined when nobody would be there to answer it */
export function requestFor(op: string, scene: Scene): Request | undefined {
  for (const [pattern, read] of READINGS) {
    const found = pattern.exec(op)
    if (found !== null) return read(found, scene)
  }
  return undefined
}
