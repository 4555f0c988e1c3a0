/** What a step was answered with, and the claims of the token in it, beside what was recorded. */
import { parseTime } from '../../../machines/lib/time.ts'
import type { ApiAnswered } from '../../../machines/protocol/api.ts'
import { valuesDiffer } from './compare.ts'
import type { Json, Step } from './trace.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const INSTANTS: ReadonlySet<string> = new Set(['exp', 'iat', 'nbf', 'warnafter'])
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/

/** @param epoch wall-clock time of the beginning, ms */
export function answerDiffers({ reply, claims }: Step, answered: ApiAnswered, epoch: number): readonly string[] {
  const { object } = answered
  if (object === undefined || !('kind' in (reply ?? {}))) return []
  const { token } = (object as unknown as { readonly status?: { readonly token?: string } }).status ?? {}
  const told = valuesDiffer(plain(object, epoch), plain(reply, epoch), 'answer')
  return claims === undefined
    ? told
    : [...told, ...valuesDiffer(plain(claimsIn(token ?? ''), epoch), plain(claims, epoch), 'claims')]
}

const claimsIn = (token: string): Json =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as Json

/** Without what is drawn: uids, nodes, and instants counted from the beginning. */
function plain(value: unknown, epoch: number, key = ''): unknown {
  if (typeof value === 'number') return INSTANTS.has(key) ? relative(value * 1_000, epoch) : value
  if (typeof value === 'string') return plainText(value, epoch)
  if (Array.isArray(value)) return value.map((item) => plain(item, epoch))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item, epoch, name)]))
}
function plainText(text: string, epoch: number): string {
  if (UUID.test(text) || /^<uid:\d+>$/.test(text)) return '<uid>'
  if (/^kwok-\d$/.test(text) || /^<node:\d+>$/.test(text)) return '<node>'
  return ISO.test(text) ? relative(parseTime(text), epoch) : text
}
const relative = (at: number, epoch: number): string => `<t+${(at - Math.floor(epoch / 1_000) * 1_000) / 1_000}>`
