/** What a budget's pods come to: how many there are to be, how many must stay, how many are well (disruption.trySync). */
import { BUDGETS, isHealthy, isSaid, protects, saidInWords, statusOf, withStatus } from '../../lib/disruption-budget.ts'
import { scaledValue } from '../../lib/int-or-percent.ts'
import { placeAt } from '../../lib/requests.ts'
import { parseTime } from '../../lib/time.ts'
import type { EventHappened, View } from '../../protocol/cache.ts'
import type { ApiObject, OwnerReference, Pod, PodDisruptionBudget } from '../../protocol/objects.ts'
import { happened } from '../kit/sync.ts'
import { type Asked, type Sum, scaleOfAll } from './scales.ts'
import { shownSelector } from './selector-text.ts'

/** DeletionTimeout: within this time a pod whose eviction was granted has to be seen on its way out. */
const DELETION_TIMEOUT_MS = 120_000
/** The recheck goes through the queue of retries: BaseDelay. */
const RECHECK_DELAY_MS = 5

/** A first look at a budget: the events are told whatever comes of it. */
export interface Count {
  readonly events: readonly EventHappened[]
  /** Whose scale must be asked for before anything can be counted. */
  readonly ask?: OwnerReference
  /** Why it cannot be counted. */
  readonly why?: string
  /** The budget as it is to be; absent when nothing is wrong with it. */
  readonly right?: ApiObject
  /** When those whose eviction was granted have to be gone. */
  readonly recheckMs?: number
}

/** getPodsForPdb */
export function podsOf(budget: PodDisruptionBudget, view: View): readonly Pod[] {
  const all = view.pods?.by.namespace?.get(budget.metadata.namespace ?? '')
  return all === undefined ? [] : all.values().filter((pod) => protects(budget, pod))
}
export const budgetAt = (view: View, key: string): PodDisruptionBudget | undefined => view[BUDGETS]?.objects.get(key)

export function counted(budget: PodDisruptionBudget, view: View, asked: Asked, at: number): Count {
  const pods = podsOf(budget, view)
  const nobody = pods.length > 0 ? [] : [happened(budget, 'Normal', 'NoPods', 'No matching pods found')]
  const wanted = wantedOf(budget, pods, view, asked)
  if ('ask' in wanted) return { events: [], ask: wanted.ask }
  if ('why' in wanted) return { events: [...nobody, uncounted(budget, wanted.why)], why: wanted.why }
  const unmanaged = wanted.unmanaged ? [happened(budget, 'Warning', 'UnmanagedPods', unmanagedText(budget))] : []
  const disrupted = disruptedOf(budget, pods, at)
  const right = rightStatus(budget, wanted, healthyIn(pods, disrupted.still, at), disrupted.still, at)
  return {
    events: [...nobody, ...unmanaged, ...disrupted.events],
    ...(right === undefined ? {} : { right }),
    ...(disrupted.recheckMs === undefined ? {} : { recheckMs: disrupted.recheckMs }),
  }
}

export const uncounted = (budget: PodDisruptionBudget, why: string): EventHappened =>
  happened(
    budget,
    'Warning',
    'CalculateExpectedPodCountFailed',
    `Failed to calculate the number of expected pods: ${why}`,
  )

interface Wanted {
  readonly expected: number
  readonly desired: number
  readonly unmanaged: boolean
}
/** getExpectedPodCount: only of a number that must stay it does not matter how many there are meant to be. */
function wantedOf(
  { spec }: PodDisruptionBudget,
  pods: readonly Pod[],
  view: View,
  asked: Asked,
): Wanted | Exclude<Sum, { expected: number }> {
  const { minAvailable, maxUnavailable } = spec ?? {}
  if (maxUnavailable === undefined && typeof minAvailable !== 'string') {
    const expected = minAvailable === undefined ? 0 : pods.length
    return { expected, desired: minAvailable ?? 0, unmanaged: false }
  }
  const sum = scaleOfAll(pods, view, asked)
  if (!('expected' in sum)) return sum
  const share = scaledValue(maxUnavailable ?? minAvailable ?? 0, sum.expected, true) ?? 0
  const desired = maxUnavailable === undefined ? share : Math.max(0, sum.expected - share)
  return { ...sum, desired }
}

type Disrupted = Readonly<Record<string, string>>
interface StillDisrupted {
  readonly still: Disrupted
  readonly events: readonly EventHappened[]
  readonly recheckMs?: number
}
/** buildDisruptedPodMap: of those whose eviction was granted, who is neither on the way out nor overdue. */
function disruptedOf(budget: PodDisruptionBudget, pods: readonly Pod[], at: number): StillDisrupted {
  const granted: Disrupted = (budget.status?.disruptedPods ?? {}) as Disrupted
  const listed = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined && metadata.name in granted)
  const dueOf = ({ metadata }: Pod): number => parseTime(granted[metadata.name] ?? '') + DELETION_TIMEOUT_MS
  const waiting = listed.filter((pod) => dueOf(pod) >= at)
  const { namespace } = budget.metadata
  // The real message names the namespace twice.
  const message = `Pod was expected by PDB ${namespace}/${namespace} to be deleted but it wasn't`
  return {
    still: Object.fromEntries(waiting.map(({ metadata: { name } }) => [name, granted[name] ?? ''])),
    events: listed.filter((pod) => dueOf(pod) < at).map((pod) => happened(pod, 'Warning', 'NotDeleted', message)),
    ...(waiting.length === 0 ? {} : { recheckMs: Math.min(...waiting.map(dueOf)) - at + RECHECK_DELAY_MS }),
  }
}

/** countHealthyPods */
const healthyIn = (pods: readonly Pod[], disrupted: Disrupted, at: number): number =>
  pods.filter((pod) => {
    const { deletionTimestamp, name } = pod.metadata
    const since = disrupted[name]
    const goes = since !== undefined && parseTime(since) + DELETION_TIMEOUT_MS > at
    return deletionTimestamp === undefined && !goes && isHealthy(pod)
  }).length

/** updatePdbStatus. A budget of nobody allows nothing, so that it is safe for the first who comes. */
function rightStatus(
  budget: PodDisruptionBudget,
  { expected, desired }: Wanted,
  healthy: number,
  disrupted: Disrupted,
  at: number,
): ApiObject | undefined {
  const { generation } = budget.metadata
  const { disruptedPods: _, ...before } = statusOf(budget)
  const counts = {
    currentHealthy: healthy,
    desiredHealthy: desired,
    expectedPods: expected,
    disruptionsAllowed: expected <= 0 ? 0 : Math.max(0, healthy - desired),
    ...(generation === undefined ? {} : { observedGeneration: generation }),
  }
  const isRight =
    Object.entries(counts).every(([name, value]) => before[name as keyof typeof counts] === value) &&
    sameNames(budget.status?.disruptedPods ?? {}, disrupted) &&
    isSaid(budget)
  if (isRight) return undefined
  const disruptedPods = Object.keys(disrupted).length === 0 ? {} : { disruptedPods: disrupted }
  return withStatus(budget, saidInWords({ ...before, ...counts, ...disruptedPods }, at))
}
const sameNames = (a: object, b: object): boolean =>
  Object.keys(a).length === Object.keys(b).length && Object.keys(a).every((name) => name in b)

const unmanagedText = ({ spec }: PodDisruptionBudget): string =>
  `Pods selected by this PodDisruptionBudget (selector: ${shownSelector(spec?.selector)}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.`

export const namespaceOf = (key: string): string | undefined => placeAt('', key).namespace
