/** NodeAffinity: nodeSelector, required and preferred node affinity, and what the scheduler's configuration adds. */
import type { core } from '../../protocol/objects.ts'
import { failed, normalized, type Plugin, SKIP, unresolvable } from '../framework.ts'
import { errorIn, matches, matchesRequired } from '../node-selector.ts'
import type { PodInfo } from '../pod-info.ts'

export interface NodeAffinityArgs {
  /** Holds for every pod of the profile. */
  readonly addedAffinity?: core.NodeAffinity
}
type Preferred = readonly core.PreferredSchedulingTerm[]

export function nodeAffinity({ addedAffinity }: NodeAffinityArgs): Plugin<unknown, Preferred> {
  const enforced = addedAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
  const added = addedAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []
  return {
    name: 'NodeAffinity',
    sign: ({ pod: { spec } }) => [spec.nodeSelector, spec.affinity?.nodeAffinity],
    preFilter(pod) {
      const terms = requiredTerms(pod)
      if (terms === undefined && enforced === undefined && pod.pod.spec.nodeSelector === undefined) return SKIP
      const nodes = namedNodes(terms ?? [])
      if (nodes === undefined) return { state: undefined }
      return nodes.length === 0 ? { verdict: unresolvable('pod affinity terms conflict') } : { state: undefined, nodes }
    },
    filter({ pod }, { node }) {
      if (enforced !== undefined && !enforced.some((term) => matches(term, node)))
        return unresolvable("node(s) didn't match scheduler-enforced node affinity")
      return matchesRequired(pod, node) ? undefined : unresolvable("node(s) didn't match Pod's node affinity/selector")
    },
    preScore({ pod }) {
      const terms = pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []
      if (terms.length + added.length === 0) return SKIP
      const error = errorIn(terms.map(({ preference }) => preference))
      return error === undefined ? { state: [...added, ...terms] } : { verdict: failed(error) }
    },
    score: (_, { node }, terms) =>
      terms.reduce((score, { preference, weight }) => score + (matches(preference, node) ? weight : 0), 0),
    normalize: (scores) => normalized(scores, false),
  }
}

const requiredTerms = ({ pod }: PodInfo): readonly core.NodeSelectorTerm[] | undefined =>
  pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms

/** The nodes that the terms name, when every term names some: the others need not be looked at. */
function namedNodes(terms: readonly core.NodeSelectorTerm[]): readonly string[] | undefined {
  if (terms.length === 0) return undefined
  const named: string[] = []
  for (const { matchFields = [] } of terms) {
    const lists = matchFields
      .filter(({ key, operator }) => key === 'metadata.name' && operator === 'In')
      .map(({ values = [] }) => values)
    if (lists.length === 0) return undefined
    named.push(...lists.reduce((all, list) => all.filter((name) => list.includes(name))))
  }
  return [...new Set(named)].sort()
}
