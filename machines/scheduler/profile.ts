/** A profile of the scheduler, as data: which plugins take part where, in which order, what their scores weigh. */

import { INTER_POD_AFFINITY_ARGS, type InterPodAffinityArgs } from './plugins/inter-pod-affinity.ts'
import type { NodeAffinityArgs } from './plugins/node-affinity.ts'
import type { BalancedAllocationArgs } from './plugins/node-resources-balanced-allocation.ts'
import { CPU_AND_MEMORY, NODE_RESOURCES_FIT_ARGS, type NodeResourcesFitArgs } from './plugins/node-resources-fit.ts'
import type { DefaultPreemptionArgs } from './preemption.ts'
import { type SpreadDefaults, SYSTEM_DEFAULTS } from './spreading.ts'

export const POINTS = [
  'preEnqueue',
  'queueSort',
  'preFilter',
  'filter',
  'postFilter',
  'preScore',
  'score',
  'reserve',
  'permit',
  'preBind',
  'bind',
  'postBind',
] as const
export type Point = (typeof POINTS)[number]

export interface EnabledPlugin {
  readonly name: string
  /** Of its score. */
  readonly weight: number
}
export interface PluginArgs {
  readonly DefaultPreemption: DefaultPreemptionArgs
  readonly InterPodAffinity: InterPodAffinityArgs
  readonly NodeAffinity: NodeAffinityArgs
  readonly NodeResourcesBalancedAllocation: BalancedAllocationArgs
  readonly NodeResourcesFit: NodeResourcesFitArgs
  readonly PodTopologySpread: SpreadDefaults
  readonly VolumeBinding: { readonly bindTimeoutSeconds: number }
}
export interface Profile {
  readonly schedulerName: string
  /** 0: the more nodes, the smaller the share. */
  readonly percentageOfNodesToScore: number
  /** By extension point, in order. */
  readonly plugins: Readonly<Record<Point, readonly EnabledPlugin[]>>
  readonly args: PluginArgs
}

/** default_plugins.go: every plugin takes part wherever it has something to say. */
export const DEFAULT_PLUGINS: readonly EnabledPlugin[] = [
  { name: 'SchedulingGates', weight: 0 },
  { name: 'PrioritySort', weight: 0 },
  { name: 'NodeUnschedulable', weight: 0 },
  { name: 'NodeName', weight: 0 },
  { name: 'TaintToleration', weight: 3 },
  { name: 'NodeAffinity', weight: 2 },
  { name: 'NodePorts', weight: 0 },
  { name: 'NodeResourcesFit', weight: 1 },
  { name: 'VolumeRestrictions', weight: 0 },
  { name: 'NodeVolumeLimits', weight: 0 },
  { name: 'VolumeBinding', weight: 0 },
  { name: 'VolumeZone', weight: 0 },
  { name: 'PodTopologySpread', weight: 2 },
  { name: 'InterPodAffinity', weight: 2 },
  { name: 'DefaultPreemption', weight: 0 },
  { name: 'NodeResourcesBalancedAllocation', weight: 1 },
  { name: 'ImageLocality', weight: 1 },
  { name: 'DefaultBinder', weight: 0 },
]

/** Where each plugin of the tree has something to say (the interfaces that it implements). */
export const IMPLEMENTED: Readonly<Record<string, readonly Point[]>> = {
  SchedulingGates: ['preEnqueue'],
  PrioritySort: ['queueSort'],
  NodeUnschedulable: ['filter'],
  NodeName: ['filter'],
  TaintToleration: ['filter', 'preScore', 'score'],
  NodeAffinity: ['preFilter', 'filter', 'preScore', 'score'],
  NodePorts: ['preFilter', 'filter'],
  NodeResourcesFit: ['preFilter', 'filter', 'preScore', 'score'],
  VolumeRestrictions: ['preFilter', 'filter'],
  NodeVolumeLimits: ['preFilter', 'filter'],
  VolumeBinding: ['preFilter', 'filter', 'preScore', 'score', 'reserve', 'preBind'],
  VolumeZone: ['preFilter', 'filter'],
  PodTopologySpread: ['preFilter', 'filter', 'preScore', 'score'],
  InterPodAffinity: ['preFilter', 'filter', 'preScore', 'score'],
  DefaultPreemption: ['preEnqueue', 'postFilter'],
  NodeResourcesBalancedAllocation: ['preScore', 'score'],
  ImageLocality: ['score'],
  DefaultBinder: ['bind'],
}

export const DEFAULT_ARGS: PluginArgs = {
  DefaultPreemption: { minCandidateNodesPercentage: 10, minCandidateNodesAbsolute: 100 },
  InterPodAffinity: INTER_POD_AFFINITY_ARGS,
  NodeAffinity: {},
  NodeResourcesBalancedAllocation: { resources: CPU_AND_MEMORY },
  NodeResourcesFit: NODE_RESOURCES_FIT_ARGS,
  PodTopologySpread: SYSTEM_DEFAULTS,
  VolumeBinding: { bindTimeoutSeconds: 600 },
}

/** These plugins, each wherever it has something to say. */
export function everywhere(plugins: readonly EnabledPlugin[]): Profile['plugins'] {
  const at = (point: Point) => plugins.filter(({ name }) => IMPLEMENTED[name]?.includes(point))
  return Object.fromEntries(POINTS.map((point) => [point, at(point)])) as unknown as Profile['plugins']
}

export const DEFAULT_PROFILE: Profile = {
  schedulerName: 'default-scheduler',
  percentageOfNodesToScore: 0,
  plugins: everywhere(DEFAULT_PLUGINS),
  args: DEFAULT_ARGS,
}
