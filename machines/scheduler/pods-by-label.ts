/**
 * The pods that run, by each of their labels, then by node: who asks which pods a selector selects looks only at those
 * that carry one of the labels that it wants, wherever they are.
 */

import { Tree } from '../../runtime/tree.ts'
import { oncePer } from '../lib/once-per.ts'
import type { LabelSelector, Node } from '../protocol/objects.ts'
import type { PodInfo } from './pod-info.ts'

/** Under '' all pods. */
export type PodsByLabel = Tree<PodsOnNodes>
/** By the node's name. */
export type PodsOnNodes = Tree<PodsOnNode>
export interface PodsOnNode {
  /** As it was when its labels or taints changed last. */
  readonly node: Node
  /** By their keys. */
  readonly pods: Tree<PodInfo>
}
export const NO_PODS: PodsOnNodes = Tree.of()
const NOBODY: Tree<PodInfo> = Tree.of()

export function withLabelled(index: PodsByLabel, pod: PodInfo, node: Node): PodsByLabel {
  const { name } = node.metadata
  for (const label of labelsOf(pod)) {
    const its = index.get(label) ?? NO_PODS
    index = index.set(label, its.set(name, { node, pods: (its.get(name)?.pods ?? NOBODY).set(pod.key, pod) }))
  }
  return index
}

export function withoutLabelled(index: PodsByLabel, pod: PodInfo, node: Node): PodsByLabel {
  const { name } = node.metadata
  for (const label of labelsOf(pod))
    index = index.update(label, (its) => {
      const pods = (its?.get(name)?.pods ?? NOBODY).delete(pod.key)
      const left = pods.size === 0 ? its?.delete(name) : its?.set(name, { node, pods })
      return left === undefined || left.size === 0 ? undefined : left
    })
  return index
}

const EVERY = ''
/** A label as one text, joined: it is a key of trees (decision 11). */
export const labelled = (label: readonly [key: string, value: string]): string => label.join('=')
/** The pods of one owner mostly share their labels. */
const textsOf = oncePer((labels: PodInfo['labels']): readonly string[] => [
  EVERY,
  ...Object.entries(labels).map(labelled),
])
const labelsOf = ({ labels }: PodInfo): readonly string[] => textsOf(labels)

/** Pods that the selector may select, and no fewer than it does: those with the rarest of the labels that it wants. */
export function candidatesFor(index: PodsByLabel, selector: LabelSelector | undefined): PodsOnNodes {
  if (selector === undefined) return NO_PODS
  let fewest: PodsOnNodes | undefined
  for (const label of wantedLabels(selector)) {
    const its = index.get(label) ?? NO_PODS
    if (fewest === undefined || its.size < fewest.size) fewest = its
  }
  return fewest ?? index.get(EVERY) ?? NO_PODS
}

/** Labels without which no pod is selected. */
export const wantedLabels: (selector: LabelSelector) => readonly string[] = oncePer((selector) => {
  const { matchLabels = {}, matchExpressions = [] } = selector
  const wanted = Object.entries(matchLabels).map(labelled)
  for (const { key, operator, values = [] } of matchExpressions)
    if (operator === 'In' && values.length === 1) wanted.push(labelled([key, values[0] as string]))
  return wanted
})

export function countOn(pods: PodsOnNodes, node: string, is: (pod: PodInfo) => boolean): number {
  let count = 0
  pods.get(node)?.pods.each((pod) => {
    if (is(pod)) count++
  })
  return count
}
