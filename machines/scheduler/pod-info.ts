/** What scheduling needs of a pod, worked out once per pod: framework.PodInfo. */

import { sameJson } from '../lib/go-text.ts'
import { oncePer } from '../lib/once-per.ts'
import { type Labels, labelsMatch } from '../lib/selector.ts'
import { type core, keyOf, type LabelSelector, type Pod } from '../protocol/objects.ts'
import { isEmpty, NO_LABELS } from './labels.ts'
import { type NonZero, nonZeroRequestsOf, type Resources, requestsOf } from './resources.ts'

export interface PodInfo {
  readonly pod: Pod
  /** `namespace/name`. */
  readonly key: string
  readonly namespace: string
  readonly labels: Labels
  readonly isTerminating: boolean
  readonly priority: number
  readonly requests: Resources
  readonly nonZero: NonZero
  readonly hostPorts: readonly HostPort[]
  /** The claims that its volumes name; those that are made for the pod itself are not among them. */
  readonly claimNames: readonly string[]
  readonly requiredAffinity: readonly AffinityTerm[]
  readonly requiredAntiAffinity: readonly AffinityTerm[]
  readonly preferredAffinity: readonly WeightedTerm[]
  readonly preferredAntiAffinity: readonly WeightedTerm[]
}
export interface HostPort {
  readonly ip: string
  readonly protocol: string
  readonly port: number
}
export interface AffinityTerm {
  readonly namespaces: readonly string[]
  readonly namespaceSelector: LabelSelector | undefined
  readonly selector: LabelSelector | undefined
  readonly topologyKey: string
  /** The same text means the same term. */
  readonly text: string
}
export interface WeightedTerm extends AffinityTerm {
  readonly weight: number
}

export const podInfoOf: (pod: Pod) => PodInfo = oncePer((pod) => {
  const namespace = pod.metadata.namespace ?? 'default'
  const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {}
  return {
    pod,
    key: keyOf(pod),
    namespace,
    labels: pod.metadata.labels ?? NO_LABELS,
    isTerminating: pod.metadata.deletionTimestamp !== undefined,
    priority: pod.spec.priority ?? 0,
    requests: requestsOf(pod),
    nonZero: nonZeroRequestsOf(pod),
    hostPorts: hostPortsOf(pod),
    claimNames: (pod.spec.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []),
    requiredAffinity: required(podAffinity, namespace),
    requiredAntiAffinity: required(podAntiAffinity, namespace),
    preferredAffinity: preferred(podAffinity, namespace),
    preferredAntiAffinity: preferred(podAntiAffinity, namespace),
  }
})

/** What is summed and indexed of both is the same. Only for plain pods: ports, claims and terms are kept with the pod. */
export const countsTheSame = (a: PodInfo, b: PodInfo): boolean =>
  isPlain(a) &&
  isPlain(b) &&
  a.pod.metadata.deletionTimestamp === b.pod.metadata.deletionTimestamp &&
  sameJson(a.labels, b.labels) &&
  (a.requests === b.requests || sameJson(a.requests, b.requests)) &&
  (a.nonZero === b.nonZero || sameJson(a.nonZero, b.nonZero))

const isPlain = (info: PodInfo): boolean =>
  info.hostPorts.length +
    info.claimNames.length +
    info.requiredAffinity.length +
    info.requiredAntiAffinity.length +
    info.preferredAffinity.length +
    info.preferredAntiAffinity.length ===
  0

type Rules = core.PodAffinity | core.PodAntiAffinity | undefined

const required = (rules: Rules, namespace: string): readonly AffinityTerm[] =>
  (rules?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map((term) => termOf(term, namespace))
const preferred = (rules: Rules, namespace: string): readonly WeightedTerm[] =>
  (rules?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm, weight }) => ({
    ...termOf(podAffinityTerm, namespace),
    weight,
  }))

/** A term that names no namespaces and selects none is about the pod's own. */
function termOf(term: core.PodAffinityTerm, namespace: string): AffinityTerm {
  const own = (term.namespaces ?? []).length === 0 && term.namespaceSelector === undefined
  const of = {
    namespaces: own ? [namespace] : (term.namespaces ?? []),
    namespaceSelector: term.namespaceSelector,
    selector: term.labelSelector,
    topologyKey: term.topologyKey,
  }
  return { ...of, text: JSON.stringify(of) }
}

/** framework.AffinityTerm.Matches. Labels of the namespace are undefined when no such namespace is known. */
export function termMatches(term: AffinityTerm, pod: PodInfo, namespaceLabels: Labels | undefined): boolean {
  return (
    (term.namespaces.includes(pod.namespace) || selectsNamespace(term.namespaceSelector, namespaceLabels)) &&
    labelsMatch(term.selector, pod.labels)
  )
}

function selectsNamespace(selector: LabelSelector | undefined, labels: Labels | undefined): boolean {
  if (selector === undefined) return false
  return isEmpty(selector) || (labels !== undefined && labelsMatch(selector, labels))
}

const NO_PORTS: readonly HostPort[] = []

/** Ports of the node that the pod takes: util.GetHostPorts. Those of init containers, sidecars too, are ignored. */
function hostPortsOf({ spec }: Pod): readonly HostPort[] {
  const ports = spec.containers.flatMap(({ ports = [] }) =>
    ports.flatMap(({ hostPort = 0, hostIP, protocol }) =>
      hostPort > 0 ? [{ ip: hostIP || '0.0.0.0', protocol: protocol || 'TCP', port: hostPort }] : [],
    ),
  )
  return ports.length === 0 ? NO_PORTS : ports
}
