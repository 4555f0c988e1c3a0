/** GET …/pods/<name>/log: its query as core/v1 PodLogOptions, and the lines of a log as the kubelet writes them. */

import { parseTime, rfc3339 } from '../../lib/time.ts'
import type { ApiAnswered, ApiRequest } from '../../protocol/api.ts'
import type { Pod } from '../../protocol/objects.ts'
import type { LogLine } from '../../protocol/workload.ts'
import { isTrue } from './query.ts'
import type { HttpResponse } from './words.ts'

export interface PodLogOptions {
  readonly container?: string
  readonly follow?: boolean
  readonly previous?: boolean
  readonly sinceSeconds?: number
  readonly sinceTime?: string
  readonly timestamps?: boolean
  readonly tailLines?: number
  readonly limitBytes?: number
}

const FLAGS = ['follow', 'previous', 'timestamps']
const NUMBERS = ['sinceSeconds', 'tailLines', 'limitBytes']
const TEXTS = ['container', 'sinceTime']

export function podLogOptions(query: URLSearchParams): PodLogOptions {
  const options: Record<string, unknown> = {}
  const given = (name: string): string => query.get(name) ?? ''
  for (const name of FLAGS) if (query.has(name)) options[name] = isTrue(given(name))
  for (const name of NUMBERS) if (/^-?\d+$/.test(given(name))) options[name] = Number(given(name))
  for (const name of TEXTS) if (given(name) !== '') options[name] = given(name)
  return options
}

/** @param seen how many lines the client has already, when it follows */
export function logText(lines: readonly LogLine[], options: PodLogOptions, now: number, seen = 0): string {
  const rows = lines
    .slice(seen)
    .flatMap(rowsOf)
    .filter(({ at }) => at >= sinceOf(options, now))
  const { tailLines, limitBytes }: PodLogOptions = seen > 0 ? {} : options
  const shown = tailLines === undefined ? rows : rows.slice(Math.max(0, rows.length - tailLines))
  const text = shown
    .map((row) => (options.timestamps === true ? `${rfc3339Nano(row.at)} ${row.text}` : row.text))
    .join('')
  return limitBytes === undefined ? text : text.slice(0, limitBytes)
}

export const logResponse = (code: number, body: string): HttpResponse => ({
  code,
  headers: { 'content-type': 'text/plain' },
  body,
})

/** Whether more may come: the container that is followed runs. */
export function stillWrites({ object }: ApiAnswered, { body }: ApiRequest): boolean {
  const pod = object as Pod | undefined
  const name = ((body ?? {}) as PodLogOptions).container ?? pod?.spec.containers[0]?.name
  const { containerStatuses = [], initContainerStatuses = [] } = pod?.status ?? {}
  return (
    [...containerStatuses, ...initContainerStatuses].find((each) => each.name === name)?.state?.running !== undefined
  )
}

interface Row {
  readonly at: number
  readonly text: string
}

/** What was written at once may be several lines. */
const rowsOf = ({ at, text }: LogLine): readonly Row[] =>
  (text.match(/[^\n]*\n|[^\n]+$/g) ?? []).map((row) => ({ at, text: row }))

function sinceOf({ sinceSeconds, sinceTime }: PodLogOptions, now: number): number {
  if (sinceSeconds !== undefined) return now - sinceSeconds * 1_000
  return sinceTime === undefined ? Number.NEGATIVE_INFINITY : parseTime(sinceTime)
}

/** Go's time.RFC3339Nano: zeros at the end of the fraction are not written. */
function rfc3339Nano(ms: number): string {
  const nanos = Math.round((ms - Math.floor(ms / 1_000) * 1_000) * 1_000_000)
  const fraction = String(nanos).padStart(9, '0').replace(/0+$/, '')
  return fraction === '' ? rfc3339(ms) : rfc3339(ms).replace('Z', `.${fraction}Z`)
}
