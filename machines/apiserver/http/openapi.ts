/** /openapi/v3: one document a group and version, made of the profile's facts, for `kubectl apply` and `kubectl explain`. */
import { draw } from '../../../runtime/contract.ts'
import type { Profile, ResourceFacts } from '../../lib/schema.ts'
import { operationsOf, type Paths, refsIn } from './openapi-paths.ts'
import { definitionOf, type Json, schemasFor } from './openapi-schemas.ts'
import type { HttpResponse } from './words.ts'

const ROOT = '/openapi/v3'

/** @returns undefined when the path is none of OpenAPI's. */
export function openApi(profile: Profile, path: string): HttpResponse | undefined {
  if (path === ROOT || path === `${ROOT}/`) return json(index(profile))
  if (!path.startsWith(`${ROOT}/`)) return undefined
  const document = documentAt(profile, path.slice(ROOT.length + 1))
  if (document === undefined) return { code: 404, headers: {}, body: '' }
  const etag = `"${hashOf(profile, path.slice(ROOT.length + 1))}"`
  return { ...json(document), headers: { 'content-type': 'application/json', etag, vary: 'Accept' } }
}

const json = (document: string): HttpResponse => ({
  code: 200,
  headers: { 'content-type': 'application/json' },
  body: document,
})

/** Documents are large and always the same: made once a profile, when first asked for. */
const made = new WeakMap<Profile, Map<string, string>>()

function remembered(profile: Profile, name: string, make: () => string): string {
  const known = made.get(profile) ?? new Map<string, string>()
  made.set(profile, known)
  const text = known.get(name) ?? make()
  known.set(name, text)
  return text
}

const keyOf = ({ group, version }: ResourceFacts): string =>
  group === '' ? `api/${version}` : `apis/${group}/${version}`

const index = (profile: Profile): string =>
  remembered(profile, '', () => {
    const keys = [...new Set(profile.resources.map(keyOf))].sort()
    const paths = keys.map((key) => [key, { serverRelativeURL: `${ROOT}/${key}?hash=${hashOf(profile, key)}` }])
    return JSON.stringify({ paths: Object.fromEntries(paths) })
  })

/** 128 hexadecimal digits that change with the facts. */
function hashOf(profile: Profile, key: string): string {
  return remembered(profile, `hash ${key}`, () => {
    const facts = profile.resources.filter((each) => keyOf(each) === key)
    const text = facts.map((each) => `${each.name} ${each.kind} ${each.custom === true ? JSON.stringify(each) : ''}`)
    const words = Array.from({ length: 16 }, (_, i) => draw(i, profile.version, key, ...text))
    return words.map((word) => word.toString(16).padStart(8, '0').toUpperCase()).join('')
  })
}

function documentAt(profile: Profile, key: string): string | undefined {
  const resources = profile.resources.filter((facts) => keyOf(facts) === key)
  if (resources.length === 0) return undefined
  return remembered(profile, key, () => JSON.stringify(documentOf(profile, key, resources)))
}

function documentOf(profile: Profile, key: string, resources: readonly ResourceFacts[]): Json {
  const paths: Paths = operationsOf(profile, key, resources)
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: profile.version.slice(1) },
    paths,
    components: {
      schemas: schemasFor(profile, [...refsIn(paths), ...resources.flatMap(definitionOf)]),
      securitySchemes: {
        BearerToken: {
          type: 'apiKey',
          description: 'Bearer Token authentication',
          name: 'authorization',
          in: 'header',
        },
      },
    },
  }
}
