/** Query parameters and DeleteOptions as the options of a request. */
import type { RequestOptions } from '../../protocol/api.ts'

const TEXTS = ['labelSelector', 'fieldSelector', 'resourceVersion', 'resourceVersionMatch', 'continue', 'fieldManager']
const NUMBERS = ['limit', 'timeoutSeconds', 'gracePeriodSeconds']
const FLAGS = ['allowWatchBookmarks', 'sendInitialEvents', 'force']

/** Those that the API knows; an empty one counts as absent. */
export function optionsIn(query: URLSearchParams): RequestOptions {
  const options: Record<string, unknown> = {}
  const given = (name: string): string => query.get(name) ?? ''
  for (const name of TEXTS) if (given(name) !== '') options[name] = given(name)
  for (const name of NUMBERS) if (/^-?\d+$/.test(given(name))) options[name] = Number(given(name))
  for (const name of FLAGS) if (query.has(name)) options[name] = isTrue(given(name))
  if (given('propagationPolicy') !== '') options['propagationPolicy'] = given('propagationPolicy')
  if (given('orphanDependents') !== '') options['propagationPolicy'] = policyOf(isTrue(given('orphanDependents')))
  if (query.has('dryRun')) options['dryRun'] = true
  return options
}

/** The body of a DELETE over its query. metav1.DeleteOptions. */
export function withDeleteOptions(options: RequestOptions, body: unknown): RequestOptions {
  if (typeof body !== 'object' || body === null) return options
  const { dryRun, orphanDependents, gracePeriodSeconds, propagationPolicy, preconditions } = body as DeleteOptions
  return {
    ...options,
    ...(typeof gracePeriodSeconds === 'number' ? { gracePeriodSeconds } : {}),
    ...(typeof orphanDependents === 'boolean' ? { propagationPolicy: policyOf(orphanDependents) } : {}),
    ...(propagationPolicy ? { propagationPolicy } : {}),
    ...(preconditions === undefined || preconditions === null ? {} : { preconditions }),
    ...(Array.isArray(dryRun) && dryRun.length > 0 ? { dryRun: true } : {}),
  }
}

interface DeleteOptions extends Pick<RequestOptions, 'gracePeriodSeconds' | 'propagationPolicy' | 'preconditions'> {
  readonly dryRun?: readonly string[] | null
  readonly orphanDependents?: boolean
}

const policyOf = (orphan: boolean): 'Orphan' | 'Background' => (orphan ? 'Orphan' : 'Background')

/** Go's conversion of a query parameter to a bool: empty, `false` and `0` are false, all else is true. */
export const isTrue = (text: string): boolean => text !== 'false' && text !== '0'
