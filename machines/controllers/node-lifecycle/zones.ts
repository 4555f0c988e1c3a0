/** Zones, how much of each is lost, and the queue of its nodes that are to be tainted NoExecute. */
import { Tree } from '../../../runtime/tree.ts'
import type { Node } from '../../protocol/objects.ts'
import { filled, fullBucket, reserved, type TokenBucket } from '../kit/token-bucket.ts'

export type ZoneState = 'initial' | 'normal' | 'partial disruption' | 'full disruption'
export interface Zone {
  readonly state: ZoneState
  /** Taints a second. */
  readonly rate: number
  readonly bucket: TokenBucket
  /** Who waits, in order of arrival. */
  readonly queue: readonly string[]
}
/** `--node-eviction-rate`, `--secondary-node-eviction-rate` */
const RATE = 0.1
const SECONDARY_RATE = 0.01
const BURST = 1
/** `--unhealthy-zone-threshold`, `--large-cluster-size-threshold` */
const UNHEALTHY = 0.55
const LARGE = 50

/** GetZoneKey */
export function zoneOf({ metadata }: Node): string {
  const { labels = {} } = metadata
  const region = labels['topology.kubernetes.io/region'] ?? labels['failure-domain.beta.kubernetes.io/region'] ?? ''
  const zone = labels['topology.kubernetes.io/zone'] ?? labels['failure-domain.beta.kubernetes.io/zone'] ?? ''
  return region === '' && zone === '' ? '' : `${region}: :${zone}`
}

export const newZone = (at: number): Zone => ({
  state: 'initial',
  rate: RATE,
  bucket: fullBucket({ perSecond: RATE, burst: BURST }, at),
  queue: [],
})

/** How many nodes of a zone are ready and are not. */
export interface Count {
  readonly ready: number
  readonly notReady: number
}

/** ComputeZoneState */
export function stateOf({ ready, notReady }: Count): ZoneState {
  if (ready === 0 && notReady > 0) return 'full disruption'
  return notReady > 2 && notReady / (ready + notReady) >= UNHEALTHY ? 'partial disruption' : 'normal'
}

/** handleDisruption. @returns the zones, and whether the whole cluster was just lost or just came back. */
export function disrupted(
  zones: Tree<Zone>,
  counts: ReadonlyMap<string, Count>,
  at: number,
): readonly [zones: Tree<Zone>, turn: 'lost' | 'back' | undefined] {
  const states = [...counts].map(([key, count]) => [key, stateOf(count), count] as const)
  const allAre = states.every(([, state]) => state === 'full disruption')
  const allWere = states.every(([key]) => zones.get(key)?.state === 'full disruption')
  if (allAre && allWere) return [zones, undefined]
  let next = zones
  for (const [key, state, { ready, notReady }] of states) {
    const zone = zones.get(key) ?? newZone(at)
    const rate = allAre ? 0 : rateOf(state, ready + notReady)
    if (zone.state !== state || zone.rate !== rate) next = next.set(key, limited({ ...zone, state }, rate, at))
  }
  return [next, allAre ? 'lost' : allWere ? 'back' : undefined]
}

const rateOf = (state: ZoneState, nodes: number): number => {
  if (state !== 'partial disruption') return RATE
  return nodes > LARGE ? SECONDARY_RATE : 0
}

/** SwapLimiter: the new one is full, but empty when the old one would let nobody through now, as one of rate 0 never does. */
function limited(zone: Zone, rate: number, at: number): Zone {
  if (zone.rate === rate) return zone
  const { tokens } = filled(zone.bucket, { perSecond: zone.rate, burst: BURST }, at)
  const isOpen = zone.rate > 0 && tokens >= 1
  return { ...zone, rate, bucket: { tokens: isOpen ? BURST : 0, countedAt: at } }
}

export const queued = (zone: Zone, node: string): Zone =>
  zone.queue.includes(node) ? zone : { ...zone, queue: [...zone.queue, node] }
export const unqueued = (zone: Zone, node: string): Zone =>
  zone.queue.includes(node) ? { ...zone, queue: zone.queue.filter((other) => other !== node) } : zone

/** Whose turn it is now, and in how many ms the next one's is (undefined: nobody waits, or nobody is let through). */
export function drained(
  zone: Zone,
  at: number,
): readonly [zone: Zone, nodes: readonly string[], waitMs: number | undefined] {
  let { bucket, queue } = zone
  const nodes: string[] = []
  while (zone.rate > 0) {
    const [first, ...others] = queue
    if (first === undefined) break
    const [left, waitMs] = reserved(bucket, { perSecond: zone.rate, burst: BURST }, at)
    if (waitMs > 0) return [{ ...zone, bucket, queue }, nodes, Math.ceil(waitMs)]
    bucket = left
    queue = others
    nodes.push(first)
  }
  return [{ ...zone, bucket, queue }, nodes, undefined]
}

export const noZones: Tree<Zone> = Tree.of()
