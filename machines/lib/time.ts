/**
 * Instants as Kubernetes writes them (RFC 3339, UTC), to and from ms since the epoch. Pure arithmetic on the proleptic
 * Gregorian calendar: machines have no `Date`.
 */
const DAY_MS = 86_400_000

/** metav1.Time: whole seconds, cut off. `2026-01-01T00:00:00Z` */
export function rfc3339(ms: number): string {
  const second = Math.floor(ms / 1_000)
  let text = told.get(second)
  if (text === undefined) {
    if (told.size >= KNOWN) told.clear()
    text = [date(ms), 'T', clock(ms), 'Z'].join('')
    told.set(second, text)
  }
  return text
}
/** Thousands of objects hold the same few seconds: one text each, and in one piece. */
const told = new Map<number, string>()
const KNOWN = 4_096

/** metav1.MicroTime: `2026-01-01T00:00:00.123000Z` */
export function rfc3339Micro(ms: number): string {
  const micros = Math.floor((ms - Math.floor(ms / 1_000) * 1_000) * 1_000)
  return `${rfc3339(ms).slice(0, -1)}.${padded(micros, 6)}Z`
}

/** @returns ms since the epoch; NaN when the text is not an RFC 3339 instant. */
export const parseTime = (text: string): number => canonical(text) ?? parsed(text)

/** Of the two forms that Kubernetes itself writes, digit by digit: of leases every renewal has a new one. */
function canonical(text: string): number | undefined {
  const isMicro = text.length === 27
  if ((!isMicro && text.length !== 20) || !text.endsWith('Z') || (isMicro && text[19] !== '.')) return undefined
  if (text[4] !== '-' || text[7] !== '-' || text[10] !== 'T' || text[13] !== ':' || text[16] !== ':') return undefined
  const days = daysTo(digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10))
  const seconds = (digits(text, 11, 13) * 60 + digits(text, 14, 16)) * 60 + digits(text, 17, 19)
  const micros = isMicro ? digits(text, 20, 26) : 0
  const ms = days * DAY_MS + seconds * 1_000 + (micros / 1_000_000) * 1_000
  return Number.isNaN(ms) ? undefined : ms
}

/** NaN when something else stands there. */
function digits(text: string, from: number, to: number): number {
  let number = 0
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48
    if (digit < 0 || digit > 9) return Number.NaN
    number = number * 10 + digit
  }
  return number
}

function parsed(text: string): number {
  const parts = PATTERN.exec(text)
  if (parts === null) return Number.NaN
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const fraction = parts[7] === undefined ? 0 : Number(`0.${parts[7]}`) * 1_000
  return (
    daysTo(year, month, day) * DAY_MS +
    ((hour * 60 + minute) * 60 + second) * 1_000 +
    fraction -
    offset(parts[8] ?? 'Z')
  )
}
const PATTERN = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)$/

function offset(zone: string): number {
  if (zone === 'Z' || zone === 'z') return 0
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4))
  return (zone[0] === '-' ? -minutes : minutes) * 60_000
}

function date(ms: number): string {
  const [year, month, day] = civil(Math.floor(ms / DAY_MS))
  return `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}`
}

function clock(ms: number): string {
  const seconds = Math.floor((ms - Math.floor(ms / DAY_MS) * DAY_MS) / 1_000)
  return `${padded(Math.floor(seconds / 3_600), 2)}:${padded(Math.floor(seconds / 60) % 60, 2)}:${padded(seconds % 60, 2)}`
}

const padded = (n: number, width: number): string => String(n).padStart(width, '0')

/** Days since 1970-01-01; the year is taken to begin in March, so that the leap day is its last. */
function daysTo(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

function civil(days: number): readonly [year: number, month: number, day: number] {
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9)
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1]
}
