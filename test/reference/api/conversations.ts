/** Recorded conversations with kube-apiserver: what it answers to whom, and keeps. */
import { join } from 'node:path'
import type { ApiAnswered, ApiRequest, WatchEvents, WatchFailed } from '../../../machines/protocol/api.ts'
import { Comparison } from '../../unit/machines/apiserver/comparing.ts'
import { Harness } from '../../unit/machines/apiserver/harness.ts'
import { bodyOf, type Recorded, requestOf, statusBody } from '../../unit/machines/apiserver/wire.ts'
import { cases, type Family } from '../family.ts'
import { linesOf } from '../folder.ts'

/** By family: the file below the area. */
const FILES: Readonly<Record<string, string>> = {
  defaults: 'defaults/create.jsonl',
  validation: 'validation/cases.jsonl',
  'semantics/flows': 'semantics/flows.jsonl',
  'semantics/list-watch': 'semantics/list-watch.jsonl',
  'semantics/strategic-merge': 'semantics/strategic-merge.jsonl',
}

export const conversations: readonly Family[] = Object.entries(FILES).map(([family, file]) =>
  cases(
    'api',
    family,
    (folder) => linesOf<Case>(join(folder, 'api', file)),
    (each) => ({ name: each.name, differences: judgedSafely(each) }),
  ),
)

type Events = readonly { readonly type: string; readonly object: unknown }[]
interface Step {
  readonly setup?: true
  readonly note?: string
  readonly request?: Recorded
  readonly response?: { readonly status: number; readonly body?: unknown; readonly events?: Events }
}
interface Case {
  readonly name: string
  readonly category: string
  readonly steps: readonly Step[]
}

function judgedSafely(each: Case): readonly string[] {
  try {
    return judged(each)
  } catch (error) {
    return [String(error), String((error as Error).stack).split('\n')[1] ?? '']
  }
}

/** @returns what differs; undefined when the case asks for what is not an API resource. */
function judged({ name, steps }: Case): readonly string[] {
  const server = new Harness()
  furnish(server, 'default')
  for (const each of namespacesIn(steps)) {
    server.ask({ verb: 'create', resource: 'namespaces', body: { metadata: { name: each } } })
    furnish(server, each)
  }
  const comparison = new Comparison()
  let created: ApiAnswered['object']
  for (const { setup, note, request, response } of steps) {
    if (request === undefined || response === undefined) continue
    const { events } = response
    const asked = requestOf(comparison.filled(completed(request, note, created)))
    if (asked === undefined) return [`no resource at ${request.path}`]
    if (events !== undefined) {
      if (note?.startsWith('meanwhile') === true || name.startsWith('watch-gone')) return ['a watch with company']
      watched(server, asked, events, comparison)
      if (comparison.differences.length > 0) return [`${request.method} ${request.path}`, ...comparison.differences]
      continue
    }
    const answered = server.ask(asked)
    created = answered?.object ?? created
    if (setup === true) {
      if (asked.resource === 'namespaces' && asked.verb === 'create')
        furnish(server, answered.object?.metadata.name ?? '')
      if ((answered?.code ?? 0) >= 300) return [`setup: ${answered.status?.message}`]
      continue
    }
    if (answered === undefined) return [`no answer to ${request.method} ${request.path}`]
    comparison.compare(response.status, answered.code, 'code')
    if (response.body !== undefined) comparison.compare(response.body, bodyOf(answered, asked.resource))
    if (comparison.differences.length > 0) return [`${request.method} ${request.path}`, ...comparison.differences]
  }
  return comparison.differences
}

/** A body that is told as changes of what the creation before answered. */
function completed(request: Recorded, note: string | undefined, created: ApiAnswered['object']): Recorded {
  const found = /^body = object returned by create, with (.*)$/.exec(note ?? '')
  if (found === null || created === undefined) return request
  const body = structuredClone(created) as unknown as Record<string, unknown>
  const changes = JSON.parse(found[1] as string) as Readonly<Record<string, unknown>>
  for (const [path, value] of Object.entries(changes)) change(body, path.replace(/\[(\d+)\]/g, '.$1').split('.'), value)
  return { ...request, body }
}
function change(into: Record<string, unknown>, [key = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length > 0) change((into[key] ??= {}) as Record<string, unknown>, rest, value)
  else if (value === '<deleted>') delete into[key]
  else into[key] = value
}

/** The namespaces that a case takes to be there. */
function namespacesIn(steps: readonly Step[]): ReadonlySet<string> {
  const made = (step: Step): boolean => step.request?.method === 'POST' && step.request.path === '/api/v1/namespaces'
  if (steps.some(made)) return new Set()
  return new Set(
    steps.flatMap(
      ({ request }) => /\/namespaces\/(defaults|validation|[a-z-]*base)\//.exec(request?.path ?? '')?.[1] ?? [],
    ),
  )
}

/** The first events of a watch. */
function watched(server: Harness, request: ApiRequest, expected: Events, comparison: Comparison): void {
  const pushed = server.pushed.get(server.watch(request)) as unknown as readonly (WatchEvents | WatchFailed)[]
  const told: unknown[] = []
  for (const event of pushed) {
    if (event.type === 'watch.events') told.push(...event.changes.map(({ type, object }) => ({ type, object })))
    if (event.type === 'watch.failed') told.push({ type: 'ERROR', object: statusBody(event.status) })
  }
  const wanted = expected.filter(({ type }) => type !== 'BOOKMARK')
  comparison.compare(wanted, told)
}

/** What the controllers beside the recorded server made of a new namespace. */
function furnish(server: Harness, namespace: string): void {
  server.ask({ verb: 'create', resource: 'serviceaccounts', namespace, body: { metadata: { name: 'default' } } })
  const annotations = {
    'kubernetes.io/description':
      'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.',
  }
  const body = { metadata: { name: 'kube-root-ca.crt', annotations }, data: { 'ca.crt': 'pem' } }
  server.ask({ verb: 'create', resource: 'configmaps', namespace, body })
}
