/** The arguments of plugins as users write them, with their defaults and limits (apis/config/validation). */
import type { core } from '../../protocol/objects.ts'
import { errorIn } from '../node-selector.ts'
import type { NodeAffinityArgs } from '../plugins/node-affinity.ts'
import type { BalancedAllocationArgs } from '../plugins/node-resources-balanced-allocation.ts'
import { CPU_AND_MEMORY, type NodeResourcesFitArgs } from '../plugins/node-resources-fit.ts'
import type { DefaultPreemptionArgs } from '../preemption.ts'
import { DEFAULT_ARGS, type PluginArgs } from '../profile.ts'
import type { ResourceSpec, ScoringStrategy, ShapePoint } from '../scoring-strategy.ts'
import { type SpreadDefaults, SYSTEM_DEFAULTS } from '../spreading.ts'
import type { Reading } from './reading.ts'

type Readers = { readonly [Name in keyof PluginArgs]: (args: Reading) => PluginArgs[Name] }

/** By the plugin's name. */
export const READERS: Readers = {
  DefaultPreemption: defaultPreemption,
  InterPodAffinity(args) {
    known(args, 'hardPodAffinityWeight', 'ignorePreferredTermsOfExistingPods')
    const weight = args.at('hardPodAffinityWeight').within(0, 100, 'not in valid range [0, 100]', 1)
    const ignores = args.at('ignorePreferredTermsOfExistingPods').yes(false)
    return { hardPodAffinityWeight: weight, ignorePreferredTermsOfExistingPods: ignores }
  },
  NodeAffinity: nodeAffinity,
  NodeResourcesBalancedAllocation: balancedAllocation,
  NodeResourcesFit: resourcesFit,
  PodTopologySpread: topologySpread,
  VolumeBinding(args) {
    known(args, 'bindTimeoutSeconds', 'shape')
    const rule = 'invalid BindTimeoutSeconds, should not be a negative value'
    const shape = args.at('shape')
    if (shape.isThere)
      shape.invalid('unexpected field `shape`, remove it or turn on the feature gate VolumeCapacityPriority')
    return { bindTimeoutSeconds: args.at('bindTimeoutSeconds').within(0, Number.MAX_SAFE_INTEGER, rule, 600) }
  },
}

/** Every kind of arguments may say which kind it is. */
const known = (args: Reading, ...fields: readonly string[]): Reading => args.knows('apiVersion', 'kind', ...fields)

function defaultPreemption(args: Reading): DefaultPreemptionArgs {
  known(args, 'minCandidateNodesPercentage', 'minCandidateNodesAbsolute')
  const [percentage, absolute] = [args.at('minCandidateNodesPercentage'), args.at('minCandidateNodesAbsolute')]
  const read = {
    minCandidateNodesPercentage: percentage.within(0, 100, 'not in valid range [0, 100]', 10),
    minCandidateNodesAbsolute: absolute.within(0, Number.MAX_SAFE_INTEGER, 'not in valid range [0, inf)', 100),
  }
  if (read.minCandidateNodesPercentage + read.minCandidateNodesAbsolute === 0) {
    percentage.invalid('cannot be zero at the same time as minCandidateNodesAbsolute')
    absolute.invalid('cannot be zero at the same time as minCandidateNodesPercentage')
  }
  return read
}

function nodeAffinity(args: Reading): NodeAffinityArgs {
  known(args, 'addedAffinity')
  const added = args.at('addedAffinity').knows(REQUIRED, PREFERRED)
  if (!added.isThere) return {}
  const terms = added.at(REQUIRED).at('nodeSelectorTerms')
  check(
    terms,
    terms.items().map(({ value }) => value as core.NodeSelectorTerm),
  )
  const preferred = added.at(PREFERRED)
  check(
    preferred,
    preferred.items().map((item) => item.at('preference').value as core.NodeSelectorTerm),
  )
  return { addedAffinity: added.value as core.NodeAffinity }
}
const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution'
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution'
function check(at: Reading, terms: readonly core.NodeSelectorTerm[]): void {
  const error = errorIn(terms.map((term) => term ?? {}))
  if (error !== undefined) at.wrong(error)
}

function balancedAllocation(args: Reading): BalancedAllocationArgs {
  known(args, 'resources')
  const resources = resourcesAt(args.at('resources'))
  const seen = new Set<string>()
  args
    .at('resources')
    .items()
    .forEach((item, i) => {
      const { name, weight } = resources[i] as ResourceSpec
      if (seen.has(name)) item.at('name').wrong(`Duplicate value: "${name}"`)
      if (weight !== 1) item.at('weight').invalid('must be 1')
      seen.add(name)
    })
  return { resources }
}

