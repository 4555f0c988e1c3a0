/** One pass of the monitor over all nodes (node_lifecycle_controller.go monitorNodeHealth), and what lies between two. */
import { type Address, type Effect, send, spawn, stop, wake } from '../../../runtime/contract.ts'
import { Tree } from '../../../runtime/tree.ts'
import type { Cache, ControllerInput, Delta } from '../../protocol/cache.ts'
import type { Lease, Node, Pod } from '../../protocol/objects.ts'
import { isReady } from '../kit/pods.ts'
import { readinessOf } from './conditions.ts'
import { type Heartbeat, heard, isOverdue } from './heartbeats.ts'
import { missingLabels } from './labels.ts'
import { executionKey, isTaintedToExecute, NOT_READY, nextTaints, UNREACHABLE } from './taints.ts'
import type { NodeHealthInput, Told } from './words.ts'
import { type Count, disrupted, drained, newZone, queued, unqueued, type Zone, zoneOf } from './zones.ts'

export interface Monitored extends ControllerInput {
  readonly nodes: Tree<Node>
  /** Of the nodes that a pass has seen: they are registered. */
  readonly heartbeats: Tree<Heartbeat>
  readonly zones: Tree<Zone>
  readonly podsOf: Tree<Tree<Pod>>
  /** Nodes that went since the last pass: the next one says so. */
  readonly departed: Tree<true>
  /** Nodes whose pods are still to be marked as not ready (nodesToRetry). */
  readonly unmarked: Tree<true>
}
/** The next node of a zone may be tainted. */
export interface ZoneDue {
  readonly type: 'zone.due'
  readonly zone: string
}
type Decision = readonly [change: Partial<Monitored>, effects: readonly Effect[]]

const NODE_LEASES = 'kube-node-lease'

export function passed(context: Monitored, leases: Cache<Lease>, self: Address, at: number): Decision {
  const effects: Effect[] = []
  const tell = (node: string, event: Told): void => {
    effects.push(send(`${self}/${node}`, event))
  }
  let { heartbeats, zones } = context
  const counts = new Map<string, Count>()
  context.nodes.each((node, name) => {
    const known = heartbeats.get(name)
    const heartbeat = heard(known, node, leases.objects.get(`${NODE_LEASES}/${name}`), at)
    if (heartbeat !== known) heartbeats = heartbeats.set(name, heartbeat)
    if (known === undefined) tell(name, { type: 'node.registered' })
    const key = zoneOf(node)
    let zone = zones.get(key) ?? newZone(at)
    if (!zones.has(key)) zones = zones.set(key, zone)
    const overdue = isOverdue(heartbeat, at)
    const pods = () => context.podsOf.get(name)?.values() ?? []
    if (overdue && readinessOf(node) !== 'Unknown') tell(name, { type: 'heartbeat.stopped', node, pods: pods() })
    else if (context.unmarked.has(name) && isNotReady(node)) tell(name, { type: 'pods.mistaken', pods: pods() })
    const [next, event] = judged(zone, node, name, overdue)
    if (next !== zone) {
      zone = next
      zones = zones.set(key, zone)
    }
    if (event !== undefined) tell(name, event)
    if (!isExcluded(node)) count(counts, key, !overdue && readinessOf(node) === 'True')
  })
  context.departed.each((_, name) => tell(name, { type: 'node.removed' }))
  const [after, turn] = disrupted(zones, counts, at)
  if (turn === 'lost') context.nodes.each((node, name) => tell(name, { type: 'node.reached', node }))
  if (turn === 'back') heartbeats = refreshed(heartbeats, at)
  const [moved, more] = turnsOf(after, context.nodes, self, at)
  return [{ heartbeats, zones: moved, departed: NONE, unmarked: NONE }, [...effects, ...more]]
}

const NONE = Tree.of<true>()

const isNotReady = (node: Node): boolean => (readinessOf(node) ?? 'True') !== 'True'

/** processTaintBaseEviction: by what the node said of itself before this pass. */
function judged(
  zone: Zone,
  node: Node,
  name: string,
  overdue: boolean,
): readonly [zone: Zone, event: Told | undefined] {
  const readiness = readinessOf(node) ?? (overdue ? 'Unknown' : undefined)
  if (readiness === 'True')
    return [
      unqueued(zone, name),
      isTaintedToExecute(node, NOT_READY) || isTaintedToExecute(node, UNREACHABLE)
        ? { type: 'node.reached', node }
        : undefined,
    ]
  // A node that never posted counts as unreachable from the start, but its zone's queue takes it when that is written.
  const key = executionKey(node) ?? (readiness === undefined ? undefined : UNREACHABLE)
  if (key === undefined || isTaintedToExecute(node, key)) return [zone, undefined]
  if (isTaintedToExecute(node, key === NOT_READY ? UNREACHABLE : NOT_READY))
    return [zone, { type: 'taint.mistaken', node }]
  return [queued(zone, name), undefined]
}

