/**
 * Extenders: processes of somebody else that have a say in where pods go (scheduler/extender.go). What they are asked
 * and what becomes of their answers, as plain functions; the asking itself is `extender-round`.
 */
import type { ExtenderAnswered, ExtenderAsked } from '../protocol/extender.ts'
import type { Node, Pod } from '../protocol/objects.ts'

export interface Extender {
  readonly urlPrefix: string
  /** Verbs are appended to the prefix; '': it is not asked that. */
  readonly filterVerb: string
  readonly prioritizeVerb: string
  readonly preemptVerb: string
  readonly bindVerb: string
  readonly weight: number
  readonly httpTimeoutMs: number
  /** It knows the nodes, and is told their names alone. */
  readonly nodeCacheCapable: boolean
  /** Only pods that ask for one of these are its business; none: all pods. */
  readonly managedResources: readonly ManagedResource[]
  /** Its failure fails nothing. */
  readonly ignorable: boolean
}
export interface ManagedResource {
  readonly name: string
  /** NodeResourcesFit does not look at it. */
  readonly ignoredByScheduler: boolean
}

/** Whoever is no part of the scheduler and rejected a pod: everything that happens may help it. */
export const EXTENDER = 'Extender'

/** IsInterested. */
export function isInterested({ managedResources }: Extender, { spec }: Pod): boolean {
  if (managedResources.length === 0) return true
  const containers = [...spec.containers, ...(spec.initContainers ?? [])]
  return containers.some(({ resources }) =>
    managedResources.some(({ name }) => name in (resources?.requests ?? {}) || name in (resources?.limits ?? {})),
  )
}

/** What a round of extenders has found so far. */
export type Round = Filtering | Prioritizing | Preempting
export interface Filtering {
  readonly phase: 'filter'
  readonly nodes: readonly Node[]
  /** Why not the others. */
  readonly refused: Readonly<Record<string, Refused>>
}
export interface Refused {
  readonly code: 'Unschedulable' | 'UnschedulableAndUnresolvable'
  readonly reason: string
}
export interface Prioritizing {
  readonly phase: 'prioritize'
  readonly nodes: readonly Node[]
  /** By node, weighted. */
  readonly scores: Readonly<Record<string, number>>
}
export interface Preempting {
  readonly phase: 'preempt'
  readonly victims: Readonly<Record<string, Victims>>
}
export interface Victims {
  readonly pods: readonly Pod[]
  readonly violations: number
}

const VERBS = { filter: 'filterVerb', prioritize: 'prioritizeVerb', preempt: 'preemptVerb' } as const

/** Those that are asked in this phase of the attempt, in order. */
export const askedIn = (phase: Round['phase'], extenders: readonly Extender[], pod: Pod): readonly Extender[] =>
  extenders.filter((extender) => extender[VERBS[phase]] !== '' && isInterested(extender, pod))

export const urlOf = ({ urlPrefix }: Extender, verb: string): string => `${urlPrefix.replace(/\/+$/, '')}/${verb}`

export function question(extender: Extender, pod: Pod, round: Round): ExtenderAsked {
  const url = urlOf(extender, extender[VERBS[round.phase]])
  if (round.phase === 'preempt')
    return { type: 'extender.asked', url, body: { Pod: pod, ...victimsFor(extender, round) } }
  const { nodes } = round
  const told = extender.nodeCacheCapable
    ? { NodeNames: nodes.map(({ metadata }) => metadata.name), Nodes: null }
    : { Nodes: { items: nodes }, NodeNames: null }
  return { type: 'extender.asked', url, body: { Pod: pod, ...told } }
}

function victimsFor({ nodeCacheCapable }: Extender, { victims }: Preempting) {
  const of = (told: (pod: Pod) => unknown) =>
    Object.fromEntries(
      Object.entries(victims).map(([node, { pods, violations }]) => [
        node,
        { Pods: pods.map(told), NumPDBViolations: violations },
      ]),
    )
  return nodeCacheCapable
    ? { NodeNameToMetaVictims: of(({ metadata }) => ({ UID: metadata.uid })), NodeNameToVictims: null }
    : { NodeNameToVictims: of((pod) => pod), NodeNameToMetaVictims: null }
}

/** What is found once an extender has answered; a text: why its answer is none. */
export function heard(extender: Extender, round: Round, answered: ExtenderAnswered): Round | string {
  const failed = failure(extender, extender[VERBS[round.phase]], answered)
  if (failed !== undefined) return failed
  const { body } = answered
  if (round.phase === 'filter') return filtered(extender, round, body)
  if (round.phase === 'prioritize') return prioritized(extender, round, body)
  return preempted(extender, round, body)
}

