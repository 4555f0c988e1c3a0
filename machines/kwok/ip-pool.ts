/** Pod addresses of one range (pkg/kwok/controllers ipPool): as they come, from the range's first; given back ones first. */
import { Tree } from '../../runtime/tree.ts'
import { contains, formatIp, parseCidr, parseIp } from '../lib/ip.ts'

export interface IpPool {
  readonly cidr: string
  readonly used: Tree<true>
  /** Given back, to be used again. The real one takes any of them; this one the first. */
  readonly free: Tree<true>
  /** How many were drawn: the range is no limit. */
  readonly next: number
}

export const ipPool = (cidr: string): IpPool => ({ cidr, used: Tree.of(), free: Tree.of(), next: 0 })

export function drawn(pool: IpPool): readonly [ip: string, pool: IpPool] {
  const again = firstOf(pool.free)
  if (again !== undefined) return [again, { ...pool, free: pool.free.delete(again), used: pool.used.set(again, true) }]
  let { next } = pool
  let ip = formatIp(firstAddress(pool.cidr) + next++)
  while (pool.used.has(ip)) ip = formatIp(firstAddress(pool.cidr) + next++)
  return [ip, { cidr: pool.cidr, used: pool.used.set(ip, true), free: pool.free, next }]
}

/** An address that a pod has from before: nobody else gets it. */
export const taken = (pool: IpPool, ip: string): IpPool =>
  isOf(pool, ip) && !pool.used.has(ip) ? { ...pool, used: pool.used.set(ip, true), free: pool.free.delete(ip) } : pool

export const givenBack = (pool: IpPool, ip: string): IpPool =>
  isOf(pool, ip) ? { ...pool, used: pool.used.delete(ip), free: pool.free.set(ip, true) } : pool

function isOf({ cidr }: IpPool, ip: string): boolean {
  const [range, address] = [parseCidr(cidr), parseIp(ip)]
  return range !== undefined && address !== undefined && contains(range, address)
}

/** `10.0.0.1/24` begins at `.1`, `10.0.3.0/24` at `.0`: as it is written. */
function firstAddress(cidr: string): number {
  const ip = parseIp(cidr.slice(0, cidr.indexOf('/')))
  if (ip === undefined) throw new Error(`"${cidr}" is no range of addresses like 10.0.0.1/24`)
  return ip
}

function firstOf(tree: Tree<true>): string | undefined {
  let first: string | undefined
  tree.range('', undefined, (_, key) => {
    first = key
    return false
  })
  return first
}
