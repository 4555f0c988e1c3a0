/** What robfig/cron says of a schedule that it cannot read (parser.go, ParseStandard). */

interface Bounds {
  readonly least: number
  readonly most: number
  readonly names?: readonly string[]
}
const MONTHS = ['', 'jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const FIELDS: readonly Bounds[] = [
  { least: 0, most: 59 },
  { least: 0, most: 23 },
  { least: 1, most: 31 },
  { least: 1, most: 12, names: MONTHS },
  { least: 0, most: 6, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
]
const DESCRIPTORS = new Set(['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'])

/** @returns undefined when it is a schedule */
export function scheduleComplaint(written: string): string | undefined {
  const schedule = written.replace(/^(CRON_)?TZ=\S*\s*/, '')
  if (schedule === '') return 'empty spec string'
  if (schedule.startsWith('@')) {
    const isKnown = DESCRIPTORS.has(schedule) || schedule.startsWith('@every ')
    return isKnown ? undefined : `unrecognized descriptor: ${schedule}`
  }
  const fields = schedule.trim().split(/\s+/)
  if (fields.length !== FIELDS.length) {
    return `expected exactly ${FIELDS.length} fields, found ${fields.length}: [${fields.join(' ')}]`
  }
  return first(fields, (field, i) => first(field.split(','), (range) => rangeComplaint(range, FIELDS[i] as Bounds)))
}

function rangeComplaint(range: string, bounds: Bounds): string | undefined {
  const [span = '', step, ...moreSteps] = range.split('/')
  const [low = '', high, ...moreHighs] = span.split('-')
  const isAll = low === '*' || low === '?'
  const start = isAll ? bounds.least : numberOf(low, bounds)
  if (typeof start === 'string') return start
  if (moreHighs.length > 0) return `too many hyphens: ${range}`
  const end = isAll ? bounds.most : high === undefined ? start : numberOf(high, bounds)
  if (typeof end === 'string') return end
  if (moreSteps.length > 0) return `too many slashes: ${range}`
  const by = step === undefined ? 1 : numberOf(step)
  if (typeof by === 'string') return by
  const until = step !== undefined && high === undefined ? bounds.most : end
  if (start < bounds.least) return `beginning of range (${start}) below minimum (${bounds.least}): ${range}`
  if (until > bounds.most) return `end of range (${until}) above maximum (${bounds.most}): ${range}`
  if (start > until) return `beginning of range (${start}) beyond end of range (${until}): ${range}`
  return by === 0 ? `step of range should be a positive number: ${range}` : undefined
}

/** A number, a name, or what is wrong. */
function numberOf(text: string, { names = [] }: Partial<Bounds> = {}): number | string {
  const named = names.indexOf(text.toLowerCase())
  if (named >= 0 && text !== '') return named
  if (!/^[+-]?\d+$/.test(text)) {
    return `failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`
  }
  return Number(text) < 0 ? `negative number (${Number(text)}) not allowed: ${text}` : Number(text)
}

function first<T>(list: readonly T[], complaint: (each: T, i: number) => string | undefined): string | undefined {
  for (const [i, each] of list.entries()) {
    const found = complaint(each, i)
    if (found !== undefined) return found
  }
  return undefined
}
