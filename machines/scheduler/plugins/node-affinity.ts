/** NodeAffinity: nodeSelector, required and preferred node affinity. */
import type { core } from '../../protocol/objects.ts'
import { failed, normalized, type Plugin, SKIP, unresolvable } from '../framework.ts'
import { errorIn, matches, matchesRequired } from '../node-selector.ts'
import type { PodInfo } from '../pod-info.ts'

export const nodeAffinity: Plugin<unknown, readonly core.PreferredSchedulingTerm[]> = {
  name: 'NodeAffinity',
  preFilter(pod) {
    const terms = requiredTerms(pod)
    if (terms === undefined && pod.pod.spec.nodeSelector === undefined) return SKIP
    const nodes = namedNodes(terms ?? [])
    if (nodes === undefined) return { state: undefined }
    return nodes.length === 0 ? { verdict: unresolvable('pod affinity terms conflict') } : { state: undefined, nodes }
  },
  filter: ({ pod }, { node }) =>
    matchesRequired(pod, node) ? undefined : unresolvable("node(s) didn't match Pod's node affinity/selector"),
  preScore({ pod }) {
    const terms = pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []
    if (terms.length === 0) return SKIP
    const error = errorIn(terms.map(({ preference }) => preference))
    return error === undefined ? { state: terms } : { verdict: failed(error) }
  },
  score: (_, { node }, terms) =>
    terms.reduce((score, { preference, weight }) => score + (matches(preference, node) ? weight : 0), 0),
  normalize: (scores) => normalized(scores, false),
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
