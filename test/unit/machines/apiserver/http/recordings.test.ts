/** Recorded conversations about forms and paths, without a socket. */
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { linesOf, OWN_COPY } from '../../../../reference/folder.ts'
import { Comparison } from '../comparing.ts'
import { Conversation, type Sent } from './conversation.ts'

interface Step {
  readonly setup?: true
  readonly request?: Sent
  readonly response?: { readonly status: number; readonly headers?: Record<string, string>; readonly body?: unknown }
}
interface Case {
  readonly name: string
  readonly category: string
  readonly steps: readonly Step[]
}

/** Requests that need what is not modelled, with the reason. */
const LEFT_OUT: readonly (readonly [RegExp, string])[] = [
  [/^application\/vnd\.kubernetes\.protobuf$/, 'answers are not written in protobuf'],
  [/^\/(version|openid|\.well-known|debug|apis\/?$|api\/?$)/, 'facts of another build'],
  [/verbose/, 'the list of checks is long and its order another'],
]
const leftOut = ({ path, headers }: Sent): boolean =>
  LEFT_OUT.some(([pattern]) => pattern.test(path) || pattern.test(headers?.['Accept'] ?? ''))

function differences({ steps }: Case): readonly string[] {
  const conversation = new Conversation()
  const found: string[] = []
  const comparison = new Comparison()
  for (const { setup, request, response } of steps) {
    if (request === undefined || response === undefined) continue
    const answered = conversation.send(comparison.filled(request))
    if (setup === true || leftOut(request)) continue
    const before = comparison.differences.length
    comparison.compare(response.status, answered.code, 'code')
    if (response.headers?.['Content-Type'] !== undefined)
      comparison.compare(response.headers['Content-Type'], answered.headers['content-type'], 'type')
    if (request.method !== 'HEAD') compareBody(comparison, response.body, answered.body)
    found.push(...comparison.differences.slice(before).map((each) => `${request.method} ${request.path}: ${each}`))
  }
  return found
}

/** The recordings hold no descriptions of columns. */
const undescribed = (body: string): string => body.replaceAll('"description":"",', '')

function compareBody(comparison: Comparison, recorded: unknown, body: string): void {
  if (recorded === undefined || recorded === null || recorded === '<long>') return
  if (typeof recorded !== 'string') return comparison.compare(recorded, JSON.parse(undescribed(body)))
  // Recorded YAML holds managed fields and a literal revision.
  if (recorded.startsWith('apiVersion:')) return expect(Object.keys(parse(recorded))).toEqual(Object.keys(parse(body)))
  comparison.compare(recorded, body)
}

const all = linesOf<Case>(join(OWN_COPY, 'api/semantics/flows.jsonl')) ?? []
const spoken = all.filter(({ category }) => ['Negotiation', 'Paths'].includes(category))

describe('what the real server answered', () => {
  test.each(spoken.map((each) => [each.name, each] as const))('%s', (_, each) => {
    expect(differences(each)).toEqual([])
  })
})
