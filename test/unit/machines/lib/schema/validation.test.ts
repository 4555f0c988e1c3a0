import { describe, expect, test } from 'vitest'
import { decoded } from '../../../../../machines/lib/schema/decoding.ts'
import { defaulted } from '../../../../../machines/lib/schema/defaults.ts'
import {
  type Cause,
  invalidMessage,
  violations,
  violationsOfUpdate,
} from '../../../../../machines/lib/schema/validation.ts'
import { extended, type ResourceFacts, resourceAt, resourceOf } from '../../../../../machines/lib/schema.ts'
import profile from '../../../../../machines/profiles/v1.32/index.ts'
import { type Json, type Recording, recorded, WHERE } from '../recordings.ts'

const facts = (name: string): ResourceFacts => resourceOf(profile, name) as ResourceFacts
const cause = (field: string, message: string): Cause => ({ reason: 'FieldValueInvalid', field, message })

test('one cause is told plainly, several in a list, the same once', () => {
  expect(invalidMessage('Deployment', 'apps', 'web', [cause('a', 'x')])).toBe('Deployment.apps "web" is invalid: a: x')
  expect(invalidMessage('Pod', '', 'p', [cause('a', 'x'), cause('b', 'y'), cause('a', 'x')])).toBe(
    'Pod "p" is invalid: [a: x, b: y]',
  )
})
test('an own kind is judged by its schema', () => {
  const own = {
    plural: 'ws',
    group: 'g.io',
    version: 'v1',
    kind: 'W',
    namespaced: false,
    schema: { type: 'object' as const, required: ['spec'] },
  }
  const resource = resourceOf(extended(profile, [own]), 'ws.g.io') as ResourceFacts
  const object = { apiVersion: 'g.io/v1', kind: 'W', metadata: { name: 'w', resourceVersion: '1' } }
  expect(violations(resource, object).map(({ field }) => field)).toEqual(['spec'])
  expect(violationsOfUpdate(resource, object, object).map(({ field }) => field)).toEqual(['spec'])
})
test('the phase of a namespace tells whether it is going', () => {
  const namespace = (phase: string, metadata: object = {}) =>
    ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'n', resourceVersion: '1', ...metadata },
      status: { phase },
    }) as never
  const going = { deletionTimestamp: '2026-01-01T00:00:00Z' }
  const of = (next: never, was: never) =>
    violationsOfUpdate(facts('namespaces'), next, was, 'status').map(({ message }) => message)
  expect(of(namespace('Active'), namespace('Active'))).toEqual([])
  expect(of(namespace('Terminating'), namespace('Active'))).toHaveLength(1)
  expect(of(namespace('Active', going), namespace('Active', going))).toHaveLength(1)
})
test('events are free in their metadata', () => {
  const event = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'A_B', namespace: 'default' },
    involvedObject: { namespace: 'default' },
  }
  expect(violations(facts('events'), event)).toEqual([])
})

/** Judged elsewhere, or not at all. */
const OTHERS: Readonly<Record<string, string>> = {
  'service-clusterip-outside': 'the allocator of cluster IPs',
  'service-clusterip-taken': 'the allocator of cluster IPs',
  'service-nodeport-outside': 'the allocator of node ports',
  'service-ipfamily-v6': 'the allocator of cluster IPs',
  'service-require-dual': 'the allocator of cluster IPs',
  'update-service-to-externalname': 'the allocator releases what the Service had',
  'ns-psa-bad': 'admission',
  'body-configmap-too-big': 'the recorded body is cut',
  'fieldvalidation-strict-duplicate': 'the parser of bodies',
  'fieldvalidation-bogus-nested': 'options of the request',
  'update-pod-no-rv': 'the registry fills in the resource version',
  'eventsk8s-notime': 'told with the group of the stored kind',
  'update-pod-spec-env': 'the difference is printed otherwise (docs/fidelity.md)',
  'update-pod-spec-nodename': 'the difference is printed otherwise (docs/fidelity.md)',
  'update-pod-grace': 'the difference is printed otherwise (docs/fidelity.md)',
  'update-pod-resources': 'the difference is printed otherwise (docs/fidelity.md)',
}
const KINDS = [
  'Pod',
  'Deployment',
  'ReplicaSet',
  'Service',
  'Endpoints',
  'EndpointSlice',
  'Node',
  'Namespace',
  'ConfigMap',
  'Secret',
  'ServiceAccount',
  'Event',
  'Lease',
]
const PATH = /^\/(?:api|apis\/([^/]+))\/([^/]+)\/(?:namespaces\/([^/]+)\/)?([^/?]+)(?:\/([^/?]+))?(?:\/([^/?]+))?/