/** isNodeExcludedFromDisruptionChecks */
const isExcluded = ({ metadata }: Node): boolean =>
  metadata.labels?.['node.kubernetes.io/exclude-disruption'] !== undefined

function count(counts: Map<string, Count>, zone: string, isReadyNow: boolean): void {
  const { ready, notReady } = counts.get(zone) ?? { ready: 0, notReady: 0 }
  counts.set(zone, isReadyNow ? { ready: ready + 1, notReady } : { ready, notReady: notReady + 1 })
}

/** After all was lost nobody's silence counts. */
function refreshed(heartbeats: Tree<Heartbeat>, at: number): Tree<Heartbeat> {
  let all = heartbeats
  heartbeats.each((heartbeat, name) => {
    all = all.set(name, { ...heartbeat, heardAt: at })
  })
  return all
}

/** doNoExecuteTaintingPass of every zone in which somebody waits. */
function turnsOf(
  zones: Tree<Zone>,
  known: Tree<Node>,
  self: Address,
  at: number,
): readonly [Tree<Zone>, readonly Effect[]] {
  let all = zones
  const effects: Effect[] = []
  zones.each((zone, key) => {
    if (zone.queue.length === 0) return
    const [moved, more] = turns(zone, key, known, self, at)
    all = all.set(key, moved)
    effects.push(...more)
  })
  return [all, effects]
}
function turns(
  zone: Zone,
  key: string,
  known: Tree<Node>,
  self: Address,
  at: number,
): readonly [Zone, readonly Effect[]] {
  const [moved, names, waitMs] = drained(zone, at)
  const due: ZoneDue = { type: 'zone.due', zone: key }
  const turned = names.flatMap((name) => {
    const node = known.get(name)
    return node === undefined ? [] : [send(`${self}/${name}`, { type: 'turn.came', node } satisfies Told)]
  })
  return [moved, waitMs === undefined ? turned : [...turned, wake(`zone ${key}`, waitMs, due)]]
}

export function zoneCameDue({ zones, nodes }: Monitored, key: string, self: Address, at: number): Decision {
  const zone = zones.get(key)
  if (zone === undefined) return [{}, []]
  const [moved, effects] = turns(zone, key, nodes, self, at)
  return [{ zones: zones.set(key, moved) }, effects]
}

/** Nodes that came, went or changed in a way that concerns their actor. */
export function nodesChanged(context: Monitored, deltas: readonly Delta[], self: Address, at: number): Decision {
  let next = context
  const effects: Effect[] = []
  for (const { key, was, now } of deltas as readonly Delta<Node>[]) {
    const isNew = was?.metadata.uid !== now?.metadata.uid
    if (was !== undefined && isNew) next = departed(next, was, key)
    if (now === undefined) continue
    const address = `${self}/${key}`
    if (isNew) effects.push(stop(address), spawn(address, 'node-health', inputOf(next, self, now)))
    else if (concerns(was, now, at)) effects.push(send(address, { type: 'node.changed', node: now } satisfies Told))
    next = { ...next, nodes: next.nodes.set(key, now), departed: isNew ? next.departed.delete(key) : next.departed }
  }
  const { nodes, heartbeats, zones } = next
  return [{ nodes, heartbeats, zones, departed: next.departed }, effects]
}

function departed(context: Monitored, was: Node, key: string): Monitored {
  const { nodes, heartbeats, zones } = context
  const zone = zones.get(zoneOf(was))
  return {
    ...context,
    nodes: nodes.delete(key),
    heartbeats: heartbeats.delete(key),
    zones: zone === undefined ? zones : zones.set(zoneOf(was), unqueued(zone, key)),
    departed: context.departed.set(key, true),
  }
}

const concerns = (was: Node | undefined, now: Node, at: number): boolean =>
  was === undefined ||
  readinessOf(was) !== readinessOf(now) ||
  was.spec?.taints !== now.spec?.taints ||
  nextTaints(now, 'as it is', at) !== undefined ||
  missingLabels(now) !== undefined

function inputOf(
  { apiserver, user, recorder, reflectors }: ControllerInput,
  monitor: Address,
  node: Node,
): NodeHealthInput {
  return { apiserver, user, recorder, reflectors, monitor, node }
}

/** podUpdated, processPod: a pod that comes to a node that is not ready, and is ready. What becomes of it there is not looked at. */
export function podsChanged(
  { nodes, heartbeats }: Monitored,
  deltas: readonly Delta[],
  self: Address,
): readonly Effect[] {
  return (deltas as readonly Delta<Pod>[]).flatMap(({ was, now }) => {
    const name = now?.spec.nodeName
    if (now === undefined || name === undefined || name === was?.spec.nodeName) return []
    if (!isReady(now) || !heartbeats.has(name)) return []
    if (!isNotReady(nodes.get(name) as Node)) return []
    return [send(`${self}/${name}`, { type: 'pod.mistaken', pod: now } satisfies Told)]
  })
}
