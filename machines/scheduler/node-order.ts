/**
 * The order in which nodes are looked at: the zones in turn, one node of each, so that the first nodes that fit are
 * spread over zones (backend/cache/node_tree.go). Zones and their nodes keep the order in which they came.
 */

import { numberKey, Tree } from '../../runtime/tree.ts'
import { oncePer } from '../lib/once-per.ts'
import type { Labels } from '../lib/selector.ts'
import { NO_LABELS } from './labels.ts'

export interface NodeOrder {
  /** Zones by ordinal, each with its nodes' names by ordinal. */
  readonly zones: Tree<Zone>
  /** Where a node's name lies. */
  readonly places: Tree<Place>
  readonly zoneOrdinals: Tree<string>
  readonly next: number
}
interface Zone {
  readonly zone: string
  readonly nodes: Tree<string>
}
interface Place {
  readonly zone: string
  readonly ordinal: string
}

export const NO_ORDER: NodeOrder = { zones: Tree.of(), places: Tree.of(), zoneOrdinals: Tree.of(), next: 0 }

/** A node that changes its zone goes to the end of its new one; one that does not stays where it is. */
export function ordered(order: NodeOrder, name: string, labels: Labels = NO_LABELS): NodeOrder {
  const zone = zoneOf(labels)
  if (order.places.get(name)?.zone === zone) return order
  const { zones, places, zoneOrdinals, next } = unordered(order, name)
  const ordinal = numberKey(next)
  const zoneOrdinal = zoneOrdinals.get(zone) ?? ordinal
  const nodes = zones.get(zoneOrdinal)?.nodes ?? Tree.of<string>()
  return {
    zones: zones.set(zoneOrdinal, { zone, nodes: nodes.set(ordinal, name) }),
    places: places.set(name, { zone, ordinal }),
    zoneOrdinals: zoneOrdinals.set(zone, zoneOrdinal),
    next: next + 1,
  }
}

export function unordered(order: NodeOrder, name: string): NodeOrder {
  const place = order.places.get(name)
  if (place === undefined) return order
  const zoneOrdinal = order.zoneOrdinals.get(place.zone) as string
  const nodes = (order.zones.get(zoneOrdinal) as Zone).nodes.delete(place.ordinal)
  const empty = nodes.size === 0
  return {
    zones: empty ? order.zones.delete(zoneOrdinal) : order.zones.set(zoneOrdinal, { zone: place.zone, nodes }),
    places: order.places.delete(name),
    zoneOrdinals: empty ? order.zoneOrdinals.delete(place.zone) : order.zoneOrdinals,
    next: order.next,
  }
}

/** The names, zones in turn. */
export const names: (order: NodeOrder) => readonly string[] = oncePer(({ zones }) =>
  inTurn(zones.values().map(({ nodes }) => nodes.values())),
)

function inTurn(zones: readonly (readonly string[])[]): readonly string[] {
  const all: string[] = []
  const longest = Math.max(0, ...zones.map(({ length }) => length))
  for (let i = 0; i < longest; i++)
    for (const zone of zones) {
      const name = zone[i]
      if (name !== undefined) all.push(name)
    }
  return all
}

/** utilnode.GetZoneKey: region and zone, by the labels of now or those of before; '' when a node has neither. */
export function zoneOf(labels: Labels): string {
  const zone = labels['topology.kubernetes.io/zone'] ?? labels['failure-domain.beta.kubernetes.io/zone'] ?? ''
  const region = labels['topology.kubernetes.io/region'] ?? labels['failure-domain.beta.kubernetes.io/region'] ?? ''
  return zone === '' && region === '' ? '' : `${region}:\0:${zone}`
}
