/**
 * What was committed while somebody watched: the one truth against which acknowledgements, watches and the stores of
 * all etcd members are held.
 */
import { type Prefixes, placeOf, prefixesOf } from '../apiserver/etcd-keys.ts'
import { versioned } from '../apiserver/frozen.ts'
import { type Selection, selects } from '../apiserver/selection.ts'
import type { Committed } from '../controllers/kit/invariants.ts'
import { type Change, isAlive, type Store } from '../etcd/mvcc/store.ts'
import type { Profile } from '../lib/schema.ts'
import type { KeyValue } from '../protocol/etcd.ts'
import type { ApiObject, ResourceName } from '../protocol/objects.ts'

interface Moved {
  readonly revision: number
  readonly path: string
  readonly now: ApiObject | undefined
  readonly was: ApiObject | undefined
}

export class History {
  /** What came before is not known. */
  readonly first: number
  private readonly prefixes: Prefixes
  private readonly changes = new Map<number, readonly Change[]>()
  private readonly moved = new Map<ResourceName, Moved[]>()
  private newest: number

  constructor(profile: Profile, first: number) {
    this.prefixes = prefixesOf(profile.resources)
    this.first = first
    this.newest = first
  }

  /** The last revision that any member has applied. */
  get revision(): number {
    return this.newest
  }

  /** A member has applied what it has now and had not before. @returns where it differs from what others applied */
  applied(before: Store | undefined, now: Store): string | undefined {
    let wrong: string | undefined
    const from = Math.max(before?.revision ?? 0, this.first) + 1
    now.changes.range(from, ({ revision, changes }) => {
      wrong ??= this.took(revision, changes)
      return wrong === undefined
    })
    return wrong
  }

  private took(revision: number, changes: readonly Change[]): string | undefined {
    const known = this.changes.get(revision)
    if (known !== undefined) return isSame(known, changes) ? undefined : differing(revision, known, changes)
    this.changes.set(revision, changes)
    this.newest = Math.max(this.newest, revision)
    for (const { kv, prev } of changes) {
      const place = placeOf(kv.key, this.prefixes)
      if (place === undefined) continue
      const [resource, path] = place
      const moved = { revision, path, now: objectIn(kv), was: objectIn(prev) }
      const list = this.moved.get(resource)
      if (list === undefined) this.moved.set(resource, [moved])
      else list.push(moved)
    }
    return undefined
  }

  /** What of a resource changed for who selects, after one revision and up to another, in order. */
  between(resource: ResourceName, selection: Selection, after: number, upTo: number): readonly Committed[] {
    const all = this.moved.get(resource) ?? []
    const committed: Committed[] = []
    for (let i = indexAfter(all, after); i < all.length; i++) {
      const move = all[i] as Moved
      if (move.revision > upTo) break
      const type = typeFor(move, selection)
      if (type !== undefined) committed.push({ type, key: move.path, revision: move.revision })
    }
    return committed
  }

  /** Whether an object of that name was written at that revision. What came before the beginning is believed. */
  wrote(revision: number, name: string): boolean {
    if (revision <= this.first) return true
    return this.changes.get(revision)?.some(({ kv }) => kv.key.endsWith(`/${name}`)) === true
  }
}

function typeFor({ now, was }: Moved, selection: Selection): Committed['type'] | undefined {
  const isIn = now !== undefined && selects(selection, now)
  const wasIn = was !== undefined && selects(selection, was)
  if (isIn) return wasIn ? 'MODIFIED' : 'ADDED'
  return wasIn ? 'DELETED' : undefined
}

/** The first that came after a revision, by halving. */
function indexAfter(all: readonly Moved[], revision: number): number {
  let [low, high] = [0, all.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((all[middle] as Moved).revision > revision) high = middle
    else low = middle + 1
  }
  return low
}

const objectIn = (kv: KeyValue | undefined): ApiObject | undefined =>
  kv === undefined || !isAlive(kv) ? undefined : versioned(kv.value as ApiObject, kv.modRevision)

/** Values are shared by reference from the log on, so that nothing is compared in depth. */
const isSame = (a: readonly Change[], b: readonly Change[]): boolean =>
  a === b ||
  (a.length === b.length &&
    a.every(({ kv }, i) => {
      const other = b[i]?.kv
      return kv.key === other?.key && kv.version === other.version && kv.value === other.value
    }))

const differing = (revision: number, was: readonly Change[], is: readonly Change[]): string =>
  `revision ${revision} was ${was.map(({ kv }) => kv.key).join(', ')}, and now it is ${is.map(({ kv }) => kv.key).join(', ')}`
