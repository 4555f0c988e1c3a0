/** NodeResourcesFit: the node has room for what the pod asks; how full it would be is scored by a strategy. */
import { type Plugin, unschedulable } from '../framework.ts'
import type { NodeInfo } from '../node-info.ts'
import type { PodInfo } from '../pod-info.ts'
import type { Resources } from '../resources.ts'
import { asked, type ScoringStrategy, scorerOf } from '../scoring-strategy.ts'

export interface NodeResourcesFitArgs {
  /** Extended resources that somebody else looks after, by name and by the part before the slash. */
  readonly ignoredResources: readonly string[]
  readonly ignoredResourceGroups: readonly string[]
  readonly scoringStrategy: ScoringStrategy
}
export const CPU_AND_MEMORY = [
  { name: 'cpu', weight: 1 },
  { name: 'memory', weight: 1 },
] as const
export const NODE_RESOURCES_FIT_ARGS: NodeResourcesFitArgs = {
  ignoredResources: [],
  ignoredResourceGroups: [],
  scoringStrategy: { type: 'LeastAllocated', resources: CPU_AND_MEMORY },
}

export function nodeResourcesFit(args: NodeResourcesFitArgs): Plugin<unknown, readonly number[]> {
  const { resources } = args.scoringStrategy
  const scorer = scorerOf(args.scoringStrategy)
  return {
    name: 'NodeResourcesFit',
    sign: ({ requests, nonZero }) => [requests, nonZero],
    preFilter: () => ({ state: undefined }),
    filter(pod, node) {
      const missing = insufficient(pod, node, args)
      return missing.length === 0 ? undefined : unschedulable(...missing)
    },
    preScore: (pod) => ({ state: asked(pod, resources, true) }),
    score: (_, node, asks) => scorer(node, asks),
  }
}

/** fitsRequest. What is not asked for may be exceeded already. */
export function insufficient(
  { requests }: PodInfo,
  { allowedPods, pods, allocatable, requested }: NodeInfo,
  ignored: Ignored = NODE_RESOURCES_FIT_ARGS,
): readonly string[] {
  let missing = NOTHING_MISSING
  if (pods.size + 1 > allowedPods) missing = ['Too many pods']
  if (isShort(requests.milliCpu, allocatable.milliCpu - requested.milliCpu)) missing = [...missing, 'Insufficient cpu']
  if (isShort(requests.memoryBytes, allocatable.memoryBytes - requested.memoryBytes))
    missing = [...missing, 'Insufficient memory']
  if (isShort(requests.ephemeralStorageBytes, allocatable.ephemeralStorageBytes - requested.ephemeralStorageBytes))
    missing = [...missing, 'Insufficient ephemeral-storage']
  return Object.keys(requests.scalar).length > 0
    ? [...missing, ...insufficientScalars(requests, allocatable, requested, ignored)]
    : missing
}
type Ignored = Pick<NodeResourcesFitArgs, 'ignoredResources' | 'ignoredResourceGroups'>
const NOTHING_MISSING: readonly string[] = []
const isShort = (ask: number, free: number): boolean => ask > 0 && ask > free

/** In the order of their names: the real order is random. */
const insufficientScalars = (
  { scalar }: Resources,
  allocatable: Resources,
  requested: Resources,
  ignored: Ignored,
): readonly string[] =>
  Object.keys(scalar)
    .sort()
    .filter((name) => !isIgnored(name, ignored))
    .filter((name) => isShort(scalar[name] ?? 0, (allocatable.scalar[name] ?? 0) - (requested.scalar[name] ?? 0)))
    .map((name) => `Insufficient ${name}`)

const isIgnored = (name: string, { ignoredResources, ignoredResourceGroups }: Ignored): boolean =>
  isExtended(name) &&
  (ignoredResources.includes(name) || ignoredResourceGroups.includes(name.slice(0, name.indexOf('/'))))

/** v1helper.IsExtendedResourceName: of a domain, and not of Kubernetes' own. */
const isExtended = (name: string): boolean => name.includes('/') && !name.includes('kubernetes.io/')
