/**
 * Queueing hints: may what happened help this pod? Asked of the plugins that rejected it, and one of them must hope.
 * Each rule is the plugin's QueueingHintFn; a plugin without one for such an event always hopes.
 */
import type { Node, Pod } from '../protocol/objects.ts'
import type { Snapshot } from './cache.ts'
import { type Happened, INTERESTED } from './cluster-events.ts'
import { EXTENDER } from './extender.ts'
import { nodeHints } from './hints-of-nodes.ts'
import { podHints } from './hints-of-pods.ts'
import { storageHints } from './hints-of-storage.ts'
import { type PodInfo, podInfoOf } from './pod-info.ts'
import type { QueuedPod } from './queue.ts'

export function mayHelp({ pod, rejectedBy }: QueuedPod, happened: Happened, snapshot: Snapshot): boolean {
  const waiting = podInfoOf(pod)
  const interested = INTERESTED[happened.event]
  return rejectedBy.some(
    (plugin) => plugin === EXTENDER || (interested.includes(plugin) && hopes(plugin, waiting, happened, snapshot)),
  )
}

export function hopes(plugin: string, waiting: PodInfo, { event, was, now }: Happened, snapshot: Snapshot): boolean {
  const storage = storageHints[event]
  if (storage !== undefined) return storage(plugin, waiting.pod, was, now)
  if (!event.startsWith('Node')) {
    const [before, after] = [was as Pod | undefined, now as Pod | undefined]
    const rule = podHints[plugin]
    return rule === undefined || rule(waiting, before && podInfoOf(before), after && podInfoOf(after), snapshot)
  }
  // Who registered additions only is told of taints, too, and then hopes: new nodes are often tainted at first.
  if (event === 'NodeUpdateNodeTaint' && !KNOW_TAINTS.includes(plugin)) return true
  const rule = nodeHints[plugin]
  return rule === undefined || rule(waiting, was as Node | undefined, now as Node | undefined, snapshot)
}
const KNOW_TAINTS = ['NodeUnschedulable', 'PodTopologySpread', 'TaintToleration']
