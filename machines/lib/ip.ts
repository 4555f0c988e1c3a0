/** IPv4 addresses as unsigned 32-bit numbers, and ranges of them. Strict: four decimal parts, no leading zeros. */

export interface Cidr {
  /** The first address of the range. */
  readonly base: number
  readonly bits: number
  readonly size: number
}

/** @returns undefined when it is no IPv4 address. */
export function parseIp(text: string): number | undefined {
  const parts = text.split('.')
  if (parts.length !== 4) return undefined
  let ip = 0
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined
    ip = ip * 256 + Number(part)
  }
  return ip
}

export const formatIp = (ip: number): string =>
  `${(ip >>> 24) & 255}.${(ip >>> 16) & 255}.${(ip >>> 8) & 255}.${ip & 255}`

/** `10.96.0.0/16`; bits of the host part are cleared. @returns undefined when it is no range. */
export function parseCidr(text: string): Cidr | undefined {
  const slash = text.indexOf('/')
  const ip = slash < 0 ? undefined : parseIp(text.slice(0, slash))
  const length = text.slice(slash + 1)
  if (ip === undefined || !/^(0|[1-9]\d?)$/.test(length) || Number(length) > 32) return undefined
  const size = 2 ** (32 - Number(length))
  return { base: Math.floor(ip / size) * size, bits: Number(length), size }
}

export const formatCidr = ({ base, bits }: Cidr): string => `${formatIp(base)}/${bits}`
export const contains = ({ base, size }: Cidr, ip: number): boolean => ip >= base && ip < base + size

/** The nth address of the range. */
export const addressAt = ({ base }: Cidr, index: number): string => formatIp(base + index)

/** Every address of the range, in order. */
export function* addresses({ base, size }: Cidr): Generator<number> {
  for (let i = 0; i < size; i++) yield base + i
}

/** The nth part of the range with that many bits: the pod range of the nth node. @returns undefined when none is left. */
export function subnet(range: Cidr, bits: number, index: number): Cidr | undefined {
  const size = 2 ** (32 - bits)
  if (bits < range.bits || bits > 32 || (index + 1) * size > range.size) return undefined
  return { base: range.base + index * size, bits, size }
}

/** Loosely an IPv6 address: enough to accept what the API accepts in a field. */
export function isIpv6(text: string): boolean {
  const halves = text.split('::')
  if (halves.length > 2 || !text.includes(':')) return false
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')))
  const tail = groups.at(-1) ?? ''
  const mapped = tail.includes('.')
  if (mapped && parseIp(tail) === undefined) return false
  const plain = mapped ? groups.slice(0, -1) : groups
  const count = plain.length + (mapped ? 2 : 0)
  return plain.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group)) && (halves.length === 2 ? count < 8 : count === 8)
}
