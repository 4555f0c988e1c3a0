/**
 * Ranges of addresses, as host-local is configured with them, and sets of ranges: a container gets one address of each
 * set. Modelled on containernetworking/plugins v1.1.1, plugins/ipam/host-local/backend/allocator (range.go, range_set.go).
 */
import {
  baseOf,
  equal,
  formatAddress,
  formatNetwork,
  type IpAddress,
  type IpNetwork,
  parseAddress,
  parseNetwork,
  plus,
  sizeOf,
} from './address.ts'

/** As written in the configuration. */
export interface RangeConfig {
  readonly subnet: string
  readonly rangeStart?: string
  readonly rangeEnd?: string
  readonly gateway?: string
}
export interface Range {
  readonly start: IpAddress
  readonly end: IpAddress
  readonly gateway: IpAddress
  readonly prefixLength: number
}
export type RangeSet = readonly Range[]

/** The sets of a configuration, or why it is refused. */
export function rangeSetsOf(sets: readonly (readonly RangeConfig[])[]): readonly RangeSet[] | string {
  if (sets.length === 0) return 'no IP ranges specified'
  const bad = sets.flat().find(({ subnet }) => parseNetwork(subnet) === undefined)
  if (bad !== undefined) return `invalid CIDR address: ${bad.subnet}`
  const known: Range[][] = []
  for (const [index, set] of sets.entries()) {
    const ranges = set.map(rangeOf)
    const why = ranges.find((range) => typeof range === 'string')
    if (why !== undefined) return `invalid range set ${index}: ${why}`
    known.push(ranges as Range[])
  }
  return overlapIn(known) ?? known
}

function overlapIn(sets: readonly RangeSet[]): string | undefined {
  for (const [i, one] of sets.entries())
    for (const [k, other] of sets.entries())
      if (k > i && one.some((a) => other.some((b) => overlaps(a, b)))) return `range set ${i} overlaps with ${k}`
  return undefined
}
const overlaps = (a: Range, b: Range): boolean =>
  isWithin(a, b.start) || isWithin(a, b.end) || isWithin(b, a.start) || isWithin(b, a.end)

/** Without bounds of its own a range is all that lies between a network's address and its broadcast, which IPv6 has not. */
function rangeOf({ subnet, rangeStart, rangeEnd, gateway }: RangeConfig): Range | string {
  const network = parseNetwork(subnet) as IpNetwork
  const { prefixLength, address } = network
  if (prefixLength > address.bits - 2) return `Network ${formatNetwork(network)} too small to allocate from`
  const base = baseOf(network)
  if (!equal(base, address))
    return `Network has host bits set. For a subnet mask of length ${prefixLength} the network address is ${formatAddress(base)}`
  const first = plus(base, 1n)
  const last = plus(base, sizeOf(network) - (address.bits === 32 ? 2n : 1n))
  const [start, end] = [addressOr(rangeStart, first), addressOr(rangeEnd, last)]
  const whole = { start: base, end: plus(base, sizeOf(network) - 1n) }
  if (!isWithin(whole, start)) return `RangeStart ${formatAddress(start)} not in network ${subnet}`
  if (!isWithin({ ...whole, start }, end)) return `RangeEnd ${formatAddress(end)} not in network ${subnet}`
  return { start, end, gateway: addressOr(gateway, first), prefixLength }
}
const addressOr = (text: string | undefined, otherwise: IpAddress): IpAddress =>
  (text === undefined ? undefined : parseAddress(text)) ?? otherwise

export const isWithin = ({ start, end }: Pick<Range, 'start' | 'end'>, { bits, value }: IpAddress): boolean =>
  bits === start.bits && value >= start.value && value <= end.value

/** The range of a set in which an address lies. */
export const rangeFor = (set: RangeSet, address: IpAddress): Range | undefined =>
  set.find((range) => isWithin(range, address))

/** `10.99.0.1-10.99.0.6,10.99.1.1-10.99.1.6` */
export const shown = (set: RangeSet): string =>
  set.map(({ start, end }) => `${formatAddress(start)}-${formatAddress(end)}`).join(',')

/** Every address of a set once, from the one after `last` on and round again; gateways are left out. */
export function* roundFrom(set: RangeSet, last: IpAddress | undefined): Generator<readonly [IpAddress, Range]> {
  const at = last === undefined ? -1 : set.findIndex((range) => isWithin(range, last))
  const first = set[Math.max(0, at)] as Range
  const begin = at < 0 || last === undefined ? first.start : plus(last, 1n)
  const turn = [...set.slice(Math.max(0, at)), ...set.slice(0, Math.max(0, at))]
  for (const range of turn) yield* between(range, range === first ? begin : range.start, range.end)
  yield* between(first, first.start, plus(begin, -1n))
}
function* between(range: Range, from: IpAddress, to: IpAddress): Generator<readonly [IpAddress, Range]> {
  for (let address = from; address.value <= to.value; address = plus(address, 1n))
    if (!equal(address, range.gateway)) yield [address, range]
}
