/** Which servers are up, by their probes, and which one a client is led to. HAProxy: rise 2, fall 3, roundrobin. */
import type { Address } from '../../runtime/contract.ts'
import { Tree } from '../../runtime/tree.ts'

/** So many good probes make a server up again, so many bad ones make it down. */
const [RISE, FALL] = [2, 3]

export interface Backend {
  readonly address: Address
  readonly up: boolean
  /** Probes in a row that speak against `up`. */
  readonly against: number
}
export interface Backends {
  readonly all: readonly Backend[]
  /** Whose turn it is for the next client. */
  readonly next: number
  /** The server of each client host: a client keeps one connection to the server it was led to. */
  readonly of: Tree<Address>
}

/** All are taken to be up until a probe says otherwise. */
export const backendsOf = (addresses: readonly Address[]): Backends => ({
  all: addresses.map((address) => ({ address, up: true, against: 0 })),
  next: 0,
  of: Tree.of(),
})

export const anyUp = ({ all }: Backends): boolean => all.some(({ up }) => up)
const isUp = ({ all }: Backends, address: Address): boolean => all.some((each) => each.address === address && each.up)

export function probed(backends: Backends, address: Address, ok: boolean): Backends {
  const all = backends.all.map((each) => (each.address === address ? judged(each, ok) : each))
  return { ...backends, all }
}
function judged(backend: Backend, ok: boolean): Backend {
  if (ok === backend.up) return backend.against === 0 ? backend : { ...backend, against: 0 }
  const against = backend.against + 1
  return against < (backend.up ? FALL : RISE) ? { ...backend, against } : { ...backend, up: ok, against: 0 }
}

/**
 * The server for a client: the one it has, else the next in turn that is up, over a new connection; undefined when none
 * is.
 */
export function chosen(
  backends: Backends,
  client: string,
  not?: Address,
): readonly [Backends, address: Address | undefined, isNew: boolean] {
  const had = backends.of.get(client)
  if (had !== undefined && had !== not && isUp(backends, had)) return [backends, had, false]
  const { all, next } = backends
  for (let i = 0; i < all.length; i++) {
    const { address, up } = all[(next + i) % all.length] as Backend
    if (!up || address === not) continue
    return [{ ...backends, next: (next + i + 1) % all.length, of: backends.of.set(client, address) }, address, true]
  }
  return [backends, undefined, true]
}

/** The connection of a client broke: its next one is led anywhere. */
export const parted = (backends: Backends, client: string): Backends =>
  backends.of.has(client) ? { ...backends, of: backends.of.delete(client) } : backends
