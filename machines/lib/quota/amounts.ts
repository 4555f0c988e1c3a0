/** Amounts by name as the API writes them, and sums of them: k8s.io/apiserver/pkg/quota/v1/resources.go. */
import { compare, formatQuantity, parseQuantity, add as plus, type Quantity, subtract } from '../quantity.ts'

/** `{ pods: '2', 'requests.cpu': '600m' }`; what is no quantity counts as nothing. */
export type Amounts = Readonly<Record<string, string>>

const ZERO: Quantity = { nano: 0n, format: 'DecimalSI' }
export const quantityOf = (text: string | number | undefined): Quantity =>
  text === undefined ? ZERO : (parseQuantity(text) ?? ZERO)

/** Every name of either. */
export function sum(a: Amounts, b: Amounts): Amounts {
  const total: Record<string, string> = { ...a }
  for (const [name, amount] of Object.entries(b)) {
    const known = a[name]
    total[name] = known === undefined ? amount : formatQuantity(plus(quantityOf(known), quantityOf(amount)))
  }
  return total
}

/** What `a` has more than `b`, never less than nothing. */
export function surplus(a: Amounts, b: Amounts): Amounts {
  const left = Object.entries(a).map(([name, amount]) => {
    const rest = subtract(quantityOf(amount), quantityOf(b[name]))
    return [name, rest.nano < 0n ? '0' : formatQuantity(rest)] as const
  })
  return Object.fromEntries(left)
}

/** Only these names. */
export const masked = (amounts: Amounts, names: Iterable<string>): Amounts => {
  const kept = new Set(names)
  return Object.fromEntries(Object.entries(amounts).filter(([name]) => kept.has(name)))
}
export const nonZero = (amounts: Amounts): Amounts =>
  Object.fromEntries(Object.entries(amounts).filter(([, amount]) => quantityOf(amount).nano !== 0n))

/** The names of which there is more than is allowed; what has no limit is never too much. */
export const exceeding = (amounts: Amounts, limits: Amounts): readonly string[] =>
  Object.keys(amounts).filter((name) => {
    const limit = limits[name]
    return limit !== undefined && compare(quantityOf(amounts[name]), quantityOf(limit)) > 0
  })

/** The same names with the same amounts, however they are written. */
export function equal(a: Amounts, b: Amounts): boolean {
  const names = Object.keys(a)
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => b[name] !== undefined && compare(quantityOf(a[name]), quantityOf(b[name])) === 0)
  )
}

/** `pods=1,requests.cpu=1m`: names in order. */
export const told = (amounts: Amounts): string =>
  Object.keys(amounts)
    .sort()
    .map((name) => `${name}=${amounts[name]}`)
    .join(',')
