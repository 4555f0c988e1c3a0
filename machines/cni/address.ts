/** Addresses of both families as whole numbers, and the networks that they are in; written as Go's `net` writes them. */

export interface IpAddress {
  readonly bits: 32 | 128
  readonly value: bigint
}
export interface IpNetwork {
  readonly address: IpAddress
  readonly prefixLength: number
}

/** @returns undefined when it is no address */
export const parseAddress = (text: string): IpAddress | undefined =>
  text.includes(':') ? parseSix(text) : parseFour(text)

function parseFour(text: string): IpAddress | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
    return undefined
  return { bits: 32, value: parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n) }
}

function parseSix(text: string): IpAddress | undefined {
  const halves = text.split('::').map((half) => (half === '' ? [] : half.split(':')))
  const [head = [], tail] = halves
  const missing = 8 - head.length - (tail?.length ?? 0)
  if (halves.length > 2 || missing < 0 || (tail === undefined ? missing > 0 : missing === 0)) return undefined
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...(tail ?? [])]
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined
  return { bits: 128, value: groups.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n) }
}

export const formatAddress = ({ bits, value }: IpAddress): string =>
  bits === 32 ? groupsOf(value, 4, 8n).join('.') : shortened(groupsOf(value, 8, 16n).map((group) => group.toString(16)))

const groupsOf = (value: bigint, count: number, width: bigint): readonly bigint[] =>
  Array.from({ length: count }, (_, i) => BigInt.asUintN(Number(width), value >> (BigInt(count - 1 - i) * width)))

/** The longest run of two zeros or more, the first of them, becomes `::`. */
function shortened(groups: readonly string[]): string {
  let [from, length] = [0, 1]
  for (let i = 0; i < groups.length; i++) {
    let end = i
    while (groups[end] === '0') end++
    if (end - i > length) [from, length] = [i, end - i]
  }
  if (length < 2) return groups.join(':')
  return `${groups.slice(0, from).join(':')}::${groups.slice(from + length).join(':')}`
}

/** `10.244.1.0/24`; the bits of the host stay. @returns undefined when it is no network */
export function parseNetwork(text: string): IpNetwork | undefined {
  const slash = text.indexOf('/')
  const address = slash < 0 ? undefined : parseAddress(text.slice(0, slash))
  const length = text.slice(slash + 1)
  if (address === undefined || !/^(0|[1-9]\d{0,2})$/.test(length) || Number(length) > address.bits) return undefined
  return { address, prefixLength: Number(length) }
}
export const formatNetwork = ({ address, prefixLength }: IpNetwork): string =>
  `${formatAddress(address)}/${prefixLength}`

/** How many addresses a network holds. */
export const sizeOf = ({ address, prefixLength }: IpNetwork): bigint => 1n << BigInt(address.bits - prefixLength)
/** Its first address: all bits of the host are zero. */
export function baseOf(network: IpNetwork): IpAddress {
  const { address } = network
  return { ...address, value: address.value - (address.value % sizeOf(network)) }
}
export const plus = ({ bits, value }: IpAddress, more: bigint): IpAddress => ({ bits, value: value + more })
export const equal = (a: IpAddress, b: IpAddress): boolean => a.bits === b.bits && a.value === b.value
