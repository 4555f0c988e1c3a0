/** What an Eviction asks for, and what the budgets say to it (pkg/registry/core/pod/storage/eviction.go). */
import { isHealthy, saidInWords, statusOf, withStatus } from '../../lib/disruption-budget.ts'
import { rfc3339 } from '../../lib/time.ts'
import type { ApiRequest, RequestOptions, Status } from '../../protocol/api.ts'
import type { ApiObject, Pod, PodDisruptionBudget } from '../../protocol/objects.ts'
import { failure, forbidden } from '../statuses.ts'

/** As a client writes it: it brings its own DeleteOptions. */
interface Eviction {
  readonly metadata?: { readonly name?: string }
  readonly deleteOptions?: Omit<RequestOptions, 'dryRun'> & { readonly dryRun?: readonly string[] }
}
const evictionIn = ({ body }: ApiRequest): Eviction => (body ?? {}) as Eviction

export const isEviction = ({ subresource }: ApiRequest): boolean => subresource === 'eviction'
export const namesAnother = (request: ApiRequest): boolean =>
  isEviction(request) && evictionIn(request).metadata?.name !== request.name

export const deletionOptions = (request: ApiRequest): RequestOptions =>
  (isEviction(request) ? (evictionIn(request).deleteOptions as RequestOptions | undefined) : undefined) ??
  request.options ??
  {}
/** propagateDryRun: of the request or of what it holds. */
export const isDryRun = (request: ApiRequest): boolean =>
  request.options?.dryRun === true ||
  (isEviction(request) && (evictionIn(request).deleteOptions?.dryRun ?? []).length > 0)

/** An eviction that holds for one version holds for the one that the eviction itself wrote. */
export function following(request: ApiRequest, revision: number): ApiRequest {
  const eviction = evictionIn(request)
  const { deleteOptions } = eviction
  if (deleteOptions?.preconditions?.resourceVersion === undefined) return request
  const preconditions = { ...deleteOptions.preconditions, resourceVersion: String(revision) }
  return { ...request, body: { ...eviction, deleteOptions: { ...deleteOptions, preconditions } } as never }
}
export const holdsForOneVersion = (request: ApiRequest): boolean =>
  deletionOptions(request).preconditions?.resourceVersion !== undefined

/** canIgnorePDB: who has not begun, is at the end or on the way out disrupts nobody. */
export const needsNoBudget = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp !== undefined || ['Pending', 'Succeeded', 'Failed'].includes(status?.phase ?? '')

/** Who is not well does not count, and takes nothing from a budget that is kept, or that lets the unhealthy go. */
export function mayGoWhileUnhealthy(pod: Pod, { spec, status }: PodDisruptionBudget): boolean {
  if (isHealthy(pod)) return false
  const { currentHealthy = 0, desiredHealthy = 0 } = status ?? {}
  return policyOf(spec) === 'AlwaysAllow' || (currentHealthy >= desiredHealthy && desiredHealthy > 0)
}
const policyOf = (spec: PodDisruptionBudget['spec']) =>
  (spec as { readonly unhealthyPodEvictionPolicy?: string } | undefined)?.unhealthyPodEvictionPolicy

const MAX_DISRUPTED = 2_000
/** checkAndDecrement, the first half. @returns undefined when one more may go */
export function refusalBy({ metadata, status }: PodDisruptionBudget): Status | undefined {
  const { name, generation = 0 } = metadata
  const { observedGeneration = 0, disruptionsAllowed = 0, disruptedPods = {} } = status ?? {}
  const { desiredHealthy = 0, currentHealthy = 0 } = status ?? {}
  if (observedGeneration < generation) return stillProcessed(name)
  if (disruptionsAllowed < 0) return forbidden(RESOURCE, name, 'pdb disruptions allowed is negative')
  if (Object.keys(disruptedPods).length > MAX_DISRUPTED) return forbidden(RESOURCE, name, TOO_BIG)
  if (disruptionsAllowed > 0) return undefined
  return violated(
    `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`,
  )
}
const RESOURCE = 'poddisruptionbudget.policy'
const TOO_BIG = 'DisruptedPods map too big - too many evictions not confirmed by PDB controller'

/** checkAndDecrement, the second half: one less may go, and who goes is known to the controller. */
export function withOneLess(budget: PodDisruptionBudget, pod: string, at: number): ApiObject {
  const before = statusOf(budget)
  const status = {
    ...before,
    disruptionsAllowed: before.disruptionsAllowed - 1,
    disruptedPods: { ...before.disruptedPods, [pod]: rfc3339(at) },
  }
  return withStatus(budget, status.disruptionsAllowed === 0 ? saidInWords(status, at) : status)
}

/** createTooManyRequestsError: it may come out well in ten seconds. */
export const stillProcessed = (budget: string): Status =>
  violated(`The disruption budget ${budget} is still being processed by the server.`, 10)

const violated = (message: string, retryAfterSeconds?: number): Status =>
  failure(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", {
    causes: [{ reason: 'DisruptionBudget', message }],
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  })

export const tooManyBudgets = (): Status =>
  failure(500, '', 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.')
