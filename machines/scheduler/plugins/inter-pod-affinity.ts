/** InterPodAffinity: pods that want to be, or not to be, where certain other pods are. */

import type { Labels } from '../../lib/selector.ts'
import { countAt, isAbout, type ResolvedTerm, resolved } from '../affinity-terms.ts'
import { namespaceLabels, type Snapshot } from '../cache.ts'
import { MAX_NODE_SCORE, type Plugin, SKIP, unresolvable, unschedulable } from '../framework.ts'
import { type HeldTerm, heldAbout, tallyOf } from '../held-terms.ts'
import type { KnownNode } from '../node-info.ts'
import { type AffinityTerm, type PodInfo, termMatches } from '../pod-info.ts'
import { candidatesFor, countOn, type PodsOnNodes } from '../pods-by-label.ts'
import { candidatesForAll, matchedBy, placesOfAll, placesOfEach, wantedBy } from '../term-places.ts'
import {
  added,
  type Counts,
  changed,
  Gathering,
  HOSTNAME,
  NO_COUNTS,
  NO_TALLY,
  pair,
  type Tally,
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
  readonly refusedOnHosts: readonly HeldTerm[]
  /** Pods that the affinity terms may select, and each of the anti-affinity terms. */
  readonly near: PodsOnNodes
  readonly apart: readonly PodsOnNodes[]
  /** In a dry run the node has other pods than the cluster: they are asked themselves. */
  readonly isTrial: boolean
  /** The labels of the pod's namespace, which the terms of others may select. */
  readonly about: Labels
  readonly singleHosts: boolean
}
interface Scoring {
  readonly points: Counts
  readonly topologyKeys: readonly string[]
  /** Own terms and those of others that are about single hosts. */
  readonly hostTerms: readonly HostTerm[]
  readonly hostTermsOfOthers: readonly HostTermOfOthers[]
}
interface HostTerm {
  readonly term: ResolvedTerm
  readonly candidates: PodsOnNodes
}
interface HostTermOfOthers {
  readonly holders: HeldTerm['holders']
  readonly weight: number
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
    const { singleHosts, labelled } = snapshot
    const near = candidatesForAll(affinity, snapshot)
    const apart = antiAffinity.map(({ selector }) => candidatesFor(labelled, selector))
    const tallies = { wanted, unwanted, ...refusals }
    return { state: { affinity, antiAffinity, near, apart, ...tallies, about: labels, isTrial: false, singleHosts } }
  },
  filter(pod, node, state) {
    if (!affinityIsMet(pod, node, state)) return unresolvable("node(s) didn't match pod affinity rules")
    if (state.antiAffinity.some((term, i) => isUnwanted(term, i, node, state)))
      return unschedulable("node(s) didn't match pod anti-affinity rules")
    if (isRefused(pod, node, state)) return unschedulable("node(s) didn't satisfy existing pods anti-affinity rules")
    return undefined
  },
  adjusted(pod, other, node, by, state) {
    const { affinity, antiAffinity, singleHosts } = state
    const terms = other.requiredAntiAffinity.filter((term) => termMatches(term, pod, state.about))
    const refusals = new Gathering(node.node, singleHosts)
    for (const { topologyKey } of terms) refusals.count(topologyKey, 1)
    return {
      ...state,
      wanted: changed(state.wanted, wantedBy(affinity, other, new Gathering(node.node, singleHosts)), by),
      unwanted: changed(state.unwanted, matchedBy(antiAffinity, other, new Gathering(node.node, singleHosts)), by),
      refusing: changed(state.refusing, refusals.tally(), by),
      ...(by > 0 ? moreRefusals(state, terms) : {}),
      isTrial: true,
    }
  },
  preScore(pod, snapshot) {
    const own = ownTerms(pod, snapshot)
    if (args.ignorePreferredTermsOfExistingPods && own.length === 0) return SKIP
    const mine = placesOfEach(own, snapshot)
    const others = pointsOfOthers(pod, snapshot, args.hardPodAffinityWeight)
    if (mine.hits + others.hits === 0) return SKIP
    const points = added(mine.places, others.places)
    const { singleHosts, labelled } = snapshot
    const onHosts = singleHosts ? own.filter(({ topologyKey }) => topologyKey === HOSTNAME) : []
    const hostTerms = onHosts.map((term) => ({ term, candidates: candidatesFor(labelled, term.selector) }))
    const topologyKeys = [...new Set([...points.keys()].map(topologyKeyOf))]
    return { state: { points, topologyKeys, hostTerms, hostTermsOfOthers: others.onHosts } }
  },
  scoreEach: (_, nodes, state) => nodes.map((node) => pointsOf(node, state)),
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
function affinityIsMet(pod: PodInfo, node: KnownNode, state: Filtering): boolean {
  const { affinity, wanted, near, singleHosts } = state
  if (affinity.some(({ topologyKey }) => node.labels[topologyKey] === undefined)) return false
  const isThere = ({ topologyKey }: ResolvedTerm): boolean =>
    isHost(topologyKey, node, singleHosts)
      ? hasPod(near, node, state, (other) => affinity.every((term) => isAbout(term, other)))
      : countOf(wanted.places, topologyKey, node) > 0
  if (affinity.every(isThere)) return true
  return wanted.hits === 0 && affinity.every((term) => isAbout(term, pod))
}

