/**
 * The CNI plugin `bridge`: a pair of interfaces between a network namespace and a bridge of the node, with addresses of
 * host-local. What is made before a failure stays until DEL.
 *
 * Modelled on containernetworking/plugins v1.1.1, plugins/main/bridge/bridge.go.
 */

import { Tree } from '../../runtime/tree.ts'
import { joined } from '../lib/joined.ts'
import { type Allocations, noAllocations, type Refused, type Reserved, release, reserve } from './host-local.ts'
import type { RangeConfig } from './range-set.ts'

export interface NetworkConfig {
  /** The name of the bridge. */
  readonly bridge: string
  readonly ranges: readonly (readonly RangeConfig[])[]
  /** Passed on to the container as they are. */
  readonly routes?: readonly Route[]
}
export interface Route {
  readonly dst: string
}
/** The network of the pods of a node, with one range. */
export const networkOf = (range: RangeConfig): NetworkConfig => ({ bridge: 'cni0', ranges: [[range]] })

export interface Attachments extends Allocations {
  /** Network namespaces that have their `eth0`: it is made before an address is asked for. */
  readonly interfaces: Tree<true>
}
export const noAttachments: Attachments = { ...noAllocations, interfaces: Tree.of<true>() }

export interface Added {
  readonly ips: readonly Reserved[]
  /** The bridge, the node's end of the pair (its name is drawn by the kernel), the container's. */
  readonly interfaces: readonly string[]
  readonly routes: readonly Route[] | null
  readonly allocations: Attachments
}
/** What the runtime passes with the call. */
export interface Arguments {
  readonly requested?: readonly string[]
  /** A namespace that does not exist. */
  readonly missingNetns?: string
}

const INTERFACE = 'eth0'

/** CNI ADD. */
export function add(
  { bridge, ranges, routes = [] }: NetworkConfig,
  was: Attachments,
  container: string,
  { requested = [], missingNetns }: Arguments = {},
): Added | Refused<Attachments> {
  if (missingNetns !== undefined) {
    const why = `failed to Statfs "${missingNetns}": no such file or directory`
    return { error: `failed to open netns "${missingNetns}": ${why}`, allocations: was }
  }
  if (was.interfaces.has(container))
    return { error: `container veth name provided (${INTERFACE}) already exists`, allocations: was }
  const interfaces = was.interfaces.set(container, true)
  const given = reserve(ranges, was, container, requested)
  const allocations = joined(given.allocations, { interfaces })
  if ('error' in given) return { error: given.error, allocations }
  return {
    ips: given.ips,
    interfaces: [bridge, 'veth', INTERFACE],
    routes: routes.length === 0 ? null : routes,
    allocations,
  }
}

/** CNI DEL: succeeds whether or not there is anything to take away, the namespace included. */
export const del = (was: Attachments, container: string): Attachments => ({
  ...release(was, container),
  interfaces: was.interfaces.delete(container),
})

/** CNI CHECK: is all there that ADD had told? @returns what is wrong */
export function check(
  { bridge }: NetworkConfig,
  { interfaces, byAddress }: Attachments,
  container: string,
  told: Pick<Added, 'interfaces' | 'ips'>,
): string | undefined {
  if (!told.interfaces.includes(bridge) || !told.interfaces.includes(INTERFACE)) return 'Interface name missing '
  if (!interfaces.has(container)) return `interface ${INTERFACE} not found`
  const lost = told.ips.find(({ ip }) => byAddress.get(ip) !== container)
  return lost === undefined ? undefined : `host-local: Failed to find address added by container ${container}`
}

/** CNI VERSION. */
export const VERSIONS = {
  cniVersion: '1.0.0',
  supportedVersions: ['0.1.0', '0.2.0', '0.3.0', '0.3.1', '0.4.0', '1.0.0'],
}
