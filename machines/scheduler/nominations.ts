/**
 * Pods that wait for the victims of their preemption to leave, by the node that is meant for them (the nominator of
 * backend/queue). To pods of the same or lower priority they count as if they ran there already.
 */
import { Tree } from '../../runtime/tree.ts'
import type { Pod } from '../protocol/objects.ts'
import { type PodInfo, podInfoOf } from './pod-info.ts'

export interface Nominations {
  /** By the pod's key. */
  readonly nodes: Tree<string>
  /** By node, then by the pod's key. */
  readonly pods: Tree<Tree<PodInfo>>
}
export const NO_NOMINATIONS: Nominations = { nodes: Tree.of(), pods: Tree.of() }
const NOBODY: Tree<PodInfo> = Tree.of()

export const nominatedTo = (pod: Pod): string => (pod.status as Status | undefined)?.nominatedNodeName ?? ''
interface Status {
  readonly nominatedNodeName?: string
}

export const nominatedOn = ({ pods }: Nominations, node: string): Tree<PodInfo> => pods.get(node) ?? NOBODY

/**
 * AddNominatedPod. @param node as the scheduler decided just now ('': nowhere), whatever the object says as yet;
 * undefined: it decided nothing, so the object knows
 */
export function nominated(nominations: Nominations, pod: Pod, node: string = nominatedTo(pod)): Nominations {
  const info = podInfoOf(pod)
  const { nodes, pods } = notNominated(nominations, info.key)
  if (node === '') return { nodes, pods }
  return { nodes: nodes.set(info.key, node), pods: pods.update(node, (its) => (its ?? NOBODY).set(info.key, info)) }
}

/** UpdateNominatedPod: an object that never said anything of it keeps the place that it was given in memory. */
export function nominationUpdated(nominations: Nominations, was: Pod, now: Pod): Nominations {
  const inMemory = nominations.nodes.get(podInfoOf(now).key)
  const silent = nominatedTo(was) === '' && nominatedTo(now) === ''
  if (inMemory === undefined && nominatedTo(now) === '') return nominations
  return nominated(nominations, now, silent ? inMemory : undefined)
}

/** DeleteNominatedPodIfExists. */
export function notNominated(nominations: Nominations, key: string): Nominations {
  const node = nominations.nodes.get(key)
  if (node === undefined) return nominations
  const left = nominatedOn(nominations, node).delete(key)
  return {
    nodes: nominations.nodes.delete(key),
    pods: left.size === 0 ? nominations.pods.delete(node) : nominations.pods.set(node, left),
  }
}
