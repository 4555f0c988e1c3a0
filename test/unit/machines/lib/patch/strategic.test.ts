import { describe, expect, test } from 'vitest'
import { sameJson } from '../../../../../machines/lib/go-text.ts'
import { strategicPatched } from '../../../../../machines/lib/patch/strategic.ts'
import { decoded } from '../../../../../machines/lib/schema/decoding.ts'
import { defaulted } from '../../../../../machines/lib/schema/defaults.ts'
import { type ResourceFacts, resourceOfKind } from '../../../../../machines/lib/schema.ts'
import profile from '../../../../../machines/profiles/v1.32/index.ts'
import { type Json, recorded, type Step, WHERE } from '../recordings.ts'

const pods = resourceOfKind(profile, 'v1', 'Pod') as ResourceFacts
const document = {
  metadata: { labels: { a: 'b' }, finalizers: ['x/1', 'x/2'] },
  spec: {
    containers: [
      { name: 'one', image: 'a' },
      { name: 'two', image: 'b' },
    ],
    nodeSelector: { z: 'y' },
  },
}
const patched = (patch: unknown) => strategicPatched(pods.schema, document, patch)

describe('a strategic merge patch', () => {
  test('merges lists of maps by their key', () => {
    expect(patched({ spec: { containers: [{ name: 'two', image: 'c' }] } }).value).toMatchObject({
      spec: {
        containers: [
          { name: 'one', image: 'a' },
          { name: 'two', image: 'c' },
        ],
      },
    })
  })
  test('adds before the others, and deletes', () => {
    const patch = { spec: { containers: [{ name: 'three' }, { name: 'one', $patch: 'delete' }] } }
    expect(patched(patch).value).toMatchObject({ spec: { containers: [{ name: 'three' }, { name: 'two' }] } })
  })
  test('replaces a list, a map, everything', () => {
    expect(patched({ spec: { containers: [{ $patch: 'replace' }, { name: 'x' }] } }).value).toMatchObject({
      spec: { containers: [{ name: 'x' }] },
    })
    expect(patched({ spec: { nodeSelector: { $patch: 'replace', q: 'r' } } }).value).toMatchObject({
      spec: { nodeSelector: { q: 'r' } },
    })
    expect(patched({ $patch: 'delete' }).value).toEqual({})
  })
  test('orders as asked', () => {
    const patch = { spec: { '$setElementOrder/containers': [{ name: 'two' }, { name: 'one' }] } }
    expect(patched(patch).value).toMatchObject({ spec: { containers: [{ name: 'two' }, { name: 'one' }] } })
  })
  test('keeps only what is to be retained', () => {
    expect(patched({ spec: { $retainKeys: ['nodeSelector'] } }).value).toMatchObject({
      spec: { nodeSelector: { z: 'y' } },
    })
    expect(patched({ spec: { $retainKeys: ['nodeSelector'] } }).value).not.toHaveProperty('spec.containers')
  })
  test('merges and shrinks lists of scalars', () => {
    expect(patched({ metadata: { finalizers: ['x/3'] } }).value).toMatchObject({
      metadata: { finalizers: ['x/3', 'x/1', 'x/2'] },
    })
    const patch = { metadata: { '$deleteFromPrimitiveList/finalizers': ['x/1'] } }
    expect(patched(patch).value).toMatchObject({ metadata: { finalizers: ['x/2'] } })
  })
  test('removes by null', () => {
    expect(patched({ metadata: { labels: null } }).value).not.toHaveProperty('metadata.labels')
    expect(patched({ metadata: { annotations: { a: null, b: 'c' } } }).value).toMatchObject({
      metadata: { annotations: { b: 'c' } },
    })
  })
  test.each([
    [{ $patch: 'frob' }, 500, 'unknown patch type: frob in map: map[$patch:frob]'],
    [{ spec: { containers: [{ image: 'x' }] } }, 500, 'map: map[image:x] does not contain declared merge key: name'],
    [
      { spec: { containers: [{ name: 'x', $patch: 'merge' }] } },
      500,
      'merging lists cannot yet be specified in the patch',
    ],
    [{ spec: { $retainKeys: ['x'], nodeSelector: {} } }, 400, 'invalid patch format of retainKeys'],
    [{ spec: { '$setElementOrder/nodeName': 1 } }, 500, 'expected a []interface {}, but received a int64'],
  ])('%j is refused', (patch, code, message) => {
    expect(patched(patch).error).toMatchObject({ code, message })
  })
  test('must be a map', () => {
    expect(patched([]).error?.code).toBe(400)
  })
  test('shares what it does not touch', () => {
    expect((patched({ metadata: { labels: { c: 'd' } } }).value as typeof document).spec).toBe(document.spec)
  })
})

/** The API server turns the patched map into an object before it answers: an error of its own words. */
const OTHERS: ReadonlySet<string> = new Set(['smp-list-as-map'])
const recordings = (recorded('api/semantics/strategic-merge.jsonl') ?? []).filter(
  ({ name, steps }) => !OTHERS.has(name) && steps.every(isStrategic),
)
describe.skipIf(recordings.length === 0)(`the API server's answers (${WHERE})`, () => {
  test.each(recordings.map(({ name, steps }) => [name, steps] as const))('%s', (_name, steps) => {
    let current: Json
    for (const step of steps) {
      const body = step.request.body as Json
      if (step.request.method === 'PATCH') current = answered(step, current)
      else if (body.kind !== 'Namespace') current = normal(body)
    }
  })
})

/** Others of these patches are plain merge patches. */
function isStrategic({ request }: Step): boolean {
  const type = request.headers?.['Content-Type'] ?? ''
  return request.method !== 'PATCH' || type.includes('strategic')
}

function normal(object: Json): Json {
  const resource = resourceOfKind(profile, object.apiVersion, object.kind) as ResourceFacts
  return defaulted(resource, decoded(resource.schema, object).value)
}

/** What validation refuses afterwards is another's business. */
function answered({ request, response }: Step, current: Json): Json {
  const resource = resourceOfKind(profile, current.apiVersion, current.kind) as ResourceFacts
  const { value, error } = strategicPatched(resource.schema, current, JSON.parse(request.body as string))
  if (error !== undefined) {
    expect([error.code, error.message]).toEqual([response.status, response.body?.message])
    return current
  }
  if (response.status >= 300) expect(response.body?.reason).toBe('Invalid')
  if (response.status >= 300) return current
  const next = normal(value)
  expect(sameJson(own(next), own(response.body)) || [own(next), own(response.body)]).toBe(true)
  return next
}

function own(object: Json): Json {
  const copy = structuredClone(object)
  for (const key of ['uid', 'resourceVersion', 'creationTimestamp', 'namespace', 'generation'])
    delete copy.metadata[key]
  if (copy.kind === 'Service')
    for (const key of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy']) delete copy.spec[key]
  return copy
}
