/** Topology spread constraints as plugins use them: those of the pod, or the cluster's default ones. */

import { joined } from '../lib/joined.ts'
import { type Labels, labelsMatch } from '../lib/selector.ts'
import type { core, LabelSelector, Node, Pod } from '../protocol/objects.ts'
import type { Snapshot } from './cache.ts'
import { isEmpty, NO_LABELS } from './labels.ts'
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
  return of(defaults.constraints, action).length === 0 ? [] : defaultConstraints(pod, snapshot, defaults)[action]
}

type ByAction = Readonly<Record<Action, readonly Constraint[]>>
/** By the selector of the owner: pods of one owner share their constraints, as long as nothing else becomes of them. */
const known = new WeakMap<object, { readonly selecting: Selecting; readonly constraints: ByAction }>()

function defaultConstraints(pod: PodInfo, snapshot: Snapshot, defaults: SpreadDefaults): ByAction {
  const selecting = selectingTogether(pod, snapshot, defaults)
  const { selector } = selecting
  if (selector === undefined) return madeOf(selecting, pod)
  const before = known.get(selector)
  if (before !== undefined && isSame(before.selecting, selecting)) return before.constraints
  const constraints = madeOf(selecting, pod)
  known.set(selector, { selecting, constraints })
  return constraints
}

const isSame = (a: Selecting, b: Selecting): boolean =>
  a.defaults === b.defaults && a.labels === b.labels && a.kind === b.kind

function madeOf(selecting: Selecting, pod: PodInfo): ByAction {
  const selector = defaultSelector(selecting)
  const made = (action: Action) =>
    of(selecting.defaults.constraints, action).map((constraint) => ({ ...ownConstraint(constraint, pod), selector }))
  return isEmpty(selector)
    ? { DoNotSchedule: [], ScheduleAnyway: [] }
    : { DoNotSchedule: made('DoNotSchedule'), ScheduleAnyway: made('ScheduleAnyway') }
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

/** Of what the default constraints of a pod are made. */
interface Selecting {
  readonly defaults: SpreadDefaults
  /** What all its services select. */
  readonly labels: Labels
  /** Of its controller. */
  readonly kind: string | undefined
  readonly selector: object | undefined
}
function selectingTogether(
  { pod, namespace, labels }: PodInfo,
  { services, owners }: Snapshot,
  defaults: SpreadDefaults,
): Selecting {
  let matchLabels = NO_LABELS
  services.get(namespace)?.each(({ spec }) => {
    if (spec.selector !== undefined && labelsMatch({ matchLabels: spec.selector }, labels))
      matchLabels = matchLabels === NO_LABELS ? spec.selector : { ...matchLabels, ...spec.selector }
  })
  const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller === true)
  const kind = owner === undefined ? undefined : OWNERS[`${owner.apiVersion}/${owner.kind}`]
  const its = kind === undefined ? undefined : owners.get(`${kind}/${namespace}/${owner?.name}`)
  const selector = (its as { spec?: { selector?: object } } | undefined)?.spec?.selector
  return { defaults, labels: matchLabels, kind, selector }
}

/** The topology keys of all of them. */
export const keysOf = (constraints: readonly Constraint[]): readonly string[] =>
  constraints.map(({ topologyKey }) => topologyKey).sort()

/** helper.DefaultSelector: the services that the pod belongs to, and its controller, together. */
function defaultSelector({ labels, kind, selector = {} }: Selecting): LabelSelector {
  if (kind === undefined) return { matchLabels: labels }
  if (kind === 'replicationcontrollers') return { matchLabels: { ...labels, ...selector } }
  return both({ matchLabels: labels }, selector as LabelSelector)
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
