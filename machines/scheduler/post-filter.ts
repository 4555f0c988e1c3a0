/**
 * What PostFilter says of a pod that fits nowhere: whether removing pods of lower priority would help. The dry run is
 * that of DefaultPreemption; choosing and evicting victims is not modelled yet.
 */
import { type Filtered, filtersOf, firstRejection, preFiltered, type Rejection } from './attempt.ts'
import { type Snapshot, withoutPods } from './cache.ts'
import { counted, histogram } from './diagnosis.ts'
import { unresolvable } from './framework.ts'
import type { KnownNode } from './node-info.ts'
import type { PodInfo } from './pod-info.ts'

const NO_HELP = 'Preemption is not helpful for scheduling'

export interface PostFiltered {
  /** The `preemption: …` at the end of the message; '' when victims would make room. */
  readonly message: string
  /** Nodes on which the pod would fit if all pods of lower priority were gone. */
  readonly candidates: readonly string[]
}

export function postFiltered(pod: PodInfo, snapshot: Snapshot, filtered: Filtered | undefined): PostFiltered {
  if (pod.pod.spec.preemptionPolicy === 'Never')
    return { message: 'preemption: not eligible due to preemptionPolicy=Never.', candidates: [] }
  const nodes = snapshot.order.places.size
  const reasons: Rejection[] = []
  const candidates: string[] = []
  for (const [name, { code }] of Object.entries(filtered?.rejected ?? {})) {
    if (code !== 'Unschedulable') continue
    const rejection = dryRun(pod, snapshot, name)
    if (rejection === undefined) candidates.push(name)
    else reasons.push(rejection)
  }
  if (candidates.length > 0) return { message: '', candidates }
  const counts = counted(reasons)
  const others = nodes - reasons.length
  if (others > 0) counts.set(NO_HELP, (counts.get(NO_HELP) ?? 0) + others)
  return { message: `preemption: 0/${nodes} nodes are available: ${histogram(counts)}.`, candidates }
}

/** selectVictimsOnNode, first half: does the pod fit when every pod of lower priority is gone? */
function dryRun(pod: PodInfo, snapshot: Snapshot, name: string): Rejection | undefined {
  const lower: string[] = []
  snapshot.nodes.get(name)?.pods.each(({ priority }, key) => {
    if (priority < pod.priority) lower.push(key)
  })
  if (lower.length === 0) return { plugin: '', ...unresolvable('No preemption victims found for incoming pod') }
  const without = withoutPods(snapshot, name, lower)
  const pre = preFiltered(pod, without)
  return firstRejection(filtersOf(pre), pod, without.nodes.get(name) as KnownNode, pre)
}
