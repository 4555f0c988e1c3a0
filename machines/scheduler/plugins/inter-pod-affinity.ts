/** InterPodAffinity: pods that want to be, or not to be, where certain other pods are. */

import type { Labels } from '../../lib/selector.ts'
import { about, countAt, heldAs, heldOn, heldTerms, isAbout, type ResolvedTerm, resolved } from '../affinity-terms.ts'
import { namespaceLabels, type Snapshot } from '../cache.ts'
import { MAX_NODE_SCORE, type Plugin, SKIP, unresolvable, unschedulable } from '../framework.ts'
import type { KnownNode } from '../node-info.ts'
import { type AffinityTerm, type PodInfo, termMatches } from '../pod-info.ts'
import {
  added,
  type Counts,
  changed,
  Gathering,
  HOSTNAME,
  NO_COUNTS,
  NO_TALLY,
  pair,
  summed,
  type Tally,
  talliedBy,
  together,
  topologyKeyOf,
} from '../topology.ts'

export interface InterPodAffinityArgs {
  /** Required affinity of others towards the pod counts so much. */
  readonly hardPodAffinityWeight: number
  /** A pod without preferences of its own is not scored by those of others. */
  readonly ignorePreferredTermsOfExistingPods: boolean
}
export const INTER_POD_AFFINITY_ARGS: InterPodAffinityArgs = {
  hardPodAffinityWeight: 1,
  ignorePreferredTermsOfExistingPods: false,
}

interface Filtering {
  readonly affinity: readonly ResolvedTerm[]
  readonly antiAffinity: readonly ResolvedTerm[]
  /** Where pods run that match all of the affinity terms. */
  readonly wanted: Tally
  /** Where pods run that match one of the anti-affinity terms, at the place of that term. */
  readonly unwanted: Tally
  /** Where pods run that do not want this one. */
  readonly refusing: Tally
  /** At places of which keys. */
  readonly refusingKeys: readonly string[]
  /** Which terms refuse it on single hosts. */
  readonly refusedOnHosts: readonly string[]
  /** The labels of the pod's namespace, which the terms of others may select. */
  readonly about: Labels
  readonly singleHosts: boolean
}
interface Scoring {
  readonly points: Counts
  readonly topologyKeys: readonly string[]
  /** Own terms and keys of those of others, with their weights, that are about single hosts. */
  readonly hostTerms: readonly ResolvedTerm[]
  readonly hostTermsOfOthers: ReadonlyMap<string, number>
  readonly singleHosts: boolean
}

export const interPodAffinity = (args: InterPodAffinityArgs): Plugin<Filtering, Scoring> => ({
  name: 'InterPodAffinity',
  preFilter(pod, snapshot) {
    const { requiredAffinity, requiredAntiAffinity } = pod
    const labels = namespaceLabels(snapshot, pod.namespace) ?? {}
    const refusals = refusalsOf(pod, snapshot, labels)
    if (refusals.refusing.hits + requiredAffinity.length + requiredAntiAffinity.length === 0) return SKIP
    const affinity = requiredAffinity.map((term) => resolved(term, snapshot))
    const antiAffinity = requiredAntiAffinity.map((term) => resolved(term, snapshot))
    const wanted = placesOfAll(affinity, snapshot)
    const unwanted = placesOfEach(antiAffinity, snapshot)
    const { singleHosts } = snapshot
    return { state: { affinity, antiAffinity, wanted, unwanted, ...refusals, about: labels, singleHosts } }
  },
  filter(pod, node, state) {
    if (!affinityIsMet(pod, node, state)) return unresolvable("node(s) didn't match pod affinity rules")
    if (state.antiAffinity.some((term) => isUnwanted(term, node, state)))
      return unschedulable("node(s) didn't match pod anti-affinity rules")
    if (isRefused(node, state)) return unschedulable("node(s) didn't satisfy existing pods anti-affinity rules")
    return undefined
  },
  adjusted(pod, other, node, by, state) {
    const { affinity, antiAffinity, singleHosts } = state
    const terms = other.requiredAntiAffinity.filter((term) => termMatches(term, pod, state.about))
    const refusals = new Gathering(node, singleHosts)
    for (const { topologyKey } of terms) refusals.count(topologyKey, 1)
    return {
      ...state,
      wanted: changed(state.wanted, wantedBy(affinity, other, new Gathering(node, singleHosts)), by),
      unwanted: changed(state.unwanted, matchedBy(antiAffinity, other, new Gathering(node, singleHosts)), by),
      refusing: changed(state.refusing, refusals.tally(), by),
      ...(by > 0 ? moreRefusals(state, terms) : {}),
    }
  },
  preScore(pod, snapshot) {
    const own = ownTerms(pod, snapshot)
    if (args.ignorePreferredTermsOfExistingPods && own.length === 0) return SKIP
    const mine = placesOfEach(own, snapshot)
    const others = pointsOfOthers(pod, snapshot, args.hardPodAffinityWeight)
    if (mine.hits + others.hits === 0) return SKIP
    const points = added(mine.places, others.places)
    const { singleHosts } = snapshot
    const hostTerms = singleHosts ? own.filter(({ topologyKey }) => topologyKey === HOSTNAME) : []
    const topologyKeys = [...new Set([...points.keys()].map(topologyKeyOf))]
    return { state: { points, topologyKeys, hostTerms, hostTermsOfOthers: others.onHosts, singleHosts } }
  },
  score(_, node, state) {
    let score = pointsOfHost(node, state)
    for (const topologyKey of state.topologyKeys) score += countOf(state.points, topologyKey, node)
    return score
  },
  /** Scores may be negative: the least becomes 0, the greatest 100. */
  normalize(scores) {
    const least = scores.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
    const span = scores.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY) - least
    return scores.map((score) => (span > 0 ? Math.trunc(MAX_NODE_SCORE * ((score - least) / span)) : 0))
  },
})

