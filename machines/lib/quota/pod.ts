/** What a pod counts for against a quota: pkg/quota/v1/evaluator/core/pods.go. */

import type { core, Pod } from '../../protocol/objects.ts'
import { add, compare, formatQuantity, type Quantity } from '../quantity.ts'
import { parseTime } from '../time.ts'
import { type Amounts, quantityOf } from './amounts.ts'

const COMPUTE = ['cpu', 'memory', 'ephemeral-storage'] as const
/** Names that a quota may hold a pod to, whatever the cluster has. */
export const POD_AMOUNTS: ReadonlySet<string> = new Set([
  'count/pods',
  'pods',
  ...COMPUTE.flatMap((name) => [name, `requests.${name}`, `limits.${name}`]),
])
const HUGE_PAGES = 'hugepages-'
const REQUESTS = 'requests.'

/** Names of which there may be any: huge pages, and extended resources such as `requests.example.com/gpu`. */
export const isPodAmount = (name: string): boolean =>
  POD_AMOUNTS.has(name) ||
  name.startsWith(HUGE_PAGES) ||
  name.startsWith(`${REQUESTS}${HUGE_PAGES}`) ||
  (name.startsWith(REQUESTS) && isExtended(name.slice(REQUESTS.length)))
const isExtended = (name: string): boolean => name.includes('/') && !name.includes('kubernetes.io/')

/** QuotaV1Pod: a finished pod, or one that should have been gone for long, holds nothing but its name. */
export function isCharged({ metadata, status }: Pod, at: number): boolean {
  if (status?.phase === 'Failed' || status?.phase === 'Succeeded') return false
  const { deletionTimestamp, deletionGracePeriodSeconds } = metadata
  if (deletionTimestamp === undefined || deletionGracePeriodSeconds === undefined) return true
  return at <= parseTime(deletionTimestamp) + deletionGracePeriodSeconds * 1_000
}

export function podUsage(pod: Pod, at: number): Amounts {
  if (!isCharged(pod, at)) return { 'count/pods': '1' }
  const { overhead } = pod.spec as { readonly overhead?: Amounts }
  const requests = together(pod, 'requests')
  const limits = together(pod, 'limits')
  for (const [name, amount] of Object.entries(overhead ?? {})) {
    increase(requests, name, quantityOf(amount))
    if (limits.has(name)) increase(limits, name, quantityOf(amount))
  }
  return { 'count/pods': '1', ...computed(requests, limits) }
}

type Sums = Map<string, Quantity>

/** podComputeUsageHelper */
function computed(requests: Sums, limits: Sums): Amounts {
  const usage: Record<string, string> = { pods: '1' }
  for (const [name, amount] of requests) {
    const text = formatQuantity(amount)
    const isCompute = (COMPUTE as readonly string[]).includes(name)
    if (isCompute || name.startsWith(HUGE_PAGES)) usage[name] = text
    if (isCompute || name.startsWith(HUGE_PAGES) || isExtended(name)) usage[`${REQUESTS}${name}`] = text
  }
  for (const name of COMPUTE) {
    const limit = limits.get(name)
    if (limit !== undefined) usage[`limits.${name}`] = formatQuantity(limit)
  }
  return usage
}

/** resourcehelper.PodRequests: containers run together, init containers one after another beside their sidecars. */
function together({ spec }: Pod, of: 'requests' | 'limits'): Sums {
  const total: Sums = new Map()
  const sidecars: Sums = new Map()
  const greatest: Sums = new Map()
  for (const container of spec.containers ?? []) include(total, amountsOf(container, of))
  for (const container of spec.initContainers ?? []) {
    const isSidecar = (container as { readonly restartPolicy?: string }).restartPolicy === 'Always'
    const own = amountsOf(container, of)
    if (isSidecar) {
      include(total, own)
      include(sidecars, own)
    }
    const beside: Sums = new Map(sidecars)
    if (!isSidecar) include(beside, own)
    for (const [name, amount] of beside) raise(greatest, name, amount)
  }
  for (const [name, amount] of greatest) raise(total, name, amount)
  return total
}
const amountsOf = ({ resources }: core.Container, of: 'requests' | 'limits'): Amounts =>
  (resources?.[of] ?? {}) as Amounts
function include(sums: Sums, amounts: Amounts): void {
  for (const [name, amount] of Object.entries(amounts)) increase(sums, name, quantityOf(amount))
}
function increase(sums: Sums, name: string, amount: Quantity): void {
  const known = sums.get(name)
  sums.set(name, known === undefined ? amount : add(known, amount))
}
function raise(sums: Sums, name: string, amount: Quantity): void {
  const known = sums.get(name)
  if (known === undefined || compare(amount, known) > 0) sums.set(name, amount)
}

/** What every container must say where a quota limits it. */
const TO_BE_SAID: ReadonlySet<string> = new Set(
  ['cpu', 'memory'].flatMap((name) => [name, `requests.${name}`, `limits.${name}`]),
)

/** Constraints: `must specify limits.memory for: c; requests.cpu for: c`; undefined when nothing is missing. */
export function unsaid({ spec }: Pod, limited: readonly string[]): string | undefined {
  const wanted = limited.filter((name) => TO_BE_SAID.has(name)).sort()
  const containers = [...(spec.containers ?? []), ...(spec.initContainers ?? [])]
  const missing = wanted.flatMap((name) => {
    const silent = containers.filter((container) => !says(container, name)).map((container) => container.name)
    return silent.length === 0 ? [] : [`${name} for: ${[...new Set(silent)].sort().join(',')}`]
  })
  return missing.length === 0 ? undefined : `must specify ${missing.join('; ')}`
}
function says(container: core.Container, name: string): boolean {
  const [, of = 'requests', what = ''] = /^(?:(requests|limits)\.)?(.+)$/.exec(name) ?? []
  return amountsOf(container, of as 'requests' | 'limits')[what] !== undefined
}
