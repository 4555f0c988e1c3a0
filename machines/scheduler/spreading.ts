/** Topology spread constraints as plugins use them: those of the pod, or the cluster's default ones. */

import { joined } from '../lib/joined.ts'
import { labelsMatch } from '../lib/selector.ts'
import type { core, LabelSelector, Node, Pod } from '../protocol/objects.ts'
import type { Snapshot } from './cache.ts'
import { isEmpty } from './labels.ts'
import { matchesRequired } from './node-selector.ts'
import type { PodInfo } from './pod-info.ts'
import { untolerated } from './tolerations.ts'
import { HOSTNAME } from './topology.ts'

export interface Constraint {
  readonly maxSkew: number
  readonly topologyKey: string
  readonly selector: LabelSelector | undefined
  readonly minDomains: number
  readonly honorsAffinity: boolean
  readonly honorsTaints: boolean
}
type Action = 'DoNotSchedule' | 'ScheduleAnyway'

const ZONE = 'topology.kubernetes.io/zone'
/** The constraints of pods that have none of their own. */
export interface SpreadDefaults {
  readonly constraints: readonly core.TopologySpreadConstraint[]
  /** The system's own defaults are lenient: nodes that lack a key count all the same. */
  readonly system: boolean
}
/** The system's defaults: only preferred, first over nodes, then over zones. */
export const SYSTEM_DEFAULTS: SpreadDefaults = {
  constraints: [
    { maxSkew: 3, topologyKey: HOSTNAME, whenUnsatisfiable: 'ScheduleAnyway' },
    { maxSkew: 5, topologyKey: ZONE, whenUnsatisfiable: 'ScheduleAnyway' },
  ],
  system: true,
}

/** getConstraints: a pod that has constraints of its own, of whatever kind, has no default ones. */
export function constraintsOf(
  pod: PodInfo,
  action: Action,
  snapshot: Snapshot,
  defaults: SpreadDefaults = SYSTEM_DEFAULTS,
): readonly Constraint[] {
  const own = pod.pod.spec.topologySpreadConstraints ?? []
  if (own.length > 0) return of(own, action).map((constraint) => ownConstraint(constraint, pod))
  const theirs = of(defaults.constraints, action)
  const selector = theirs.length === 0 ? {} : defaultSelector(pod, snapshot)
  if (isEmpty(selector)) return []
  return theirs.map((constraint) => ({ ...ownConstraint(constraint, pod), selector }))
}

const of = (constraints: readonly core.TopologySpreadConstraint[], action: Action) =>
  constraints.filter(({ whenUnsatisfiable }) => whenUnsatisfiable === action)

function ownConstraint(constraint: core.TopologySpreadConstraint, { labels }: PodInfo): Constraint {
  const { maxSkew, topologyKey, labelSelector, matchLabelKeys = [], minDomains = 1 } = constraint
  const { nodeAffinityPolicy = 'Honor', nodeTaintsPolicy = 'Ignore' } = constraint
  const matched = matchLabelKeys.flatMap((key) => {
    const value = labels[key]
    return value === undefined ? [] : [{ key, operator: 'In', values: [value] }]
  })
  const matchExpressions = [...(labelSelector?.matchExpressions ?? []), ...matched]
  const selector = matched.length === 0 ? labelSelector : { ...labelSelector, matchExpressions }
  const [honorsAffinity, honorsTaints] = [nodeAffinityPolicy === 'Honor', nodeTaintsPolicy === 'Honor']
  return { maxSkew, topologyKey, selector, minDomains, honorsAffinity, honorsTaints }
}

/** helper.DefaultSelector: the services that the pod belongs to, and its controller, together. */
function defaultSelector({ pod, namespace, labels }: PodInfo, { services, owners }: Snapshot): LabelSelector {
  let matchLabels: Record<string, string> = {}
  services.get(namespace)?.each(({ spec }) => {
    if (spec.selector !== undefined && labelsMatch({ matchLabels: spec.selector }, labels))
      matchLabels = { ...matchLabels, ...spec.selector }
  })
  const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller === true)
  const resource = owner === undefined ? undefined : OWNERS[`${owner.apiVersion}/${owner.kind}`]
  if (owner === undefined || resource === undefined) return { matchLabels }
  const spec = (owners.get(`${resource}/${namespace}/${owner.name}`) as { spec?: { selector?: object } })?.spec
  if (resource === 'replicationcontrollers') return { matchLabels: { ...matchLabels, ...spec?.selector } }
  return both({ matchLabels }, (spec?.selector ?? {}) as LabelSelector)
}
const OWNERS: Readonly<Record<string, string>> = {
  'apps/v1/ReplicaSet': 'replicasets.apps',
  'apps/v1/StatefulSet': 'statefulsets.apps',
  'v1/ReplicationController': 'replicationcontrollers',
}

/** What both select. A label that they want with two values is selected by neither. */
function both(a: LabelSelector, b: LabelSelector): LabelSelector {
  const wanted = Object.entries(b.matchLabels ?? {}).map(([key, value]) => ({ key, operator: 'In', values: [value] }))
  return joined(a, {
    matchExpressions: [...(a.matchExpressions ?? []), ...wanted, ...(b.matchExpressions ?? [])],
  })
}

/** matchNodeInclusionPolicies: does the node count for the constraint? */
export function counts({ honorsAffinity, honorsTaints }: Constraint, pod: Pod, node: Node): boolean {
  if (honorsAffinity && !matchesRequired(pod, node)) return false
  return !honorsTaints || untolerated(pod.spec.tolerations, node.spec?.taints ?? []) === undefined
}
