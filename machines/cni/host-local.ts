/**
 * Which addresses a pod gets: the CNI plugin `host-local`. Allocation goes on from the last address that was given out
 * and wraps round, so that a freed address is used again as late as possible.
 *
 * Modelled on containernetworking/plugins v1.1.1, plugins/ipam/host-local (main.go, backend/allocator/allocator.go).
 */
import { Tree } from '../../runtime/tree.ts'
import { formatAddress, type IpAddress, parseAddress } from './address.ts'
import { type Range, type RangeConfig, type RangeSet, rangeFor, rangeSetsOf, roundFrom, shown } from './range-set.ts'

/** What host-local keeps in its data directory: which address is whose, and the last one given out of each range set. */
export interface Allocations {
  readonly byAddress: Tree<string>
  readonly byContainer: Tree<readonly string[]>
  /** By the number of the range set; `''` for none. */
  readonly lastReserved: readonly string[]
}
export const noAllocations: Allocations = {
  byAddress: Tree.of<string>(),
  byContainer: Tree.of<readonly string[]>(),
  lastReserved: [],
}

export interface Reserved {
  readonly ip: string
  readonly prefixLength: number
  readonly gateway: string
}
export interface Refused<T> {
  readonly error: string
  /** A failed attempt leaves traces. */
  readonly allocations: T
}
export type Reservation =
  | { readonly ips: readonly Reserved[]; readonly allocations: Allocations }
  | Refused<Allocations>

/** CNI ADD: one address of each range set, the asked-for one where it lies in the set. All or nothing. */
export function reserve(
  config: readonly (readonly RangeConfig[])[],
  was: Allocations,
  container: string,
  requested: readonly string[],
): Reservation {
  const sets = rangeSetsOf(config)
  if (typeof sets === 'string') return { error: sets, allocations: was }
  let allocations = was
  let left = requested
  const ips: Reserved[] = []
  const taken = (error: string): Refused<Allocations> => ({ error, allocations: release(allocations, container) })
  for (const [index, set] of sets.entries()) {
    const wanted = left.find((ip) => isIn(set, ip))
    const got = wanted === undefined ? next(set, index, allocations, container) : asked(set, allocations, wanted)
    if (typeof got === 'string') return taken(`failed to allocate for range ${index}: ${got}`)
    left = left.filter((ip) => ip !== wanted)
    allocations = kept(allocations, container, index, got.ip)
    ips.push(got)
  }
  return left.length > 0 ? taken(`failed to allocate all requested IPs: ${left.join(' ')}`) : { ips, allocations }
}

/** CNI DEL: succeeds whether or not there is anything to give back. */
export function release(allocations: Allocations, container: string): Allocations {
  const ips = allocations.byContainer.get(container)
  if (ips === undefined) return allocations
  return {
    ...allocations,
    byAddress: ips.reduce((left, ip) => left.delete(ip), allocations.byAddress),
    byContainer: allocations.byContainer.delete(container),
  }
}

function isIn(set: RangeSet, ip: string): boolean {
  const address = parseAddress(ip)
  return address !== undefined && rangeFor(set, address) !== undefined
}

function asked(set: RangeSet, { byAddress }: Allocations, ip: string): Reserved | string {
  const address = parseAddress(ip) as IpAddress
  const range = rangeFor(set, address) as Range
  const given = reservedOf(address, range)
  if (given.ip === given.gateway) return `requested ip ${ip} is subnet's gateway`
  return byAddress.has(given.ip) ? `requested IP address ${ip} is not available in range set ${shown(set)}` : given
}

function next(set: RangeSet, index: number, allocations: Allocations, container: string): Reserved | string {
  const had = allocations.byContainer.get(container)?.find((ip) => isIn(set, ip))
  if (had !== undefined) return `${had} has been allocated to ${container}, duplicate allocation is not allowed`
  for (const [address, range] of roundFrom(set, parseAddress(allocations.lastReserved[index] ?? ''))) {
    if (!allocations.byAddress.has(formatAddress(address))) return reservedOf(address, range)
  }
  return `no IP addresses available in range set: ${shown(set)}`
}

const reservedOf = (address: IpAddress, { prefixLength, gateway }: Range): Reserved => ({
  ip: formatAddress(address),
  prefixLength,
  gateway: formatAddress(gateway),
})

function kept(allocations: Allocations, container: string, index: number, ip: string): Allocations {
  const { byAddress, byContainer, lastReserved } = allocations
  const last = Array.from({ length: Math.max(lastReserved.length, index + 1) }, (_, i) => lastReserved[i] ?? '')
  return {
    byAddress: byAddress.set(ip, container),
    byContainer: byContainer.set(container, [...(byContainer.get(container) ?? []), ip]),
    lastReserved: last.with(index, ip),
  }
}