interface Judged {
  readonly resource: ResourceFacts
  readonly namespace: string | undefined
  readonly subresource: string | undefined
  readonly body: Json
}
function judged({ name, category, steps }: Recording): Judged | undefined {
  const { request, response } = steps.at(-1) as Recording['steps'][number]
  const [, group = '', version = '', namespace, plural = '', , subresource] = PATH.exec(request.path) ?? []
  const resource = resourceAt(profile, group, version, plural)
  const body = typeof request.body === 'string' ? parsed(request.body) : request.body
  if (resource === undefined || OTHERS[name] !== undefined || category === 'Patch' || category === 'Options')
    return undefined
  if (body?.kind !== resource.kind || !KINDS.includes(resource.kind)) return undefined
  const isOurs = response.status !== 400 || /cannot unmarshal|quantities must|parsing time/.test(response.body?.message)
  return isOurs && [200, 201, 400, 422].includes(response.status)
    ? { resource, namespace, subresource, body }
    : undefined
}
function parsed(text: string): Json {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const recordings = (recorded('api/validation/cases.jsonl') ?? []).filter((each) => judged(each) !== undefined)
describe.skipIf(recordings.length === 0)(`the API server's verdicts (${WHERE})`, () => {
  test('there are many', () => {
    expect(recordings.length).toBeGreaterThan(200)
  })
  test.each(recordings.map((each) => [each.name, each] as const))('%s', (_name, recording) => {
    const { resource } = judged(recording) as Judged
    const { response } = recording.steps.at(-1) as Recording['steps'][number]
    const found = verdict(recording)
    if (response.status < 300) expect(found).toEqual([])
    else if (typeof found === 'string')
      expect(
        `${resource.kind} in version "${resource.version}" cannot be handled as a ${resource.kind}: ${found}`,
      ).toBe(response.body.message)
    else {
      expect(found.map(({ field, message, reason }) => ({ field, message, reason }))).toEqual(
        response.body.details.causes,
      )
      expect(invalidMessage(resource.kind, resource.group, response.body.details.name ?? '', found)).toBe(
        response.body.message,
      )
    }
  })
})

/** What is wrong, or the error of decoding. */
function verdict(recording: Recording): readonly Cause[] | string {
  const { resource, namespace, subresource, body } = judged(recording) as Judged
  const { value, error } = decoded(resource.schema, body)
  if (error !== undefined) return error
  const next = admitted(defaulted(resource, value), namespace)
  const [first] = recording.steps
  if (recording.steps.at(-1)?.request.method === 'POST') return violations(resource, next)
  const was = admitted(before(resource, body, first?.request.body, recording.steps.at(-1)?.note), namespace)
  const proposed = subresource === 'status' ? { ...was, status: next.status } : { ...next, status: was.status }
  return violationsOfUpdate(
    resource,
    { ...proposed, metadata: { ...next.metadata, generation: was.metadata.generation } },
    was,
    subresource,
  )
}

/** What the registry and admission have added before validation. */
function admitted(object: Json, namespace: string | undefined): Json {
  const metadata = namespace === undefined ? object.metadata : { namespace, ...object.metadata }
  if (object.kind === 'Pod') return { ...object, metadata, spec: { serviceAccountName: 'default', ...object.spec } }
  const ips = object.spec?.clusterIPs ?? (object.spec?.clusterIP === undefined ? undefined : [object.spec.clusterIP])
  if (object.kind !== 'Service' || ips === undefined) return { ...object, metadata }
  return { ...object, metadata, spec: { ...object.spec, clusterIPs: ips, clusterIP: ips[0] } }
}

/** The object before: the body of the update with the noted changes taken back. */
function before(resource: ResourceFacts, body: Json, created: Json, note = ''): Json {
  const base: Json = defaulted(resource, decoded(resource.schema, created).value)
  const was = structuredClone(body)
  for (const path of Object.keys(JSON.parse(/with (\{.*\})$/.exec(note)?.[1] ?? '{}'))) {
    const parts: string[] = path.split('.')
    const last = parts.pop() as string
    const at = (object: Json): Json => parts.reduce((value, part) => value?.[part], object)
    const [from, to] = [at(base)?.[last], at(was)]
    if (to === undefined) continue
    if (from === undefined) delete to[last]
    else to[last] = from
  }
  return defaulted(resource, decoded(resource.schema, was).value)
}
