/**
 * A pod that was told that it is to go and does not go: after two minutes it is told that it may stay
 * (disruption.nonTerminatingPodHasStaleDisruptionCondition, syncStalePodDisruption).
 */
import { parseTime, rfc3339 } from '../../lib/time.ts'
import type { Pod } from '../../protocol/objects.ts'

const TYPE = 'DisruptionTarget'
/** stalePodDisruptionTimeout */
const TIMEOUT_MS = 120_000

/** In how many ms the word is stale; undefined when there is none that could be. What a kubelet says stays said. */
export function staleInMs({ metadata, status }: Pod, at: number): number | undefined {
  const said = status?.conditions?.find(({ type }) => type === TYPE)
  const isOver = status?.phase === 'Succeeded' || status?.phase === 'Failed'
  if (metadata.deletionTimestamp !== undefined || isOver || said?.status !== 'True') return undefined
  if (said.reason === 'TerminationByKubelet') return undefined
  return Math.max(0, parseTime(String(said.lastTransitionTime)) + TIMEOUT_MS - at)
}

/** UpdatePodCondition to False. */
export function takenBack(pod: Pod, at: number): Pod {
  const next = { type: TYPE, status: 'False', lastProbeTime: null, lastTransitionTime: rfc3339(at) }
  const conditions = (pod.status?.conditions ?? []).map((each) => (each.type === TYPE ? next : each))
  return { ...pod, status: { ...pod.status, conditions } } as unknown as Pod
}
