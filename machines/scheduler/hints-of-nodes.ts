/** May a node that came, changed or went help a waiting pod? By the plugin that rejected it. */

import type { Labels } from '../lib/selector.ts'
import type { Node } from '../protocol/objects.ts'
import type { Snapshot } from './cache.ts'
import { NO_LABELS } from './labels.ts'
import { emptyNodeInfo, type NodeInfo, withNode } from './node-info.ts'
import { matchesRequired } from './node-selector.ts'
import { insufficient } from './plugins/node-resources-fit.ts'
import type { PodInfo } from './pod-info.ts'
import { difference } from './resources.ts'
import { type Constraint, constraintsOf } from './spreading.ts'
import { untolerated } from './tolerations.ts'

type Hint = (waiting: PodInfo, was: Node | undefined, now: Node | undefined, snapshot: Snapshot) => boolean

export const nodeHints: Readonly<Record<string, Hint>> = {
  NodeAffinity: (waiting, was, now) => becomes((node) => matchesRequired(waiting.pod, node), was, now),
  NodeUnschedulable: (_, was, now) => becomes(({ spec }) => spec?.unschedulable !== true, was, now),
  TaintToleration: ({ pod }, was, now) =>
    becomes(({ spec }) => untolerated(pod.spec.tolerations, spec?.taints ?? []) === undefined, was, now),
  NodeResourcesFit(waiting, was, now) {
    if (now === undefined) return false
    const after = infoOf(now)
    if (insufficient(waiting, after).length > 0) return false
    return was === undefined || hasMoreOfTheAsked(waiting, infoOf(was), after)
  },
  InterPodAffinity: ({ requiredAffinity, requiredAntiAffinity }, _, now) =>
    [...requiredAffinity, ...requiredAntiAffinity].some(({ topologyKey }) => labelsOf(now)[topologyKey] !== undefined),
  PodTopologySpread: spreadingMayChange,
}

/** It is so now and was not before. */
const becomes = (so: (node: Node) => boolean, was: Node | undefined, now: Node | undefined): boolean =>
  now !== undefined && so(now) && !(was !== undefined && so(was))

const infoOf = (node: Node): NodeInfo => withNode(emptyNodeInfo(node.metadata.name), node)
const labelsOf = (node: Node | undefined): Labels => node?.metadata.labels ?? NO_LABELS

/** haveAnyRequestedResourcesIncreased. */
function hasMoreOfTheAsked({ requests }: PodInfo, before: NodeInfo, after: NodeInfo): boolean {
  const more = difference(after.allocatable, before.allocatable)
  return (
    after.allowedPods > before.allowedPods ||
    (requests.milliCpu > 0 && more.milliCpu > 0) ||
    (requests.memoryBytes > 0 && more.memoryBytes > 0) ||
    (requests.ephemeralStorageBytes > 0 && more.ephemeralStorageBytes > 0) ||
    Object.entries(requests.scalar).some(([name, ask]) => ask > 0 && (more.scalar[name] ?? 0) > 0)
  )
}

/** A domain came, changed or went. */
function spreadingMayChange(waiting: PodInfo, was: Node | undefined, now: Node | undefined, snapshot: Snapshot) {
  const constraints = constraintsOf(waiting, 'DoNotSchedule', snapshot)
  const before = was !== undefined && hasAllKeys(was, constraints)
  const after = now !== undefined && hasAllKeys(now, constraints)
  if (before !== after) return true
  if (was === undefined || now === undefined || !after) return false
  if (JSON.stringify(was.spec?.taints ?? []) !== JSON.stringify(now.spec?.taints ?? [])) return true
  return constraints.some(({ topologyKey }) => labelsOf(was)[topologyKey] !== labelsOf(now)[topologyKey])
}
const hasAllKeys = (node: Node, constraints: readonly Constraint[]): boolean =>
  constraints.every(({ topologyKey }) => labelsOf(node)[topologyKey] !== undefined)
