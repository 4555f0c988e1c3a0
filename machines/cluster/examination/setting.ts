/**
 * The small cluster in which a controller is examined: etcd, two API servers, and a controller manager of its own host
 * that runs the controller and whom it needs. Nothing else writes, and every connection of it can be disturbed.
 */
import type { Address } from '../../../runtime/contract.ts'
import { World } from '../../../runtime/world.ts'
import { controllerManager } from '../../controller-manager/parts.ts'
import type { LeadingProcessInput, Part } from '../../controllers/kit/leading-process.ts'
import type { Listed } from '../../controllers/kit/listed.ts'
import { extended } from '../../lib/schema.ts'
import v132 from '../../profiles/v1.32/index.ts'
import type { HostInput, UnitInput } from '../../protocol/host.ts'
import type { ResourceName } from '../../protocol/objects.ts'
import { Cluster } from '../cluster.ts'
import { logicsOf } from '../create.ts'
import { STATIC_POD, unit } from '../layout.ts'
import { type ClusterOptions, completed } from '../options.ts'
import { processesOf } from '../processes.ts'
import type { Exam } from './exam.ts'

export const MANAGER: Address = 'kube-controller-manager/manager'
/** The API server that the manager writes to, and the one beside it. */
export const NEAR: Address = 'kube-apiserver/cp-1'
export const FAR: Address = 'kube-apiserver/cp-2'
/** From which API server the manager's reflectors read; `both`: every second one from the other. */
export type Reads = 'near' | 'far' | 'both'

const BOOT_MS = 500
const API_IS_THERE_MS = 8_000

/** A booted cluster without a manager: each examination begins with a fork of it. */
export function bootedFor(exam: Exam): Cluster {
  const listed = [exam.controller, ...(exam.companions ?? [])]
  const options = completed({
    nodes: 0,
    controlPlanes: 2,
    etcd: 1,
    bootMs: BOOT_MS,
    controllers: listed,
    resources: exam.resources ?? [],
  })
  const { seed, epochMs, latencies, diskMs, strict } = options
  const world = new World(logicsOf(options), { seed, epochMs, latencies, diskMs, strict })
  for (const [host, units] of controlPlanes(options)) switchOn(world, host, units)
  const cluster = new Cluster(world, options, extended(v132, options.resources))
  cluster.run(API_IS_THERE_MS)
  return cluster
}

function controlPlanes(options: ClusterOptions): readonly (readonly [string, readonly UnitInput[]])[] {
  const processes = processesOf(options)
  const members = ['etcd/cp-1']
  const etcd = unit('etcd/cp-1', 'etcd', processes.etcd('cp-1', members), STATIC_POD)
  const server = (host: string): UnitInput =>
    unit(`kube-apiserver/${host}`, 'kube-apiserver', processes.apiserver(host, members), STATIC_POD)
  return [
    ['cp-1', [etcd, server('cp-1')]],
    ['cp-2', [server('cp-2')]],
  ]
}

function switchOn(world: World, name: string, units: readonly UnitInput[]): void {
  const input: HostInput = { bootMs: BOOT_MS, units }
  world.addHost(name, { address: `host/${name}`, machine: 'host', input })
  world.boot(name)
}

/** Lets the controller manager begin: from now on the controller is at work. */
export function employ({ world }: Cluster, exam: Exam, reads: Reads): void {
  const members = [exam.controller, ...(exam.companions ?? [])].map(({ member }: Listed) => member)
  const input = controllerManager('manager', NEAR, members, { rate: undefined })
  switchOn(world, 'manager', [unit(MANAGER, 'leading-process', reading(input, reads), STATIC_POD)])
}

function reading(input: LeadingProcessInput, reads: Reads): LeadingProcessInput {
  let count = 0
  const leading = input.leading.map((part): Part => {
    if (part.machine !== 'reflector') return part
    const isFar = reads === 'far' || (reads === 'both' && count++ % 2 === 1)
    return isFar ? { ...part, input: { ...(part.input as object), apiserver: FAR } } : part
  })
  return { ...input, leading }
}

export const reflectorOf = (resource: ResourceName): Address => `reflector/manager/kube-controller-manager/${resource}`

/** The reflectors of a manager, by the resources that they hold. */
export const reflectorsOf = ({ controller, companions = [] }: Exam): readonly Address[] =>
  [...new Set([controller, ...companions].flatMap(({ member }) => member.caches.map(({ resource }) => resource)))].map(
    (resource) => `reflector/manager/kube-controller-manager/${resource}`,
  )
