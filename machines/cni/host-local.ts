/**
 * Which address a pod gets: the CNI plugins `bridge` and `host-local`. Allocation goes on from the last address that
 * was given out and wraps round, so that a freed address is used again as late as possible.
 *
 * Modelled on containernetworking/plugins v1.1.1, plugins/ipam/host-local/backend/allocator.
 */
import { Tree } from '../../runtime/tree.ts'
import { type Cidr, formatIp, parseCidr, parseIp } from '../lib/ip.ts'

/** What host-local keeps in its data directory: which address is whose, and the last one given out. */
export interface Allocations {
  readonly byAddress: Tree<string>
  readonly byContainer: Tree<string>
  /** Network namespaces that have their `eth0`: bridge makes it before it asks for an address. */
  readonly interfaces: Tree<true>
  readonly lastReserved: string | undefined
}
export const noAllocations: Allocations = {
  byAddress: Tree.of<string>(),
  byContainer: Tree.of<string>(),
  interfaces: Tree.of<true>(),
  lastReserved: undefined,
}

export interface Network {
  readonly subnet: string
  readonly rangeStart?: string
  readonly rangeEnd?: string
  readonly gateway?: string
}
export interface Allocated {
  readonly allocations: Allocations
  readonly ip: string
  readonly prefixLength: number
  readonly gateway: string
}
export interface Refused {
  readonly error: string
  /** A failed ADD leaves traces, until its DEL. */
  readonly allocations: Allocations
}

/** CNI ADD. */
export function add(network: Network, was: Allocations, container: string, requested?: string): Allocated | Refused {
  if (was.interfaces.has(container)) {
    return { error: 'container veth name provided (eth0) already exists', allocations: was }
  }
  const allocations = { ...was, interfaces: was.interfaces.set(container, true) }
  const range = rangeOf(network)
  if (typeof range === 'string') return { error: range, allocations }
  if (requested !== undefined) return takeRequested(range, allocations, container, requested)
  const free = firstFree(range, allocations)
  if (free !== undefined) return taken(range, allocations, container, formatIp(free))
  const error = `failed to allocate for range 0: no IP addresses available in range set: ${shown(range)}`
  return { error, allocations }
}

/** CNI DEL: succeeds whether or not there is anything to give back. */
export function del(was: Allocations, container: string): Allocations {
  const allocations = { ...was, interfaces: was.interfaces.delete(container) }
  const ip = allocations.byContainer.get(container)
  if (ip === undefined) return allocations
  const byContainer = allocations.byContainer.delete(container)
  return { ...allocations, byAddress: allocations.byAddress.delete(ip), byContainer }
}

interface Range {
  readonly start: number
  readonly end: number
  readonly gateway: number
  readonly prefixLength: number
}

/** Without bounds of its own a range is all between the network's address and its broadcast. */
function rangeOf({ subnet: cidr, rangeStart, rangeEnd, gateway }: Network): Range | string {
  const subnet = parseCidr(cidr)
  if (subnet === undefined) return `invalid CIDR address: ${cidr}`
  const why = refusal(subnet, cidr)
  if (why !== undefined) return why
  const last = subnet.base + subnet.size - 2
  return {
    start: numberIn(rangeStart) ?? subnet.base + 1,
    end: numberIn(rangeEnd) ?? last,
    gateway: numberIn(gateway) ?? subnet.base + 1,
    prefixLength: subnet.bits,
  }
}

function refusal({ size, base, bits }: Cidr, cidr: string): string | undefined {
  if (size < 4) return `invalid range set 0: Network ${cidr} too small to allocate from`
  if (cidr.startsWith(`${formatIp(base)}/`)) return undefined
  return `invalid range set 0: Network has host bits set. For a subnet mask of length ${bits} the network address is ${formatIp(base)}`
}

const numberIn = (ip: string | undefined): number | undefined => (ip === undefined ? undefined : parseIp(ip))
const shown = ({ start, end }: Range): string => `${formatIp(start)}-${formatIp(end)}`

function firstFree({ start, end, gateway }: Range, { byAddress, lastReserved }: Allocations): number | undefined {
  const last = numberIn(lastReserved)
  const size = end - start + 1
  const from = last === undefined || last < start || last > end ? start : last + 1
  for (let i = 0; i < size; i++) {
    const address = start + ((from - start + i) % size)
    if (address !== gateway && !byAddress.has(formatIp(address))) return address
  }
  return undefined
}

function takeRequested(range: Range, allocations: Allocations, container: string, ip: string): Allocated | Refused {
  const address = parseIp(ip)
  const refused = (why: string): Refused => ({ error: `failed to allocate for range 0: ${why}`, allocations })
  if (address === undefined || address < range.start || address > range.end) return notTaken(range, allocations, ip)
  if (address === range.gateway) return refused(`requested ip ${ip} is subnet's gateway`)
  if (!allocations.byAddress.has(ip)) return taken(range, allocations, container, ip)
  return refused(`requested IP address ${ip} is not available in range set ${shown(range)}`)
}

/** host-local finds out only after it has given out another address, which it then takes back. */
function notTaken(range: Range, allocations: Allocations, ip: string): Refused {
  const free = firstFree(range, allocations)
  const lastReserved = free === undefined ? allocations.lastReserved : formatIp(free)
  return { error: `failed to allocate all requested IPs: ${ip}`, allocations: { ...allocations, lastReserved } }
}

function taken({ gateway, prefixLength }: Range, allocations: Allocations, container: string, ip: string): Allocated {
  return {
    allocations: {
      ...allocations,
      byAddress: allocations.byAddress.set(ip, container),
      byContainer: allocations.byContainer.set(container, ip),
      lastReserved: ip,
    },
    ip,
    prefixLength,
    gateway: formatIp(gateway),
  }
}
