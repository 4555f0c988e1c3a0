/** Answers to a range request (etcdserver's applier, Range): filter, sort, cut off, in that order. */
import { Fold, type Tree } from '../../../runtime/tree.ts'
import type { KeyValue, RangeReply, RangeRequest } from '../../protocol/etcd.ts'
import { boundsOf, type History, isAlive, latestOf, visit } from './store.ts'

/** The keys of a range as they were at a revision. `count` is of the whole range, whatever is filtered or cut off. */
export function ranged(keys: Tree<History>, request: RangeRequest, revision: number): RangeReply {
  const { limit = 0, countOnly = false } = request
  const isWhole = !countOnly && (limit <= 0 || picks(request))
  const enough = isWhole ? Number.POSITIVE_INFINITY : countOnly ? 0 : limit + 1
  const { kvs, count } = found(keys, request, revision, enough)
  const sorted = inOrder(kvs.filter(within(request)), request)
  const more = limit > 0 && sorted.length > limit
  const shown = more ? sorted.slice(0, limit) : sorted
  return { kvs: request.keysOnly === true ? shown.map(withoutValue) : shown, count, more }
}

/** Must everything be fetched before it can be cut off? An order that only the target implies does not count. */
const picks = ({ sortOrder = 'none', ...bounds }: RangeRequest): boolean =>
  sortOrder !== 'none' ||
  [bounds.minModRevision, bounds.maxModRevision, bounds.minCreateRevision, bounds.maxCreateRevision].some(Boolean)

function found(keys: Tree<History>, request: RangeRequest, revision: number, enough: number) {
  const bounds = boundsOf(request)
  const { alive, newest } = keys.foldBetween(bounds.from, bounds.to, ALIVE)
  const isNewest = newest <= revision
  const kvs: KeyValue[] = []
  let count = 0
  visit(keys, bounds, revision, (kv) => {
    if (count++ < enough) kvs.push(kv)
    return !isNewest || count < enough
  })
  return { kvs, count: isNewest ? alive : count }
}

/** How many keys there are now, and when the last of them changed: counting those of now visits none. */
const ALIVE = new Fold<History, { readonly alive: number; readonly newest: number }>(
  { alive: 0, newest: 0 },
  (history) => {
    const latest = latestOf(history)
    return { alive: isAlive(latest) ? 1 : 0, newest: latest.modRevision }
  },
  (a, b) => ({ alive: a.alive + b.alive, newest: Math.max(a.newest, b.newest) }),
)

/** A bound of 0 is none. */
function within(request: RangeRequest): (kv: KeyValue) => boolean {
  const { minModRevision, maxModRevision, minCreateRevision, maxCreateRevision } = request
  const isIn = (value: number, least: number | undefined, most: number | undefined): boolean =>
    (!least || value >= least) && (!most || value <= most)
  return ({ modRevision, createRevision }) =>
    isIn(modRevision, minModRevision, maxModRevision) && isIn(createRevision, minCreateRevision, maxCreateRevision)
}

/** Found in order of keys. A target other than the key means ascending when no order is named. */
function inOrder(kvs: readonly KeyValue[], { sortTarget = 'key', sortOrder = 'none' }: RangeRequest) {
  const order = sortOrder === 'none' && sortTarget !== 'key' ? 'ascend' : sortOrder
  if (order === 'none' || (order === 'ascend' && sortTarget === 'key')) return kvs
  const by = TARGETS[sortTarget]
  return kvs.toSorted(order === 'ascend' ? (a, b) => compare(by(a), by(b)) : (a, b) => compare(by(b), by(a)))
}
const TARGETS: Record<NonNullable<RangeRequest['sortTarget']>, (kv: KeyValue) => unknown> = {
  key: ({ key }) => key,
  version: ({ version }) => version,
  create: ({ createRevision }) => createRevision,
  mod: ({ modRevision }) => modRevision,
  value: ({ value }) => value,
}
const compare = (a: unknown, b: unknown): number =>
  (a as string) < (b as string) ? -1 : (a as string) > (b as string) ? 1 : 0

const withoutValue = (kv: KeyValue): KeyValue => ({ ...kv, value: '' })