function countOf(counts: Counts, topologyKey: string, { labels }: KnownNode): number {
  const value = labels[topologyKey]
  return value === undefined ? 0 : countAt(counts, pair(topologyKey, value))
}

const isHost = (topologyKey: string, { labels }: KnownNode, singleHosts: boolean): boolean =>
  singleHosts && topologyKey === HOSTNAME && labels[HOSTNAME] !== undefined

/** satisfyPodAffinity. The first of a group that wants to be together may go anywhere the keys are known. */
function affinityIsMet(pod: PodInfo, node: KnownNode, { affinity, wanted, singleHosts }: Filtering): boolean {
  if (affinity.some(({ topologyKey }) => node.labels[topologyKey] === undefined)) return false
  const isThere = ({ topologyKey }: ResolvedTerm): boolean =>
    isHost(topologyKey, node, singleHosts)
      ? podsAbout(node, (other) => affinity.every((term) => isAbout(term, other))) > 0
      : countOf(wanted.places, topologyKey, node) > 0
  if (affinity.every(isThere)) return true
  return wanted.hits === 0 && affinity.every((term) => isAbout(term, pod))
}

function isUnwanted(term: ResolvedTerm, node: KnownNode, { unwanted, singleHosts }: Filtering): boolean {
  return isHost(term.topologyKey, node, singleHosts)
    ? podsAbout(node, (other) => isAbout(term, other)) > 0
    : countOf(unwanted.places, term.topologyKey, node) > 0
}

function podsAbout({ pods }: KnownNode, is: (pod: PodInfo) => boolean): number {
  let count = 0
  pods.each((pod) => {
    if (is(pod)) count++
  })
  return count
}

function isRefused(node: KnownNode, { refusing, refusingKeys, refusedOnHosts, singleHosts }: Filtering): boolean {
  if (refusing.hits === 0) return false
  if (refusingKeys.some((key) => countOf(refusing.places, key, node) > 0)) return true
  if (refusedOnHosts.length === 0 || node.podsWithRequiredAntiAffinity.size === 0) return false
  const held = heldOn(node, 'refusing', singleHosts)
  return refusedOnHosts.some((key) => (held.get(key)?.hits ?? 0) > 0)
}

type Refusals = Pick<Filtering, 'refusing' | 'refusingKeys' | 'refusedOnHosts'>

/** getExistingAntiAffinityCounts. */
function refusalsOf(pod: PodInfo, snapshot: Snapshot, labels: Labels): Refusals {
  let refusing = NO_TALLY
  const refusingKeys = new Set<string>()
  const refusedOnHosts: string[] = []
  for (const [key, held] of about(heldTerms(snapshot, 'refusing'), pod, labels)) {
    refusing = together(refusing, held)
    if (snapshot.singleHosts && held.term.topologyKey === HOSTNAME) refusedOnHosts.push(key)
    else refusingKeys.add(held.term.topologyKey)
  }
  return { refusing, refusingKeys: [...refusingKeys], refusedOnHosts }
}

