/**
 * Amounts of resources (k8s.io/apimachinery/pkg/api/resource.Quantity): `100m`, `1.5Gi`, `2e3`. Exact, in billionths;
 * what is smaller is rounded up. Hot code uses `milliOf` and `valueOf`, plain numbers remembered per text.
 */

export interface Quantity {
  /** Billionths. */
  readonly nano: bigint
  /** How it was written, and so how it is printed. */
  readonly format: 'DecimalSI' | 'BinarySI' | 'DecimalExponent'
}

const NANO = 1_000_000_000n
const SI: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 }
const SUFFIXES = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E']
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']
const PATTERN = /^([+-]?)(\d*)(?:\.(\d*))?([numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)?$/
/** The greatest amount there is; more is cut off. */
const GREATEST = ((1n << 63n) - 1n) * NANO

/** @returns undefined when it is no quantity. */
export const parseQuantity = (written: string | number): Quantity | undefined => remembered(quantities, written, parsed)

function parsed(written: string | number): Quantity | undefined {
  const parts = PATTERN.exec(String(written))
  if (parts === null) return undefined
  const [, sign, whole = '', fraction = '', suffix = ''] = parts
  if (whole === '' && fraction === '') return undefined
  const digits = BigInt(`${whole}${fraction}`)
  const [scaled, format] = scaledBy(digits, -fraction.length, suffix)
  const nano = scaled > GREATEST ? GREATEST : scaled
  return { nano: sign === '-' ? -nano : nano, format }
}

function scaledBy(digits: bigint, exponent: number, suffix: string): readonly [bigint, Quantity['format']] {
  const binary = BINARY.indexOf(suffix)
  if (binary > 0) return [timesTen(digits * 1_024n ** BigInt(binary), exponent + 9), 'BinarySI']
  const ten = SI[suffix]
  if (ten !== undefined) return [timesTen(digits, exponent + ten + 9), 'DecimalSI']
  return [timesTen(digits, exponent + Number(suffix.slice(1)) + 9), 'DecimalExponent']
}

/** A negative power rounds up. */
function timesTen(digits: bigint, exponent: number): bigint {
  if (digits === 0n) return 0n
  if (exponent >= 0) return digits * 10n ** BigInt(exponent < 100 ? exponent : 100)
  return exponent < -400 ? 1n : roundedUp(digits, 10n ** BigInt(-exponent))
}

/** Away from zero, as the API does. */
function roundedUp(amount: bigint, unit: bigint): bigint {
  const whole = amount / unit
  if (whole * unit === amount) return whole
  return amount > 0n ? whole + 1n : whole - 1n
}

/** Quantity.MilliValue and Quantity.Value */
export const milli = ({ nano }: Quantity): bigint => roundedUp(nano, 1_000_000n)
export const value = ({ nano }: Quantity): bigint => roundedUp(nano, NANO)

/** The sum takes the format of the first, unless that is zero. */
export const add = (a: Quantity, b: Quantity): Quantity => ({
  nano: a.nano + b.nano,
  format: a.nano === 0n ? b.format : a.format,
})
export const subtract = (a: Quantity, b: Quantity): Quantity => ({
  nano: a.nano - b.nano,
  format: a.nano === 0n ? b.format : a.format,
})
export const compare = (a: Quantity, b: Quantity): -1 | 0 | 1 => (a.nano < b.nano ? -1 : a.nano > b.nano ? 1 : 0)

/** Quantity.String: the canonical text, `1500m`, `1536Mi`. */
export function formatQuantity(quantity: Quantity): string {
  const { nano, format } = quantity
  if (nano === 0n) return '0'
  if (format === 'BinarySI' && showsBinary(nano)) return binaryText(nano / NANO)
  return decimalText(nano, format === 'DecimalExponent')
}

/** Below 1024 and for broken amounts BinarySI is shown as DecimalSI (Quantity.CanonicalizeBytes). */
const showsBinary = (nano: bigint): boolean => (nano >= 1_024n * NANO || nano <= -1_024n * NANO) && nano % NANO === 0n

function binaryText(amount: bigint): string {
  let [rest, power] = [amount, 0]
  while (rest % 1_024n === 0n && power < BINARY.length - 1) [rest, power] = [rest / 1_024n, power + 1]
  return `${rest}${BINARY[power]}`
}

function decimalText(nano: bigint, asExponent: boolean): string {
  let [rest, power] = [nano, 0]
  while (rest % 1_000n === 0n && power < SUFFIXES.length - 1) [rest, power] = [rest / 1_000n, power + 1]
  const exponent = power * 3 - 9
  return asExponent ? `${rest}${exponent === 0 ? '' : `e${exponent}`}` : `${rest}${SUFFIXES[power]}`
}

/** Canonical text of what was written: `1000m` is `1`. Undefined when it is no quantity. */
export const canonicalQuantity = (written: string | number): string | undefined =>
  remembered(canonical, written, (text) => {
    const quantity = parseQuantity(text)
    return quantity === undefined ? undefined : formatQuantity(quantity)
  })

/** Thousandths as a plain number (milli-CPU), rounded up; 0 for what is absent or no quantity. */
export const milliOf = (written: string | number | undefined): number =>
  written === undefined ? 0 : remembered(millis, written, (text) => numberOf(text, milli))
/** The amount as a plain number (bytes, pods), rounded up; 0 for what is absent or no quantity. */
export const valueOf = (written: string | number | undefined): number =>
  written === undefined ? 0 : remembered(values, written, (text) => numberOf(text, value))

function numberOf(text: string | number, unit: (quantity: Quantity) => bigint): number {
  const quantity = parseQuantity(text)
  return quantity === undefined ? 0 : Number(unit(quantity))
}

/** Few texts are written again and again; the memory is emptied when someone writes many. */
const MOST_REMEMBERED = 4_096
const quantities = new Map<string | number, Quantity | undefined>()
const millis = new Map<string | number, number>()
const values = new Map<string | number, number>()
const canonical = new Map<string | number, string | undefined>()

function remembered<V>(memory: Map<string | number, V>, text: string | number, find: (text: string | number) => V): V {
  const known = memory.get(text)
  if (known !== undefined) return known
  if (memory.size >= MOST_REMEMBERED) memory.clear()
  const found = find(text)
  memory.set(text, found)
  return found
}
