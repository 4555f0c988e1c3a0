/** Rules for LimitRanges (pkg/apis/core/validation: ValidateLimitRange). */
import type { ApiObject } from '../../protocol/objects.ts'
import { compare, formatQuantity, parseQuantity, type Quantity } from '../quantity.ts'
import { complain, duplicate, type Found, forbidden, invalid, required } from './causes.ts'
import { qualifiedName } from './formats.ts'
import { shownQuantity } from './go-values.ts'

type Amounts = Readonly<Record<string, string>>
interface Limit {
  readonly type?: string
  readonly max?: Amounts
  readonly min?: Amounts
  readonly default?: Amounts
  readonly defaultRequest?: Amounts
  readonly maxLimitRequestRatio?: Amounts
}
export interface LimitRange extends ApiObject {
  readonly spec?: { readonly limits?: readonly Limit[] | null }
}

export function checkLimitRange(found: Found, { spec = {} }: LimitRange): void {
  const limits = spec.limits ?? []
  for (const [i, limit] of limits.entries()) {
    const field = `spec.limits[${i}]`
    const { type = '' } = limit
    const complaints = qualifiedName(type)
    complain(found, `${field}.type`, type, complaints)
    if (limits.findIndex((each) => each.type === type) < i && complaints.length === 0)
      found.push(duplicate(`${field}.type`, type))
    else checkLimit(found, field, limit)
  }
}

function checkLimit(found: Found, field: string, limit: Limit): void {
  if (limit.type === 'Pod') {
    for (const name of ['default', 'defaultRequest'] as const) {
      if (Object.keys(limit[name] ?? {}).length > 0)
        found.push(forbidden(`${field}.${name}`, "may not be specified when `type` is 'Pod'"))
    }
  }
  if (limit.type === 'PersistentVolumeClaim' && !limit.min?.['storage'] && !limit.max?.['storage']) {
    const detail = 'either minimum or maximum storage value is required, but neither was provided'
    found.push(required(`${field}.limits`, detail))
  }
  const names = new Set(
    [limit.max, limit.min, limit.default, limit.defaultRequest, limit.maxLimitRequestRatio].flatMap((amounts) =>
      Object.keys(amounts ?? {}),
    ),
  )
  for (const name of [...names].sort()) {
    checkAmounts(found, field, name, limit)
    checkRatio(found, field, name, limit)
  }
}

/** Least ≤ what is asked for without saying ≤ the limit without saying ≤ most. */
const ORDER = [
  ['min', 'min value', 'min', 'max', 'max value'],
  ['defaultRequest', 'min value', 'min', 'defaultRequest', 'default request value'],
  ['defaultRequest', 'default request value', 'defaultRequest', 'max', 'max value'],
  ['defaultRequest', 'default request value', 'defaultRequest', 'default', 'default limit value'],
  ['default', 'min value', 'min', 'default', 'default value'],
  ['default', 'default value', 'default', 'max', 'max value'],
] as const
/** Which of both the message of a rule quotes: the server is not of one mind. */
const QUOTED: Readonly<Record<string, 'least' | 'most'>> = { 'defaultRequest>min': 'most', 'default>max': 'most' }

function checkAmounts(found: Found, field: string, name: string, limit: Limit): void {
  for (const [part, word, low, high, highWord] of ORDER) {
    const [least, most] = [limit[low]?.[name], limit[high]?.[name]]
    if (least === undefined || most === undefined) continue
    const [a, b] = [parseQuantity(least), parseQuantity(most)] as [Quantity, Quantity]
    if (compare(a, b) <= 0) continue
    const key = `${part}>${low === part ? high : low}`
    const quoted = QUOTED[key] === 'most' ? most : least
    const detail = `${word} ${formatQuantity(a)} is greater than ${highWord} ${formatQuantity(b)}`
    found.push(invalid(`${field}.${part}[${name}]`, shownQuantity(quoted), detail))
  }
}

function checkRatio(found: Found, field: string, name: string, { maxLimitRequestRatio, min, max }: Limit): void {
  const written = maxLimitRequestRatio?.[name]
  if (written === undefined) return
  const at = `${field}.maxLimitRequestRatio[${name}]`
  const ratio = parseQuantity(written) as Quantity
  if (ratio.nano < 1_000_000_000n)
    found.push(invalid(at, shownQuantity(written), `ratio ${formatQuantity(ratio)} is less than 1`))
  const [least, most] = [parseQuantity(min?.[name] ?? ''), parseQuantity(max?.[name] ?? '')]
  if (least === undefined || most === undefined || least.nano === 0n) return
  const limit = (most.nano * 1_000_000_000n) / least.nano
  if (ratio.nano <= limit) return
  const detail = `ratio ${formatQuantity(ratio)} is greater than max/min = ${Number(limit) / 1e9}`
  found.push(invalid(at, shownQuantity(written), detail))
}