const resourcesAt = (at: Reading): readonly ResourceSpec[] => {
  const read = at.items().map((item) => {
    item.knows('name', 'weight')
    return { name: item.at('name').text(''), weight: item.at('weight').whole(1) || 1 }
  })
  return read.length === 0 ? CPU_AND_MEMORY : read
}

function resourcesFit(args: Reading): NodeResourcesFitArgs {
  known(args, 'ignoredResources', 'ignoredResourceGroups', 'scoringStrategy')
  const groups = args.at('ignoredResourceGroups').items()
  for (const group of groups) if (group.text('').includes('/')) group.invalid("resource group name can't contain '/'")
  return {
    ignoredResources: args
      .at('ignoredResources')
      .items()
      .map((one) => one.text('')),
    ignoredResourceGroups: groups.map((one) => one.text('')),
    scoringStrategy: strategyAt(args.at('scoringStrategy')),
  }
}

const STRATEGIES = ['LeastAllocated', 'MostAllocated', 'RequestedToCapacityRatio'] as const
function strategyAt(at: Reading): ScoringStrategy {
  if (!at.isThere) return DEFAULT_ARGS.NodeResourcesFit.scoringStrategy
  at.knows('type', 'resources', 'requestedToCapacityRatio')
  const type = at.at('type').oneOf(STRATEGIES, 'LeastAllocated')
  const resources = resourcesAt(at.at('resources'))
  at.at('resources')
    .items()
    .forEach((item, i) => {
      const { name, weight } = resources[i] as ResourceSpec
      if (weight <= 0 || weight > 100)
        item.at('weight').invalid(`resource weight of ${name} not in valid range (0, 100]`)
    })
  const ratio = at.at('requestedToCapacityRatio').knows('shape')
  return { type, resources, ...(ratio.isThere ? { shape: shapeAt(ratio.at('shape')) } : {}) }
}

/** validateFunctionShape. */
function shapeAt(at: Reading): readonly ShapePoint[] {
  const points = at.items()
  if (points.length === 0) at.wrong('Required value: at least one point must be specified')
  let last = Number.NEGATIVE_INFINITY
  return points.map((point) => {
    point.knows('utilization', 'score')
    const utilization = point.at('utilization').within(0, 100, 'not in valid range [0, 100]', 0)
    if (utilization <= last) point.at('utilization').invalid('utilization values must be sorted in increasing order')
    last = utilization
    return { utilization, score: point.at('score').within(0, 10, 'not in valid range [0, 10]', 0) }
  })
}

function topologySpread(args: Reading): SpreadDefaults {
  known(args, 'defaultConstraints', 'defaultingType')
  const type = args.at('defaultingType').oneOf(['System', 'List'], 'System')
  const constraints = args.at('defaultConstraints').items()
  if (type === 'System' && constraints.length > 0)
    args.at('defaultingType').invalid('when .defaultConstraints are not empty')
  const seen = new Set<string>()
  const read = constraints.map((one) => constraintAt(one, seen))
  return type === 'System' ? SYSTEM_DEFAULTS : { constraints: read, system: false }
}

const ACTIONS = ['DoNotSchedule', 'ScheduleAnyway'] as const
function constraintAt(at: Reading, seen: Set<string>): core.TopologySpreadConstraint {
  const maxSkew = at.at('maxSkew').whole(0)
  if (maxSkew <= 0) at.at('maxSkew').wrong(`Invalid value: ${maxSkew}: not in valid range (0, inf)`)
  const [topologyKey, action] = [at.at('topologyKey').text(''), at.at('whenUnsatisfiable')]
  if (topologyKey === '') at.at('topologyKey').wrong('Required value: can not be empty')
  if (!action.isThere) action.wrong('Required value: can not be empty')
  const whenUnsatisfiable = action.isThere ? action.oneOf(ACTIONS, 'DoNotSchedule') : 'DoNotSchedule'
  if (at.at('labelSelector').isThere)
    at.at('labelSelector').wrong('Forbidden: constraint must not define a selector, as they deduced for each pod')
  const both = `{${topologyKey}, ${whenUnsatisfiable}}`
  if (seen.has(both)) at.wrong(`Duplicate value: "${both}"`)
  seen.add(both)
  return { ...(at.value as core.TopologySpreadConstraint), maxSkew, topologyKey, whenUnsatisfiable }
}
