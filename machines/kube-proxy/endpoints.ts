/**
 * Which endpoints of a service port take traffic: ready ones, or, when there are none, those that terminate and still
 * serve; all of them, or those of the node; narrowed by topology hints.
 *
 * Modelled on pkg/proxy/topology.go (CategorizeEndpoints) and pkg/proxy/endpointslicecache.go.
 */

import type { Endpoint, Protocol } from '../protocol/network.ts'
import type { EndpointSlice } from '../protocol/objects.ts'

export interface Place {
  readonly node: string
  readonly zone: string | undefined
}
export interface Categories {
  /** For policy Cluster. */
  readonly cluster: readonly Endpoint[]
  /** For policy Local. */
  readonly local: readonly Endpoint[]
  /** Whether any endpoint anywhere could take traffic: without one a connection is refused, else dropped. */
  readonly any: boolean
}

interface Candidate extends Endpoint {
  readonly ready: boolean
  readonly servesTerminating: boolean
  readonly zones: readonly string[] | undefined
}

/** @param portName the name of the service's port, `''` when it has none. */
export function categorize(
  slices: readonly EndpointSlice[],
  portName: string,
  protocol: Protocol,
  place: Place,
): Categories {
  const all = candidates(slices, portName, protocol)
  const ready = all.filter((each) => each.ready)
  const cluster = ready.length > 0 ? nearest(ready, place.zone) : all.filter((each) => each.servesTerminating)
  const here = all.filter(({ node }) => node === place.node)
  const readyHere = here.filter((each) => each.ready)
  const local = readyHere.length > 0 ? readyHere : here.filter((each) => each.servesTerminating)
  return { cluster: cluster.map(bare), local: local.map(bare), any: cluster.length + local.length > 0 }
}

/** One entry per address and port, in the order of addresses; the same one in two slices counts once. */
function candidates(slices: readonly EndpointSlice[], portName: string, protocol: Protocol): readonly Candidate[] {
  const found = new Map<string, Candidate>()
  for (const slice of slices) {
    const port = slice.ports?.find(
      (each) => (each.name ?? '') === portName && (each.protocol ?? 'TCP') === protocol,
    )?.port
    if (port === undefined) continue
    for (const { addresses, conditions, nodeName, hints } of slice.endpoints) {
      const ip = addresses[0]
      if (ip === undefined) continue
      const serving = conditions?.serving ?? conditions?.ready ?? true
      const candidate: Candidate = {
        ip,
        port,
        ...(nodeName === undefined ? {} : { node: nodeName }),
        ready: conditions?.ready ?? true,
        servesTerminating: serving && conditions?.terminating === true,
        zones: hints?.forZones?.map(({ name }) => name),
      }
      const was = found.get(`${ip}:${port}`)
      if (was === undefined || (!was.ready && candidate.ready)) found.set(`${ip}:${port}`, candidate)
    }
  }
  return [...found.values()].sort((a, b) => (a.ip < b.ip ? -1 : a.ip > b.ip ? 1 : a.port - b.port))
}

/** Hints count only when every ready endpoint has one, and one of them is for this zone. */
function nearest(ready: readonly Candidate[], zone: string | undefined): readonly Candidate[] {
  if (zone === undefined || ready.some(({ zones }) => zones === undefined || zones.length === 0)) return ready
  const near = ready.filter(({ zones }) => zones?.includes(zone))
  return near.length > 0 ? near : ready
}

const bare = ({ ip, port, node }: Candidate): Endpoint => (node === undefined ? { ip, port } : { ip, port, node })
