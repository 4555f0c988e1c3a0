/** Who a member is: what raft calls it, where it is reached, which number the API gives it. */

import type { Address } from '../../../runtime/contract.ts'
import { textHash } from '../../../runtime/contract.ts'
import type { MemberId } from '../../protocol/raft.ts'

/** Of a member added in that second. */
export const idOf = (address: Address, addedAtMs: number): MemberId => `${address}#${Math.floor(addedAtMs / 1_000)}`

export function addressOf(id: MemberId): Address {
  const end = id.indexOf('#')
  return end < 0 ? id : id.slice(0, end)
}

/** 52 bits, so that JSON and a number keep it; etcd's own are 64 bits of a SHA-1. Never 0. */
export const numberOf = (id: MemberId): number => textHash(id) * 2 ** 20 + (textHash(`${id} `) >>> 12) + 1

const PEER_PORT = 2_380
const CLIENT_PORT = 2_379
const hostIn = (address: Address): string => address.slice(address.indexOf('/') + 1)
export const nameOf = (id: MemberId): string => hostIn(addressOf(id))
export const peerUrlOf = (id: MemberId): string => `http://${nameOf(id)}:${PEER_PORT}`
export const clientUrlOf = (id: MemberId): string => `http://${nameOf(id)}:${CLIENT_PORT}`

/** @returns where the member that is reached there lives; undefined when it is no URL of a peer (types.NewURLs) */
export function addressAt(url: string): Address | undefined {
  const found = /^https?:\/\/([^/:]+):\d+$/.exec(url)
  return found === null ? undefined : `etcd/${found[1]}`
}
export const areUrls = (urls: readonly string[]): boolean =>
  urls.length > 0 && urls.every((url) => addressAt(url) !== undefined)
