/** The default profile of v1.32: which plugins take part, in their order, and what their scores weigh. */
import type { Plugin } from './framework.ts'
import { imageLocality } from './plugins/image-locality.ts'
import { interPodAffinity } from './plugins/inter-pod-affinity.ts'
import { nodeAffinity } from './plugins/node-affinity.ts'
import { nodeName } from './plugins/node-name.ts'
import { nodePorts } from './plugins/node-ports.ts'
import { nodeResourcesBalancedAllocation } from './plugins/node-resources-balanced-allocation.ts'
import { nodeResourcesFit } from './plugins/node-resources-fit.ts'
import { nodeUnschedulable } from './plugins/node-unschedulable.ts'
import { podTopologySpread } from './plugins/pod-topology-spread.ts'
import { schedulingGates } from './plugins/scheduling-gates.ts'
import { taintToleration } from './plugins/taint-toleration.ts'

export interface Profile {
  readonly schedulerName: string
  /** 0: the more nodes, the smaller the share. */
  readonly percentageOfNodesToScore: number
}
export const DEFAULT_PROFILE: Profile = { schedulerName: 'default-scheduler', percentageOfNodesToScore: 0 }

/** In the order of the default configuration (default_plugins.go); PrioritySort is the order of the active queue. */
export const PLUGINS: readonly Plugin[] = [
  schedulingGates,
  nodeUnschedulable,
  nodeName,
  taintToleration,
  nodeAffinity,
  nodePorts,
  nodeResourcesFit,
  podTopologySpread,
  interPodAffinity,
  nodeResourcesBalancedAllocation,
  imageLocality,
] as readonly Plugin[]

const WEIGHTS: Readonly<Record<string, number>> = {
  TaintToleration: 3,
  NodeAffinity: 2,
  PodTopologySpread: 2,
  InterPodAffinity: 2,
}
export const weightOf = (plugin: string): number => WEIGHTS[plugin] ?? 1
