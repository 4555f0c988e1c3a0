/** Terms of pod affinity of the pod in hand, with the namespaces that they select looked up. */

import { labelsMatch } from '../lib/selector.ts'
import type { LabelSelector } from '../protocol/objects.ts'
import type { Snapshot } from './cache.ts'
import { isEmpty } from './labels.ts'
import type { AffinityTerm, PodInfo } from './pod-info.ts'
import type { Counts } from './topology.ts'

export interface ResolvedTerm {
  /** Undefined: all namespaces. */
  readonly namespaces: readonly string[] | undefined
  readonly selector: LabelSelector | undefined
  readonly topologyKey: string
  readonly weight: number
}

/** mergeAffinityTermNamespacesIfNotEmpty, for the terms of the pod in hand. */
export function resolved(term: AffinityTerm & { readonly weight?: number }, { namespaces }: Snapshot): ResolvedTerm {
  const { namespaceSelector, selector, topologyKey, weight = 1 } = term
  if (namespaceSelector === undefined) return { namespaces: term.namespaces, selector, topologyKey, weight }
  if (isEmpty(namespaceSelector)) return { namespaces: undefined, selector, topologyKey, weight }
  const selected = [...term.namespaces]
  namespaces.each(({ metadata }) => {
    if (labelsMatch(namespaceSelector, metadata.labels ?? {})) selected.push(metadata.name)
  })
  return { namespaces: selected, selector, topologyKey, weight }
}

export const isAbout = ({ namespaces, selector }: ResolvedTerm, pod: PodInfo): boolean =>
  (namespaces === undefined || namespaces.includes(pod.namespace)) && labelsMatch(selector, pod.labels)

export const countAt = (counts: Counts, place: string): number => counts.get(place) ?? 0
