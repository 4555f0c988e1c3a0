/** Where the pods run that affinity terms are about, place by place (interpodaffinity/filtering.go, topologyToMatchedTermCount). */
import { isAbout, type ResolvedTerm } from './affinity-terms.ts'
import type { Snapshot } from './cache.ts'
import type { PodInfo } from './pod-info.ts'
import { candidatesFor, NO_PODS, type PodsOnNode, type PodsOnNodes } from './pods-by-label.ts'
import { Gathering, NO_TALLY, summed, type Tally, talliedBy, together } from './topology.ts'

/** Pods that match all of the terms are among those that may match the rarest. */
export const candidatesForAll = (terms: readonly ResolvedTerm[], { labelled }: Snapshot): PodsOnNodes =>
  terms.length === 0
    ? NO_PODS
    : terms.map(({ selector }) => candidatesFor(labelled, selector)).reduce((a, b) => (b.size < a.size ? b : a))

/** updateWithAffinityTerms: a pod counts at the place of every term when it matches all of them. */
export function placesOfAll(terms: readonly ResolvedTerm[], snapshot: Snapshot): Tally {
  if (terms.length === 0) return NO_TALLY
  const { singleHosts } = snapshot
  const question = JSON.stringify(['all', singleHosts, terms])
  return summed(candidatesForAll(terms, snapshot), question, () => gathered(wantedBy, terms, singleHosts))
}
type Rule = (terms: readonly ResolvedTerm[], pod: PodInfo, gathering: Gathering) => Tally

const gathered = (rule: Rule, terms: readonly ResolvedTerm[], singleHosts: boolean) =>
  talliedBy<PodsOnNode>(({ node, pods }) => {
    const gathering = new Gathering(node, singleHosts)
    pods.each((pod) => rule(terms, pod, gathering))
    return gathering.tally()
  })

export function wantedBy(terms: readonly ResolvedTerm[], pod: PodInfo, gathering: Gathering): Tally {
  if (terms.length > 0 && terms.every((term) => isAbout(term, pod)))
    for (const { topologyKey } of terms) gathering.count(topologyKey, 1)
  return gathering.tally()
}

/** updateWithAntiAffinityTerms, and processTerms with the terms' weights. */
export function placesOfEach(terms: readonly ResolvedTerm[], { labelled, singleHosts }: Snapshot): Tally {
  let all = NO_TALLY
  for (const term of terms) {
    const question = JSON.stringify(['each', singleHosts, term])
    const candidates = candidatesFor(labelled, term.selector)
    all = together(
      all,
      summed(candidates, question, () => gathered(matchedBy, [term], singleHosts)),
    )
  }
  return all
}
export function matchedBy(terms: readonly ResolvedTerm[], pod: PodInfo, gathering: Gathering): Tally {
  for (const term of terms) if (isAbout(term, pod)) gathering.count(term.topologyKey, term.weight)
  return gathering.tally()
}
