/** IPv4 addresses and ranges as numbers. */

export function numberOf(ip: string): number | undefined {
  const parts = ip.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0)
}

export const textOf = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')

/** `10.244.1.0/24`: its first address and how many it has. Undefined when it is no range. */
export interface Subnet {
  readonly first: number
  readonly size: number
  readonly prefixLength: number
  /** What was written before the slash, whether or not it is the network address. */
  readonly written: number
}
export function subnetOf(cidr: string): Subnet | undefined {
  const [ip = '', length = ''] = cidr.split('/')
  const written = numberOf(ip)
  if (written === undefined || !/^\d{1,2}$/.test(length) || Number(length) > 32) return undefined
  const size = 2 ** (32 - Number(length))
  return { first: Math.floor(written / size) * size, size, prefixLength: Number(length), written }
}

export function contains(cidr: string, ip: string): boolean {
  const subnet = subnetOf(cidr)
  const address = numberOf(ip)
  return (
    subnet !== undefined && address !== undefined && address >= subnet.first && address < subnet.first + subnet.size
  )
}
