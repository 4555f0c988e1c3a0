/** The ranges that nodes are given out of one big one (pkg/controller/nodeipam/ipam/cidrset). */
import { Tree } from '../../../runtime/tree.ts'
import { type Cidr, formatCidr, parseCidr, subnet } from '../../lib/ip.ts'

export interface CidrSet {
  readonly range: Cidr
  /** The mask of what a node gets: `--node-cidr-mask-size-ipv4`. */
  readonly bits: number
  readonly used: Tree<true>
  /** Where the search goes on: a range that was given back is not handed out again at once. */
  readonly next: number
}

export function cidrSet(range: string, bits: number): CidrSet {
  const parsed = parseCidr(range)
  if (parsed === undefined) throw new Error(`"${range}" is no range of addresses like 10.244.0.0/16`)
  return { range: parsed, bits, used: Tree.of(), next: 0 }
}

const sizeOf = ({ range, bits }: CidrSet): number => 2 ** (bits - range.bits)

/** AllocateNext. @returns undefined when all are in use. */
export function allocated(set: CidrSet): readonly [cidr: string, set: CidrSet] | undefined {
  const size = sizeOf(set)
  for (let tried = 0; tried < size; tried++) {
    const index = (set.next + tried) % size
    const range = subnet(set.range, set.bits, index)
    if (range === undefined) return undefined
    const cidr = formatCidr(range)
    if (!set.used.has(cidr)) return [cidr, { ...set, used: set.used.set(cidr, true), next: (index + 1) % size }]
  }
  return undefined
}

export const occupied = (set: CidrSet, cidr: string): CidrSet => ({ ...set, used: set.used.set(cidr, true) })
export const released = (set: CidrSet, cidr: string): CidrSet => ({ ...set, used: set.used.delete(cidr) })
