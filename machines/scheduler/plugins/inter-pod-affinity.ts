/** InterPodAffinity: pods that want to be, or not to be, where certain other pods are. */

import type { Labels } from '../../lib/selector.ts'
import { isAbout, type ResolvedTerm, resolved } from '../affinity-terms.ts'
import { namespaceLabels, type Snapshot } from '../cache.ts'
import { MAX_NODE_SCORE, type Plugin, SKIP, unresolvable, unschedulable } from '../framework.ts'
import type { KnownNode } from '../node-info.ts'
import { type AffinityTerm, type PodInfo, termMatches } from '../pod-info.ts'
import { added, type Counts, NO_COUNTS, pair, summed, topologyKeyOf } from '../topology.ts'

interface Filtering {
  readonly affinity: readonly ResolvedTerm[]
  readonly antiAffinity: readonly ResolvedTerm[]
  /** Where pods run that match all of the affinity terms. */
  readonly wanted: Counts
  /** Where pods run that match one of the anti-affinity terms, at the place of that term. */
  readonly unwanted: Counts
  /** Where pods run that do not want this one. */
  readonly refusing: Counts
}
interface Scoring {
  readonly points: Counts
  readonly topologyKeys: readonly string[]
}
/** InterPodAffinityArgs.hardPodAffinityWeight: required affinity of others towards the pod counts so much. */
const HARD_POD_AFFINITY_WEIGHT = 1

export const interPodAffinity: Plugin<Filtering, Scoring> = {
  name: 'InterPodAffinity',
  preFilter(pod, snapshot) {
    const refusing = placesThatRefuse(pod, snapshot)
    const { requiredAffinity, requiredAntiAffinity } = pod
    if (refusing.size + requiredAffinity.length + requiredAntiAffinity.length === 0) return SKIP
    const affinity = requiredAffinity.map((term) => resolved(term, snapshot))
    const antiAffinity = requiredAntiAffinity.map((term) => resolved(term, snapshot))
    const wanted = placesOfAll(affinity, snapshot)
    const unwanted = placesOfEach(antiAffinity, snapshot)
    return { state: { affinity, antiAffinity, wanted, unwanted, refusing } }
  },
  filter(pod, node, state) {
    if (!affinityIsMet(pod, node, state)) return unresolvable("node(s) didn't match pod affinity rules")
    if (state.antiAffinity.some((term) => countAt(state.unwanted, term.topologyKey, node) > 0))
      return unschedulable("node(s) didn't match pod anti-affinity rules")
    if (isRefused(node, state)) return unschedulable("node(s) didn't satisfy existing pods anti-affinity rules")
    return undefined
  },
  preScore(pod, snapshot) {
    const points = added(pointsOfOwnTerms(pod, snapshot), pointsOfOthersTerms(pod, snapshot))
    if (points.size === 0) return SKIP
    return { state: { points, topologyKeys: [...new Set([...points.keys()].map(topologyKeyOf))] } }
  },
  score: (_, node, { points, topologyKeys }) =>
    topologyKeys.reduce((score, topologyKey) => score + countAt(points, topologyKey, node), 0),
  /** Scores may be negative: the least becomes 0, the greatest 100. */
  normalize(scores) {
    const least = Math.min(...scores)
    const span = Math.max(...scores) - least
    return scores.map((score) => (span > 0 ? Math.trunc(MAX_NODE_SCORE * ((score - least) / span)) : 0))
  },
}

function countAt(counts: Counts, topologyKey: string, { labels }: KnownNode): number {
  const value = labels[topologyKey]
  return value === undefined ? 0 : (counts.get(pair(topologyKey, value)) ?? 0)
}

/** satisfyPodAffinity. The first of a group that wants to be together may go anywhere the keys are known. */
function affinityIsMet(pod: PodInfo, node: KnownNode, { affinity, wanted }: Filtering): boolean {
  if (affinity.some(({ topologyKey }) => node.labels[topologyKey] === undefined)) return false
  if (affinity.every(({ topologyKey }) => countAt(wanted, topologyKey, node) > 0)) return true
  return wanted.size === 0 && affinity.every((term) => isAbout(term, pod))
}