/** A pod that is added to a node may bring terms that nobody had so far. */
const moreRefusals = ({ refusingKeys, refusedOnHosts }: Filtering, terms: readonly AffinityTerm[]) => ({
  refusingKeys: [...new Set([...refusingKeys, ...terms.map(({ topologyKey }) => topologyKey)])],
  refusedOnHosts: [...new Set([...refusedOnHosts, ...terms.map(({ text }) => heldAs(1, text))])],
})

/** updateWithAffinityTerms: a pod counts at the place of every term when it matches all of them. */
function placesOfAll(terms: readonly ResolvedTerm[], { nodes, singleHosts }: Snapshot): Tally {
  if (terms.length === 0) return NO_TALLY
  return summed(nodes, JSON.stringify(['all', singleHosts, terms]), () =>
    talliedBy((node) => {
      const gathering = new Gathering(node, singleHosts)
      node.pods.each((pod) => wantedBy(terms, pod, gathering))
      return gathering.tally()
    }),
  )
}
function wantedBy(terms: readonly ResolvedTerm[], pod: PodInfo, gathering: Gathering): Tally {
  if (terms.length > 0 && terms.every((term) => isAbout(term, pod)))
    for (const { topologyKey } of terms) gathering.count(topologyKey, 1)
  return gathering.tally()
}

/** updateWithAntiAffinityTerms, and processTerms with the terms' weights. */
function placesOfEach(terms: readonly ResolvedTerm[], { nodes, singleHosts }: Snapshot): Tally {
  if (terms.length === 0) return NO_TALLY
  return summed(nodes, JSON.stringify(['each', singleHosts, terms]), () =>
    talliedBy((node) => {
      const gathering = new Gathering(node, singleHosts)
      node.pods.each((pod) => matchedBy(terms, pod, gathering))
      return gathering.tally()
    }),
  )
}
function matchedBy(terms: readonly ResolvedTerm[], pod: PodInfo, gathering: Gathering): Tally {
  for (const term of terms) if (isAbout(term, pod)) gathering.count(term.topologyKey, term.weight)
  return gathering.tally()
}

/** Preferred affinity, and what is disliked with its weight below zero. */
const ownTerms = (
  { preferredAffinity, preferredAntiAffinity }: PodInfo,
  snapshot: Snapshot,
): readonly ResolvedTerm[] =>
  preferredAffinity.length + preferredAntiAffinity.length === 0
    ? []
    : [
        ...preferredAffinity.map((term) => resolved(term, snapshot)),
        ...preferredAntiAffinity.map((term) => resolved({ ...term, weight: -term.weight }, snapshot)),
      ]

interface Points extends Tally {
  readonly onHosts: ReadonlyMap<string, number>
}

/** processExistingPod, what others think of the pod. */
function pointsOfOthers(pod: PodInfo, snapshot: Snapshot, hardWeight: number): Points {
  const labels = namespaceLabels(snapshot, pod.namespace) ?? {}
  const onHosts = new Map<string, number>()
  let points: Tally = NO_TALLY
  for (const [key, held] of about(heldTerms(snapshot, 'judging'), pod, labels)) {
    const weight = held.weight ?? hardWeight
    if (weight === 0) continue
    if (snapshot.singleHosts && held.term.topologyKey === HOSTNAME) onHosts.set(key, weight)
    points = together(points, { places: times(held.places, weight), hits: held.hits })
  }
  return { ...points, onHosts }
}

const times = (counts: Counts, weight: number): Counts =>
  counts.size === 0 ? NO_COUNTS : new Map([...counts].map(([place, count]) => [place, count * weight]))

function pointsOfHost(node: KnownNode, { hostTerms, hostTermsOfOthers, singleHosts }: Scoring): number {
  if (node.labels[HOSTNAME] === undefined) return 0
  let points = 0
  for (const term of hostTerms) points += term.weight * podsAbout(node, (other) => isAbout(term, other))
  if (hostTermsOfOthers.size === 0 || node.podsWithAffinity.size === 0) return points
  for (const [key, held] of heldOn(node, 'judging', singleHosts))
    points += (hostTermsOfOthers.get(key) ?? 0) * held.hits
  return points
}
