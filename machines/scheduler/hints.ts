/** Queueing hints: may what happened help this pod? Asked of the plugins that rejected it, one of which must hope. */
import type { Node, Pod } from '../protocol/objects.ts'
import { type Cache, namespaceLabels } from './cache.ts'
import { type ClusterEvent, INTERESTED } from './cluster-events.ts'
import { isKnown } from './node-info.ts'
import { matchesRequired } from './node-selector.ts'
import { nodeUnschedulable } from './plugins/node-unschedulable.ts'
import { type PodInfo, podInfoOf, termMatches } from './pod-info.ts'
import type { QueuedPod } from './queue.ts'
import { untolerated } from './tolerations.ts'

interface Happened {
  readonly event: ClusterEvent
  readonly was?: Node | Pod | undefined
  readonly now?: Node | Pod | undefined
}

export function mayHelp({ pod, rejectedBy }: QueuedPod, happened: Happened, cache: Cache): boolean {
  const waiting = podInfoOf(pod)
  return rejectedBy.some(
    (plugin) => INTERESTED[happened.event].includes(plugin) && hopes(plugin, waiting, happened, cache),
  )
}

/** A plugin without a rule of its own always hopes. */
function hopes(plugin: string, waiting: PodInfo, { event, now, was }: Happened, cache: Cache): boolean {
  if (event.startsWith('Node')) return now === undefined || nodeHelps(plugin, waiting, now as Node, cache)
  if (plugin === 'InterPodAffinity') return podHelps(waiting, was as Pod | undefined, now as Pod | undefined, cache)
  if (plugin === 'NodePorts') return was === undefined || podInfoOf(was as Pod).hostPorts.length > 0
  return true
}

function nodeHelps(plugin: string, waiting: PodInfo, node: Node, cache: Cache): boolean {
  switch (plugin) {
    case 'NodeAffinity':
      return matchesRequired(waiting.pod, node)
    case 'TaintToleration':
      return untolerated(waiting.pod.spec.tolerations, node.spec?.taints ?? []) === undefined
    case 'NodeUnschedulable': {
      const info = cache.nodes.get(node.metadata.name)
      return info === undefined || !isKnown(info) || nodeUnschedulable.filter?.(waiting, info, undefined) === undefined
    }
    default:
      return true
  }
}

/** A pod that comes helps who wants it near; one that goes helps whom it kept away. */
function podHelps(waiting: PodInfo, was: Pod | undefined, now: Pod | undefined, cache: Cache): boolean {
  const wanted = (pod: Pod | undefined): boolean => pod !== undefined && matchesAll(waiting, podInfoOf(pod), cache)
  if (wanted(now) && !wanted(was)) return true
  if (was === undefined) return false
  const gone = podInfoOf(was)
  const labels = namespaceLabels(cache, gone.namespace)
  return (
    waiting.requiredAntiAffinity.some((term) => termMatches(term, gone, labels)) ||
    gone.requiredAntiAffinity.some((term) => termMatches(term, waiting, namespaceLabels(cache, waiting.namespace)))
  )
}

const matchesAll = ({ requiredAffinity }: PodInfo, pod: PodInfo, cache: Cache): boolean =>
  requiredAffinity.length > 0 &&
  requiredAffinity.every((term) => termMatches(term, pod, namespaceLabels(cache, pod.namespace)))
