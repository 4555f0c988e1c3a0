/**
 * The same operations asked of our etcd and of a real one: every answer must be the same. Both begin empty; the real one
 * has lived before, so its revisions are told from there on.
 */
import { isDeepStrictEqual } from 'node:util'
import type { EtcdStore } from '../../cli/etcd-store.ts'
import { etcdWorld } from '../../machines/cluster/etcd-alone/world.ts'
import { bodyOf } from '../../machines/etcd/door/client.ts'
import type { Json } from '../../machines/etcd/door/wire.ts'
import { jsonOf, jsonOfEvent } from '../../machines/etcd/gateway.ts'
import type {
  EtcdAnswered,
  EtcdFailed,
  EtcdRequest,
  EtcdWatched,
  LeaseLeasesReply,
  WatchRequest,
} from '../../machines/protocol/etcd.ts'
import type { World } from '../../runtime/world.ts'

type Answer = EtcdAnswered | EtcdFailed

/** Our own, of one member, on the day that its key space was compacted at revision 1. */
export class Ours {
  private readonly world: World = etcdWorld({ members: 1, world: { diskMs: 0.01 } })
  private told: Answer | undefined

  constructor() {
    this.world.bindOutside('client/c', ({ event }) => {
      this.told = event as unknown as Answer
    })
    this.world.run(2_500)
    this.ask({ type: 'etcd.Compact', revision: 1 })
  }

  ask(event: EtcdRequest): Answer {
    this.told = undefined
    this.world.operate({ op: 'call', to: 'etcd/m-1', event: event as never, from: 'client/c' })
    while (this.told === undefined) this.world.step()
    return this.told
  }

  /** @returns what it is told at once of the past */
  watch(event: WatchRequest): readonly EtcdWatched[] {
    const all: EtcdWatched[] = []
    this.world.bindOutside('client/w', ({ event: watched }) => all.push(watched as unknown as EtcdWatched))
    this.world.operate({ op: 'stream', to: 'etcd/m-1', event: event as never, from: 'client/w' })
    this.world.run(this.world.now + 300)
    return all
  }
}

/** The real one, emptied; its revisions are moved so that it, too, begins at 1. */
export class Theirs {
  private readonly store: EtcdStore
  private readonly base: number

  private constructor(store: EtcdStore, revision: number) {
    this.store = store
    this.base = revision - 1
  }

  static async emptied(store: EtcdStore): Promise<Theirs> {
    const { reply } = (await store.ask({ type: 'etcd.LeaseLeases' })) as { readonly reply: LeaseLeasesReply }
    for (const id of reply.leases) await store.ask({ type: 'etcd.LeaseRevoke', id })
    const gone = (await store.ask({ type: 'etcd.DeleteRange', key: '\0', rangeEnd: '\0' })) as EtcdAnswered
    await store.ask({ type: 'etcd.Compact', revision: gone.revision })
    return new Theirs(store, gone.revision)
  }

  async ask(request: EtcdRequest): Promise<Answer> {
    return moved(await this.store.ask(moved(request, this.base)), -this.base)
  }

  /** `told` says what it was told so far, in one piece, as the recordings have it. */
  watch(request: WatchRequest): {
    readonly all: readonly EtcdWatched[]
    readonly told: () => Json
    readonly end: () => void
  } {
    const all: EtcdWatched[] = []
    const end = this.store.watch(
      moved(request, this.base),
      (watched) => all.push(moved(watched, -this.base)),
      () => {},
    )
    return { all, told: () => inOnePiece(all), end }
  }
}

function inOnePiece(all: readonly EtcdWatched[]): Json {
  // Deletions at the first revision are how the store was emptied.
  const events = all.flatMap((each) => each.events).filter(({ kv }) => kv.modRevision > 1)
  const over = all.find(({ canceled }) => canceled !== undefined)
  const end = over && { canceled: true, cancel_reason: over.canceled }
  const compacted = over?.compactRevision === undefined ? {} : { compact_revision: over.compactRevision }
  return { created: all[0]?.created === true, events: events.map(jsonOfEvent), ...end, ...compacted }
}

const MOVED: ReadonlySet<string> = new Set(
  `revision startRevision minModRevision maxModRevision minCreateRevision maxCreateRevision createRevision modRevision
   compactRevision`.split(/\s+/),
)
/** Every revision in it, by so many; 0 and what is negative mean no revision. */
export function moved<T>(value: T, by: number): T {
  if (Array.isArray(value)) return value.map((each) => moved(each as unknown, by)) as T
  if (typeof value !== 'object' || value === null) return value
  const { target } = value as { readonly target?: string }
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => {
      const isRevision = MOVED.has(name) || (name === 'than' && (target === 'mod' || target === 'create'))
      return [name, isRevision && typeof each === 'number' && each > 0 ? each + by : moved(each as unknown, by)]
    }),
  ) as T
}

export interface Difference {
  readonly request: EtcdRequest
  readonly ours: unknown
  readonly theirs: unknown
}
/** @returns the first operation that the two answer differently */
export async function difference(store: EtcdStore, requests: readonly EtcdRequest[]): Promise<Difference | undefined> {
  const [ours, theirs] = [new Ours(), await Theirs.emptied(store)]
  for (const request of requests) {
    const [path] = bodyOf(request)
    const [one, other] = [jsonOf(path, ours.ask(request)), jsonOf(path, await theirs.ask(request))].map(inOrder)
    if (!isDeepStrictEqual(one, other)) return { request, ours: one, theirs: other }
  }
  return undefined
}

/** How much of a lease is left depends on how long the real one took. Which order keys of a lease, and leases, are told in is nobody's promise. */
function inOrder(body: Readonly<Record<string, unknown>>): unknown {
  const { TTL, keys, leases } = body as {
    readonly TTL?: number
    readonly keys?: readonly string[]
    readonly leases?: readonly { ID: number }[]
  }
  return {
    ...body,
    ...('grantedTTL' in body ? { TTL: Math.sign(TTL ?? 0) } : {}),
    ...(keys === undefined ? {} : { keys: keys.toSorted() }),
    ...(leases === undefined ? {} : { leases: leases.toSorted((a, b) => a.ID - b.ID) }),
  }
}
