/** Rows of Endpoints and EndpointSlices: three addresses, then how many more. */
import type { EndpointSlice, Endpoints } from '../../protocol/objects.ts'
import { age } from './age.ts'
import type { Cell } from './rows.ts'

const MOST = 3
const shortened = (list: readonly string[]): string => {
  const shown = list.slice(0, MOST).join(',')
  return list.length > MOST ? `${shown} + ${list.length - MOST} more...` : shown
}

export const endpointsCells = (endpoints: Endpoints, now: number): readonly Cell[] => [
  endpoints.metadata.name,
  addressesOf(endpoints),
  age(endpoints.metadata.creationTimestamp, now),
]

function addressesOf({ subsets }: Endpoints): string {
  if (subsets === undefined || subsets === null || subsets.length === 0) return '<none>'
  const list = subsets.flatMap(({ addresses = [], ports = [] }) =>
    ports.length === 0
      ? addresses.map(({ ip }) => ip)
      : ports.flatMap(({ port }) => addresses.map(({ ip }) => `${ip.includes(':') ? `[${ip}]` : ip}:${port}`)),
  )
  return shortened(list)
}

export const endpointSliceCells = (
  { metadata, addressType, ports, endpoints }: EndpointSlice,
  now: number,
): readonly Cell[] => [
  metadata.name,
  addressType,
  shortened((ports ?? []).map(({ port, name }) => (port === undefined ? (name ?? '*') : String(port)))) || '<unset>',
  shortened((endpoints ?? []).flatMap(({ addresses }) => addresses)) || '<unset>',
  age(metadata.creationTimestamp, now),
]
