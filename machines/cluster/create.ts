/** `createCluster`: from options to a cluster whose nodes are ready. */
import type { AnyStateMachine } from 'xstate'
import { compiledLogic, interpreted, type Logic, trustedLogic } from '../../runtime/logic.ts'
import { replay } from '../../runtime/record.ts'
import type { Sink } from '../../runtime/trace.ts'
import { type Options, World } from '../../runtime/world.ts'
import { extended, type Profile } from '../lib/schema.ts'
import { machines } from '../machines.ts'
import v132 from '../profiles/v1.32/index.ts'
import { Cluster } from './cluster.ts'
import { controllersOf } from './controllers.ts'
import { nodesIn, restorable } from './dump.ts'
import { type Attempt, AttemptsSeen, placeOf } from './explaining.ts'
import { fakeNodesOf, hasOutsideEtcd, hostsOf, membersOf, workersOf } from './layout.ts'
import { type ClusterOptions, completed } from './options.ts'
import { processesOf } from './processes.ts'
import { restore } from './restore.ts'

/** How long a cluster may take from power-on until all its nodes are ready. */
const READY_WITHIN_MS = 300_000
/** And for each of them: thousands are made one after another. */
const READY_WITHIN_MS_EACH = 100

/**
 * A cluster in virtual time, from power-on to all nodes Ready.
 * @param sink observes it from power-on; what observes `cluster.world` sees what comes after
 * @param meet is shown its world before the power comes on
 * @throws {BadOptions} for options that make no cluster; {NeverHappened} when it does not get ready
 */
export function createCluster(
  options: Partial<ClusterOptions> = {},
  sink?: Sink,
  meet?: (world: World) => void,
): Cluster {
  const complete = completed(options)
  const cluster = switchedOn(complete, sink, meet)
  if (complete.ready) {
    const nodes = [...workersOf(complete), ...fakeNodesOf(complete)]
    cluster.runUntil(allReady(cluster, nodes), { within: READY_WITHIN_MS + READY_WITHIN_MS_EACH * nodes.length })
    if (nodes.length === 0) untilAnswered(cluster)
    if (complete.objects.length > 0 && nodesIn(complete.objects).size === 0) cluster.apply(complete.objects)
  }
  return cluster.begun()
}

/**
 * Whether these nodes are Ready. Looks on from the one that it last waited for: asking them all each time would cost more
 * than the cluster.
 */
export function allReady(cluster: Cluster, nodes: readonly string[]): () => boolean {
  let ready = 0
  return () => {
    if (cluster.revision === 0) return false
    while (ready < nodes.length && cluster.node(nodes[ready] as string).ready) ready++
    return ready === nodes.length
  }
}

/** A cluster without nodes, to whose readiness they would testify, is ready when its API answers. */
function untilAnswered(cluster: Cluster): void {
  const asked = { command: 'get', resource: 'namespaces', name: 'default' } as const
  while (cluster.now < READY_WITHIN_MS && cluster.kubectl.attempt(asked).code !== 0) cluster.run(500)
}

function switchedOn(options: ClusterOptions, sink?: Sink, meet?: (world: World) => void): Cluster {
  const { seed, epochMs, latencies, diskMs, strict } = options
  const profile: Profile = extended(v132, options.resources)
  const world = new World(logicsOf(options), { seed, epochMs, latencies, diskMs, checks: CHECKS, strict })
  if (sink !== undefined) world.observe(sink)
  // Played by whoever carries what is asked to a real etcd; a replay has the answers already.
  if (hasOutsideEtcd(options)) for (const member of membersOf(options)) world.bindOutside(member, () => undefined)
  meet?.(world)
  const hosts = hostsOf(options, processesOf(options))
  for (const { name, input } of hosts) world.addHost(name, { address: `host/${name}`, machine: 'host', input })
  const given = nodesIn(options.objects)
  for (const { name } of hosts) if (!given.has(name)) world.boot(name)
  // Nodes that exist already come on when everything is there.
  if (given.size > 0) restore(world, restorable(options.objects, profile, epochMs))
  for (const name of given.keys()) world.boot(name)
  return new Cluster(world, options, profile)
}

/** etcd's clients ping by gRPC (30 s, and 10 s more); the kubelet does not: it talks to containerd over a socket. */
const CHECKS: Options['checks'] = { etcd: 40_000, containerd: null }

const compiled = new WeakMap<AnyStateMachine, Logic>()

/** Every machine once per process: compiled, or as XState steps it. The user's own of an id take the place of ours. */
export function logicsOf(options: ClusterOptions): ReadonlyMap<string, Logic> {
  const { machines: own, permitPlugins, interpreted: byXState } = options
  const all = [...machines, ...controllersOf(options).flatMap(({ machines }) => machines), ...permitPlugins, ...own]
  return new Map(all.map((machine) => [machine.id, byXState ? interpreted(machine) : compiledOnce(machine)]))
}

const OURS: ReadonlySet<AnyStateMachine> = new Set(machines)

/** That ours are in order is known: the tests look at every chart. Theirs are looked at here. */
function compiledOnce(machine: AnyStateMachine): Logic {
  const known = compiled.get(machine)
  if (known !== undefined) return known
  const logic = OURS.has(machine) ? trustedLogic(machine) : compiledLogic(machine)
  compiled.set(machine, logic)
  return logic
}

/** Every attempt of the scheduler to place a pod, all plugins heard. The run is lived again for it. @param subject `pod/web-1` */
export function attempts(cluster: Cluster, subject: string): readonly Attempt[] {
  const { namespace, name } = placeOf(subject)
  const { recording } = cluster
  let seen: AttemptsSeen | undefined
  const again = createCluster(recording.setting, undefined, (world) => {
    seen = new AttemptsSeen(world, (key) => key === `${namespace}/${name}`)
  })
  replay(again.world, recording)
  return seen?.all ?? []
}