function filtered({ urlPrefix, nodeCacheCapable }: Extender, { nodes, refused }: Filtering, body: unknown) {
  const error = at(body, 'Error')
  if (typeof error === 'string' && error !== '') return error
  const names = nodeCacheCapable ? at(body, 'NodeNames') : undefined
  const listed = Array.isArray(names) ? names.map(String) : namesIn(at(at(body, 'Nodes'), 'items'))
  const known = new Map(nodes.map((node) => [node.metadata.name, node]))
  const stranger = listed.find((name) => !known.has(name))
  if (stranger !== undefined)
    return `extender "${urlPrefix}" claims a filtered node "${stranger}" which is not found in the input node list`
  const why: Record<string, Refused> = { ...refused }
  for (const [name, reason] of entriesAt(body, 'FailedNodes'))
    why[name] = { code: 'Unschedulable', reason: String(reason) }
  for (const [name, reason] of entriesAt(body, 'FailedAndUnresolvableNodes'))
    why[name] = { code: 'UnschedulableAndUnresolvable', reason: String(reason) }
  return { phase: 'filter' as const, nodes: listed.map((name) => known.get(name) as Node), refused: why }
}
const namesIn = (items: unknown): readonly string[] =>
  (Array.isArray(items) ? (items as readonly Node[]) : []).map(({ metadata }) => metadata.name)

/** Scores go from 0 to 10 (MaxExtenderPriority), those of plugins to 100. */
const SCALE = 10

function prioritized({ weight }: Extender, { nodes, scores }: Prioritizing, body: unknown): Prioritizing {
  const sum: Record<string, number> = { ...scores }
  for (const one of Array.isArray(body) ? body : []) {
    const name = String(at(one, 'Host'))
    sum[name] = (sum[name] ?? 0) + Number(at(one, 'Score') ?? 0) * weight * SCALE
  }
  return { phase: 'prioritize', nodes, scores: sum }
}

/** Nodes that it does not name are out; of the others it may spare pods. */
function preempted({ ignorable, nodeCacheCapable }: Extender, { victims }: Preempting, body: unknown) {
  const left: Record<string, Victims> = {}
  const metaVictims = entriesAt(body, 'NodeNameToMetaVictims')
  for (const [node, told] of nodeCacheCapable || metaVictims.length > 0
    ? metaVictims
    : entriesAt(body, 'NodeNameToVictims')) {
    const uids = ((at(told, 'Pods') ?? []) as readonly unknown[]).map(
      (one) => at(one, 'UID') ?? at(at(one, 'metadata'), 'uid'),
    )
    const pods = (victims[node]?.pods ?? []).filter(({ metadata }) => uids.includes(metadata.uid))
    if (pods.length === 0 && !ignorable) return `expected at least one victim pod on node "${node}"`
    if (pods.length > 0) left[node] = { pods, violations: Number(at(told, 'NumPDBViolations') ?? 0) }
  }
  return { phase: 'preempt' as const, victims: left }
}

/** Go's decoder takes the name of a field in any case. */
function at(value: unknown, field: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  const key = Object.keys(value).find((one) => one.toLowerCase() === field.toLowerCase())
  return key === undefined ? undefined : (value as Record<string, unknown>)[key]
}
const entriesAt = (value: unknown, field: string): readonly (readonly [string, unknown])[] =>
  Object.entries((at(value, field) ?? {}) as object)

/** The first that binds, and whose business the pod is. */
export const binderOf = (extenders: readonly Extender[], pod: Pod): Extender | undefined =>
  extenders.find((extender) => extender.bindVerb !== '' && isInterested(extender, pod))

/** ExtenderBindingArgs. */
export const bindQuestion = (extender: Extender, { metadata }: Pod, node: string): ExtenderAsked => ({
  type: 'extender.asked',
  url: urlOf(extender, extender.bindVerb),
  body: { PodName: metadata.name, PodNamespace: metadata.namespace, PodUID: metadata.uid, Node: node },
})
/** Why it did not bind; undefined: it did. */
export function bindError(extender: Extender, answered: ExtenderAnswered): string | undefined {
  const failed = failure(extender, extender.bindVerb, answered)
  if (failed !== undefined) return failed
  const error = at(answered.body, 'Error')
  return typeof error === 'string' && error !== '' ? error : undefined
}

function failure(extender: Extender, verb: string, { code, error }: ExtenderAnswered): string | undefined {
  const url = urlOf(extender, verb)
  if (error !== undefined) return `Post "${url}": ${error}`
  return code === 200 ? undefined : `failed ${verb} with extender at URL ${url}, code ${code}`
}
