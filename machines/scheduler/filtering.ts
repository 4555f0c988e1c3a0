/** Does a pod fit one node? The Filter plugins in turn, with and without the pods that are nominated to run there. */
import { rememberedBy, signature } from './answers.ts'
import type { Snapshot } from './cache.ts'
import type { Plugin, Verdict } from './framework.ts'
import { type KnownNode, withoutPod, withPod } from './node-info.ts'
import { nominatedOn } from './nominations.ts'
import type { PodInfo } from './pod-info.ts'
import type { Profile } from './profile.ts'

export interface Rejection extends Verdict {
  readonly plugin: string
}
/** A node as one pod is held against it: real, or changed in thought. */
export interface Trial {
  readonly node: KnownNode
  /** What each plugin noted of the cluster, by its name. */
  readonly states: Readonly<Record<string, unknown>>
}

/** RunFilterPlugins. */
export function firstRejection(
  filters: readonly Plugin[],
  pod: PodInfo,
  { node, states }: Trial,
): Rejection | undefined {
  for (const plugin of filters) {
    const verdict = plugin.filter?.(pod, node, states[plugin.name])
    if (verdict !== undefined) return { plugin: plugin.name, ...verdict }
  }
  return undefined
}

/**
 * RunFilterPluginsWithNominatedPods: the pod must fit beside the nominated pods that matter as much or more, and, since
 * they may end up elsewhere, without them.
 */
export function rejectionOf(
  filters: readonly Plugin[],
  pod: PodInfo,
  trial: Trial,
  { nominations }: Pick<Snapshot, 'nominations'>,
): Rejection | undefined {
  return besideNominated(filters, pod, trial, nominations) ?? firstRejection(filters, pod, trial)
}

function besideNominated(
  filters: readonly Plugin[],
  pod: PodInfo,
  trial: Trial,
  nominations: Snapshot['nominations'],
): Rejection | undefined {
  if (nominations.pods.size === 0) return undefined
  const crowded = withNominated(filters, pod, trial, nominations)
  return crowded === trial ? undefined : firstRejection(filters, pod, crowded)
}

/** @param place of the node in the list, or NOWHERE */
export type Judge = (node: KnownNode, place: number) => Rejection | undefined

/** Who is held against the nodes of a snapshot, and by which plugins. */
export interface Candidacy {
  readonly filters: readonly Plugin[]
  readonly pod: PodInfo
  readonly states: Trial['states']
  readonly snapshot: Snapshot
  readonly profile: Profile
}

/** The same for one node after the other, each as the snapshot has it. */
export function judgeOf(candidacy: Candidacy): Judge {
  const { filters, pod, states, snapshot } = candidacy
  const { nominations } = snapshot
  const asIs = asItIs(candidacy)
  if (nominations.pods.size === 0) return asIs
  return (node, place) => besideNominated(filters, pod, { node, states }, nominations) ?? asIs(node, place)
}

/** The first plugins look at pod and node alone: of nodes that are as they were, what they say is remembered. */
function asItIs({ filters, pod, states, snapshot, profile }: Candidacy): Judge {
  const first = filters.findIndex(({ sign }) => sign === undefined)
  const alone = first < 0 ? filters : filters.slice(0, first)
  const others = filters.slice(alone.length)
  const answers = rejectionsBy(profile).to(signature(pod, alone), snapshot)
  const ask = (node: KnownNode) => firstRejection(alone, pod, { node, states }) ?? null
  if (others.length === 0) return (node, place) => answers.of(place, node, ask) ?? undefined
  return (node, place) => answers.of(place, node, ask) ?? firstRejection(others, pod, { node, states })
}
const rejectionsBy = rememberedBy<Profile, Rejection | null>()

/** addGENominatedPods. */
function withNominated(
  filters: readonly Plugin[],
  pod: PodInfo,
  trial: Trial,
  nominations: Snapshot['nominations'],
): Trial {
  let crowded = trial
  nominatedOn(nominations, trial.node.name).each((other) => {
    if (other.priority >= pod.priority && other.pod.metadata.uid !== pod.pod.metadata.uid)
      crowded = adjusted(filters, pod, crowded, other, 1)
  })
  return crowded
}

/** AddPod or RemovePod on the node and in the notes of the plugins that take part. */
export function adjusted(plugins: readonly Plugin[], pod: PodInfo, trial: Trial, other: PodInfo, by: 1 | -1): Trial {
  const { node } = trial
  const states: Record<string, unknown> = { ...trial.states }
  for (const plugin of plugins)
    if (plugin.adjusted !== undefined) states[plugin.name] = plugin.adjusted(pod, other, node, by, states[plugin.name])
  return { node: (by > 0 ? withPod(node, other) : withoutPod(node, other.key)) as KnownNode, states }
}