function isRefused({ labels }: KnownNode, { refusing }: Filtering): boolean {
  if (refusing.size === 0) return false
  return Object.entries(labels).some(([key, value]) => (refusing.get(pair(key, value)) ?? 0) > 0)
}

/** getExistingAntiAffinityCounts. */
function placesThatRefuse(pod: PodInfo, snapshot: Snapshot): Counts {
  if (snapshot.nodesWithRequiredAntiAffinity.size === 0) return NO_COUNTS
  const about = namespaceLabels(snapshot, pod.namespace) ?? {}
  return summed(snapshot.nodesWithRequiredAntiAffinity, question('refusing', pod, about), (node) => {
    const counts = new Map<string, number>()
    node.podsWithRequiredAntiAffinity.each(({ requiredAntiAffinity }) => {
      for (const term of requiredAntiAffinity)
        if (termMatches(term, pod, about)) count(counts, term.topologyKey, node, 1)
    })
    return counts
  })
}

/** updateWithAffinityTerms: a pod counts at the place of every term when it matches all of them. */
function placesOfAll(terms: readonly ResolvedTerm[], { nodes }: Snapshot): Counts {
  if (terms.length === 0) return NO_COUNTS
  return summed(nodes, JSON.stringify(['all', terms]), (node) => {
    const counts = new Map<string, number>()
    node.pods.each((pod) => {
      if (terms.every((term) => isAbout(term, pod))) for (const term of terms) count(counts, term.topologyKey, node, 1)
    })
    return counts
  })
}

/** updateWithAntiAffinityTerms, and processTerms with the terms' weights. */
function placesOfEach(terms: readonly ResolvedTerm[], { nodes }: Snapshot): Counts {
  if (terms.length === 0) return NO_COUNTS
  return summed(nodes, JSON.stringify(['each', terms]), (node) => {
    const counts = new Map<string, number>()
    node.pods.each((pod) => {
      for (const term of terms) if (isAbout(term, pod)) count(counts, term.topologyKey, node, term.weight)
    })
    return counts
  })
}

function pointsOfOwnTerms({ preferredAffinity, preferredAntiAffinity }: PodInfo, snapshot: Snapshot): Counts {
  const liked = preferredAffinity.map((term) => resolved(term, snapshot))
  const disliked = preferredAntiAffinity.map((term) => resolved({ ...term, weight: -term.weight }, snapshot))
  return placesOfEach([...liked, ...disliked], snapshot)
}

/** processExistingPod, what others think of the pod. */
function pointsOfOthersTerms(pod: PodInfo, snapshot: Snapshot): Counts {
  if (snapshot.nodesWithAffinity.size === 0) return NO_COUNTS
  const about = namespaceLabels(snapshot, pod.namespace) ?? {}
  return summed(snapshot.nodesWithAffinity, question('points', pod, about), (node) => {
    const counts = new Map<string, number>()
    const add = (term: AffinityTerm, weight: number): void => {
      if (termMatches(term, pod, about)) count(counts, term.topologyKey, node, weight)
    }
    node.podsWithAffinity.each(({ requiredAffinity, preferredAffinity, preferredAntiAffinity }) => {
      for (const term of requiredAffinity) add(term, HARD_POD_AFFINITY_WEIGHT)
      for (const term of preferredAffinity) add(term, term.weight)
      for (const term of preferredAntiAffinity) add(term, -term.weight)
    })
    return counts
  })
}

/** All that the terms of others can see of a pod. */
const question = (what: string, { namespace, labels }: PodInfo, about: Labels): string =>
  JSON.stringify([what, namespace, labels, about])

function count(counts: Map<string, number>, topologyKey: string, { labels }: KnownNode, by: number): void {
  const value = labels[topologyKey]
  if (value === undefined) return
  const place = pair(topologyKey, value)
  counts.set(place, (counts.get(place) ?? 0) + by)
}
