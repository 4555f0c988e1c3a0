import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openApi } from '../../../../../machines/apiserver/http/openapi.ts'
import { extended } from '../../../../../machines/lib/schema.ts'
import profile from '../../../../../machines/profiles/v1.32/index.ts'

// oxlint-disable-next-line typescript/no-explicit-any -- documents are read as they are
type Document = any
const own = { plural: 'widgets', group: 'example.com', version: 'v1', kind: 'Widget', namespaced: true }
const both = extended(profile, [own])
const documentAt = (key: string, of = both): Document => {
  const response = openApi(of, `/openapi/v3/${key}`)
  return response?.code === 200 ? JSON.parse(response.body) : undefined
}

test('the index names a document for every group and version, with a hash that changes with the facts', () => {
  const { paths } = JSON.parse(openApi(both, '/openapi/v3')?.body ?? '{}')
  expect(paths['apis/apps/v1'].serverRelativeURL).toMatch(/^\/openapi\/v3\/apis\/apps\/v1\?hash=[0-9A-F]{128}$/)
  expect(Object.keys(paths)).toContain('apis/example.com/v1')
  expect(openApi(both, '/openapi/v3/apis/nope')?.code).toBe(404)
  expect(openApi(both, '/openapi/v2')).toBeUndefined()
})
test('own kinds are described as the others are', () => {
  const { paths, components } = documentAt('apis/example.com/v1')
  expect(components.schemas['com.example.v1.Widget']['x-kubernetes-group-version-kind']).toEqual([
    { group: 'example.com', kind: 'Widget', version: 'v1' },
  ])
  const patch = paths['/apis/example.com/v1/namespaces/{namespace}/widgets/{name}'].patch
  expect(patch.parameters.map(({ name }: Document) => name)).toContain('fieldValidation')
})
test('every reference leads somewhere', () => {
  const { paths, components } = documentAt('apis/apps/v1')
  const text = JSON.stringify([paths, components])
  const refs = new Set([...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name))
  expect([...refs].filter((name) => components.schemas[name as string] === undefined)).toEqual([])
})

const FOLDER = join(process.env['ORRERY_REFERENCE'] ?? 'test/reference', 'api/schema')
const isThere = existsSync(join(FOLDER, 'openapi-index.json'))
const json = (path: string): Document => JSON.parse(readFileSync(join(FOLDER, path), 'utf8'))

/** Streams to a node (exec, attach, proxy …) are not served; the documents of groups and of /version are not made. */
const isLeftOut = ({ action }: Document): boolean => action === 'connect'

/** References by name, and what stands beside them. */
function folded(schema: Document): Document {
  if (Array.isArray(schema)) return schema.map(folded)
  if (typeof schema !== 'object' || schema === null) return schema
  const { allOf, $ref, ...rest } = schema
  const beside = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, folded(value)]))
  if (Array.isArray(allOf)) return { ...folded(allOf[0]), ...beside }
  if (allOf !== undefined)
    return { ...folded({ ...rest, ...($ref === undefined ? {} : { $ref }) }), allOf: folded(allOf) }
  if (typeof $ref === 'string') return { $ref: $ref.replace('#/components/schemas/', ''), ...beside }
  return $ref === undefined ? beside : { ...beside, $ref: folded($ref) }
}

function operationsDiffer(recorded: Document, mine: Document): string[] {
  return Object.entries<Document>(recorded.paths).flatMap(([path, verbs]) =>
    Object.entries<Document>(verbs)
      .filter(([, operation]) => !isLeftOut(operation))
      .filter(([verb, operation]) => !sameOperation(operation, mine.paths[path]?.[verb]))
      .map(([verb]) => `${verb} ${path}`),
  )
}
function sameOperation(recorded: Document, mine: Document): boolean {
  if (mine === undefined) return false
  const kind = mine['x-kubernetes-group-version-kind']
  const content = Object.values<Document>(mine.responses['200'].content)[0].schema
  return (
    mine.operationId === recorded.id &&
    mine['x-kubernetes-action'] === recorded.action &&
    (kind === undefined ? undefined : `${kind.group}/${kind.version}/${kind.kind}`) === recorded.gvk &&
    (folded(content).$ref ?? content.type) === recorded.responses['200'].schema &&
    Object.keys(mine.responses).join() === Object.keys(recorded.responses).join()
  )
}

/** Kinds that every group has for itself, and unions, which nobody reads. */
const DIFFER = [
  'io.k8s.api.core.v1.AppArmorProfile',
  'io.k8s.api.core.v1.PersistentVolumeSpec',
  'io.k8s.api.core.v1.SeccompProfile',
  'io.k8s.api.flowcontrol.v1.LimitResponse',
  'io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationSpec',
  'io.k8s.api.flowcontrol.v1.Subject',
  'io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions',
  'io.k8s.apimachinery.pkg.apis.meta.v1.WatchEvent',
]

describe.skipIf(!isThere)('the recorded documents', () => {
  const keys = isThere ? Object.keys(json('openapi-index.json')).filter((key) => documentAt(key) !== undefined) : []
  const definitions = isThere ? json('definitions.json') : {}
  for (const key of keys) {
    test(`${key}: every operation and every definition is there, and the same`, () => {
      const recorded = json(`openapi/${key.replaceAll('/', '.')}.json`)
      const mine = documentAt(key, profile)
      expect(operationsDiffer(recorded, mine)).toEqual([])
      const { schemas } = mine.components
      for (const name of recorded.definitions) {
        if (!DIFFER.includes(name)) expect(folded(schemas[name] ?? name), name).toEqual(definitions[name])
      }
    })
  }
})
