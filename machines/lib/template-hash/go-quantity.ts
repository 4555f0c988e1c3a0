/**
 * A resource.Quantity as Go holds it after reading it, private fields and all: the hash of a template depends on them.
 * Most are a 64-bit number with a decimal scale; what does not fit is a big decimal.
 */
import { parseQuantity } from '../quantity.ts'

const PARTS = /^([+-]?)(\d*)(?:\.(\d*))?([numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)?$/
const DECIMAL: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 }
const BINARY: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 }
/** As many decimal digits as surely fit into 64 bits. */
const MOST_DIGITS = 18
const BIGGEST = (1n << 63n) - 1n

interface Small {
  readonly value: bigint
  readonly scale: number
  /** The text when it was canonical, else empty. */
  readonly text: string
  readonly format: string
}

export function goQuantityText(written: string | number | undefined): string {
  if (written === undefined) return text({ value: 0n, scale: 0, text: '', format: '' }, '<nil>')
  const small = fastPath(String(written))
  return small === undefined ? slowText(String(written)) : text(small, '<nil>')
}

const text = ({ value, scale, text, format }: Small, dec: string): string =>
  `{i:(resource.int64Amount){value:(int64)${value} scale:(resource.Scale)${scale}} d:(resource.infDecAmount){Dec:(*inf.Dec)${dec}} s:(string)${text} Format:(resource.Format)${format}}`

/** The fast path of resource.ParseQuantity; undefined when Go takes the slow one. */
function fastPath(written: string): Small | undefined {
  if (written === '0') return { value: 0n, scale: 0, text: '0', format: 'DecimalSI' }
  const [, sign = '', whole = '', fraction = '', suffix = ''] = PARTS.exec(written) ?? []
  const number = whole.replace(/^0+(?=\d)/, '')
  const power = BINARY[suffix]
  const found = power === undefined ? decimal(number, fraction, suffix) : binary(number, fraction, power)
  if (found === undefined) return undefined
  return { ...found, value: sign === '-' ? -found.value : found.value, text: found.text === '' ? '' : written }
}

function decimal(number: string, fraction: string, suffix: string): Small | undefined {
  const isExponent = /^[eE]./.test(suffix)
  const scale = (isExponent ? Number(suffix.slice(1)) : (DECIMAL[suffix] ?? 0)) - fraction.length
  const digits = `${number}${fraction}`
  if (digits.length > MOST_DIGITS || scale < -9) return undefined
  const canonical = scale % 3 === 0 && !digits.endsWith('000') && !digits.startsWith('0')
  return {
    value: BigInt(digits),
    scale,
    text: canonical ? 'canonical' : '',
    format: isExponent ? 'DecimalExponent' : 'DecimalSI',
  }
}

function binary(number: string, fraction: string, power: number): Small | undefined {
  const precision = 15 - number.length - Math.trunc((power * 3) / 10) - 1
  if (fraction !== '' || precision < 0) return undefined
  const given = BigInt(number)
  const value = given << BigInt(power)
  if (value > BIGGEST) return undefined
  return { value, scale: 0, text: (given & 7n) === 0n ? '' : 'canonical', format: 'BinarySI' }
}

/** A big decimal: an unscaled integer in words of 64 bits, the lowest first, and how many decimals it has. */
function slowText(written: string): string {
  const quantity = parseQuantity(written)
  if (quantity === undefined) return text({ value: 0n, scale: 0, text: '', format: '' }, '<nil>')
  const [, , whole = '', fraction = '', suffix = ''] = PARTS.exec(written) ?? []
  const power = BINARY[suffix] ?? 0
  const decimals = fraction.length - (power > 0 ? 0 : (DECIMAL[suffix] ?? (Number(suffix.slice(1)) || 0)))
  const [unscaled, scale] = rounded(BigInt(`${whole}${fraction}`) << BigInt(power), decimals)
  const big = `{unscaled:(big.Int){neg:(bool)${quantity.nano < 0n} abs:(big.nat)${words(unscaled)}} scale:(inf.Scale)${scale}}`
  return text({ value: 0n, scale: 0, text: '', format: quantity.format }, big)
}

/** At most nine decimals, the last rounded up. */
function rounded(unscaled: bigint, decimals: number): readonly [bigint, number] {
  if (decimals <= 9) return [unscaled, decimals]
  const unit = 10n ** BigInt(decimals - 9)
  return [(unscaled + unit - 1n) / unit, 9]
}

function words(unscaled: bigint): string {
  const found: bigint[] = []
  for (let rest = unscaled; rest > 0n; rest >>= 64n) found.push(rest & ((1n << 64n) - 1n))
  return unscaled === 0n ? '<nil>' : `[${found.join(' ')}]`
}