function isUnwanted(term: ResolvedTerm, i: number, node: KnownNode, state: Filtering): boolean {
  return isHost(term.topologyKey, node, state.singleHosts)
    ? hasPod(state.apart[i] as PodsOnNodes, node, state, (other) => isAbout(term, other))
    : countOf(state.unwanted.places, term.topologyKey, node) > 0
}

function hasPod(
  candidates: PodsOnNodes,
  node: KnownNode,
  { isTrial }: Filtering,
  is: (pod: PodInfo) => boolean,
): boolean {
  return isTrial ? node.pods.values().some(is) : countOn(candidates, node.name, is) > 0
}

function isRefused(pod: PodInfo, node: KnownNode, state: Filtering): boolean {
  const { refusing, refusingKeys, refusedOnHosts, isTrial, about, singleHosts } = state
  if (refusing.hits === 0) return false
  if (refusingKeys.some((key) => countOf(refusing.places, key, node) > 0)) return true
  if (!isTrial)
    return refusedOnHosts.some(({ holders }) => holders.has(node.name) && node.labels[HOSTNAME] !== undefined)
  if (!isHost(HOSTNAME, node, singleHosts)) return false
  const refuses = (term: AffinityTerm): boolean => term.topologyKey === HOSTNAME && termMatches(term, pod, about)
  return node.podsWithRequiredAntiAffinity.values().some((other) => other.requiredAntiAffinity.some(refuses))
}

type Refusals = Pick<Filtering, 'refusing' | 'refusingKeys' | 'refusedOnHosts'>

/** getExistingAntiAffinityCounts. */
function refusalsOf(pod: PodInfo, { refusing: held, singleHosts }: Snapshot, labels: Labels): Refusals {
  let refusing = NO_TALLY
  const refusingKeys = new Set<string>()
  const refusedOnHosts: HeldTerm[] = []
  for (const one of heldAbout(held, pod, labels)) {
    refusing = together(refusing, tallyOf(one, singleHosts))
    if (singleHosts && one.term.topologyKey === HOSTNAME) refusedOnHosts.push(one)
    else refusingKeys.add(one.term.topologyKey)
  }
  return { refusing, refusingKeys: [...refusingKeys], refusedOnHosts }
}

/** A pod that is added to a node may bring terms about places of which nobody had any so far. */
const moreRefusals = ({ refusingKeys }: Filtering, terms: readonly AffinityTerm[]) => ({
  refusingKeys: [...new Set([...refusingKeys, ...terms.map(({ topologyKey }) => topologyKey)])],
})

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
  readonly onHosts: readonly HostTermOfOthers[]
}

/** processExistingPod, what others think of the pod. */
function pointsOfOthers(pod: PodInfo, snapshot: Snapshot, hardWeight: number): Points {
  const { judging, singleHosts } = snapshot
  const labels = namespaceLabels(snapshot, pod.namespace) ?? {}
  const onHosts: HostTermOfOthers[] = []
  let points: Tally = NO_TALLY
  for (const held of heldAbout(judging, pod, labels)) {
    const weight = held.weight ?? hardWeight
    if (weight === 0) continue
    if (singleHosts && held.term.topologyKey === HOSTNAME) onHosts.push({ holders: held.holders, weight })
    const { places, hits } = tallyOf(held, singleHosts)
    points = together(points, { places: times(places, weight), hits })
  }
  return { onHosts, ...points }
}

const times = (counts: Counts, weight: number): Counts =>
  counts.size === 0 ? NO_COUNTS : new Map([...counts].map(([place, count]) => [place, count * weight]))

function pointsOf(node: KnownNode, state: Scoring): number {
  let points = pointsOfHost(node, state)
  for (const topologyKey of state.topologyKeys) points += countOf(state.points, topologyKey, node)
  return points
}

function pointsOfHost({ name, labels }: KnownNode, { hostTerms, hostTermsOfOthers }: Scoring): number {
  if (labels[HOSTNAME] === undefined) return 0
  let points = 0
  for (const { term, candidates } of hostTerms)
    points += term.weight * countOn(candidates, name, (other) => isAbout(term, other))
  for (const { holders, weight } of hostTermsOfOthers) points += weight * (holders.get(name)?.pods ?? 0)
  return points
}
