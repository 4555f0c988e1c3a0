/** The schemas of a profile as OpenAPI v3 writes them: by reference, each kind with its group, version and kind. */
import type { Profile, ResourceFacts, Schema } from '../../lib/schema.ts'

export type Json = Readonly<Record<string, unknown>>

export const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.'

/** The name of a kind's definition; own kinds are named by their group, the other way round: `com.example.v1.Widget`. */
export function definitionOf({ schema, group, version, kind }: ResourceFacts): string {
  return schema.definition ?? [...group.split('.').reverse(), version, kind].join('.')
}
export const listDefinitionOf = (facts: ResourceFacts): string => {
  const { kind, listKind } = facts
  return definitionOf(facts).slice(0, -kind.length) + listKind
}

/** All that is named, and all that it names. */
export function schemasFor(profile: Profile, names: readonly string[]): Json {
  const found: Record<string, unknown> = {}
  const kinds = kindsOf(profile)
  const visit = (name: string): void => {
    if (name in found) return
    const schema = kinds.get(name)?.(profile) ?? ANSWERS[name] ?? definition(profile, name)
    if (schema === undefined) return
    found[name] = schema
    for (const ref of refs(schema)) visit(ref)
  }
  for (const name of names) visit(name)
  return Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1)))
}

const PREFIX = '#/components/schemas/'
export const refTo = (name: string): Json => ({ $ref: `${PREFIX}${name}` })

function* refs(schema: unknown): Generator<string> {
  if (typeof schema !== 'object' || schema === null) return
  for (const [key, value] of Object.entries(schema)) {
    if (key === '$ref' && typeof value === 'string') yield value.slice(PREFIX.length)
    else yield* refs(value)
  }
}

type Make = (profile: Profile) => Json
const known = new WeakMap<Profile, ReadonlyMap<string, Make>>()

/** The kinds themselves and their lists, by their definition. */
function kindsOf(profile: Profile): ReadonlyMap<string, Make> {
  const last = known.get(profile)
  if (last !== undefined) return last
  const kinds = new Map<string, Make>()
  for (const facts of profile.resources) {
    kinds.set(definitionOf(facts), () => kindSchema(facts))
    kinds.set(listDefinitionOf(facts), () => listSchema(facts))
  }
  known.set(profile, kinds)
  return kinds
}

const gvk = ({ group, version }: ResourceFacts, kind: string): Json => ({
  'x-kubernetes-group-version-kind': [{ group, kind, version }],
})
const kindSchema = (facts: ResourceFacts): Json => ({ ...published(facts.schema), ...gvk(facts, facts.kind) })

const TYPE_META = { apiVersion: { type: 'string' }, kind: { type: 'string' } }
const listSchema = (facts: ResourceFacts): Json => ({
  type: 'object',
  required: ['items'],
  properties: {
    ...TYPE_META,
    metadata: { allOf: [refTo(`${META}ListMeta`)], default: {} },
    items: { type: 'array', items: { allOf: [refTo(definitionOf(facts))], default: {} } },
  },
  ...gvk(facts, facts.listKind),
})

const definition = ({ definitions }: Profile, name: string): Json | undefined => {
  const schema = definitions[name]
  return schema === undefined ? undefined : { ...published(schema), ...GVKS[name] }
}

const ofMeta = (kind: string): Json => ({ 'x-kubernetes-group-version-kind': [{ group: '', kind, version: 'v1' }] })
const GVKS: Readonly<Record<string, Json>> = {
  [`${META}Status`]: ofMeta('Status'),
  [`${META}DeleteOptions`]: ofMeta('DeleteOptions'),
  'io.k8s.api.autoscaling.v1.Scale': {
    'x-kubernetes-group-version-kind': [{ group: 'autoscaling', kind: 'Scale', version: 'v1' }],
  },
  'io.k8s.api.policy.v1.Eviction': {
    'x-kubernetes-group-version-kind': [{ group: 'policy', kind: 'Eviction', version: 'v1' }],
  },
  'io.k8s.api.authentication.v1.TokenRequest': {
    'x-kubernetes-group-version-kind': [{ group: 'authentication.k8s.io', kind: 'TokenRequest', version: 'v1' }],
  },
}

/** What is only ever answered, and so no fact of the profile. */
const ANSWERS: Readonly<Record<string, Json>> = {
  [`${META}Patch`]: { type: 'object' },
  [`${META}WatchEvent`]: {
    type: 'object',
    required: ['type', 'object'],
    properties: {
      object: refTo('io.k8s.apimachinery.pkg.runtime.RawExtension'),
      type: { type: 'string', default: '' },
    },
    ...ofMeta('WatchEvent'),
  },
  [`${META}APIResourceList`]: {
    type: 'object',
    required: ['groupVersion', 'resources'],
    properties: {
      ...TYPE_META,
      groupVersion: { type: 'string', default: '' },
      resources: {
        type: 'array',
        items: { allOf: [refTo(`${META}APIResource`)], default: {} },
        'x-kubernetes-list-type': 'atomic',
      },
    },
    ...ofMeta('APIResourceList'),
  },
  [`${META}APIResource`]: {
    type: 'object',
    required: ['name', 'singularName', 'namespaced', 'kind', 'verbs'],
    properties: {
      categories: textList(),
      group: { type: 'string' },
      kind: { type: 'string', default: '' },
      name: { type: 'string', default: '' },
      namespaced: { type: 'boolean', default: false },
      shortNames: textList(),
      singularName: { type: 'string', default: '' },
      storageVersionHash: { type: 'string' },
      verbs: { type: 'array', items: { type: 'string', default: '' } },
      version: { type: 'string' },
    },
  },
}

function textList(): Json {
  return { type: 'array', items: { type: 'string', default: '' }, 'x-kubernetes-list-type': 'atomic' }
}

/** Go types whose JSON is no object. */
const SPECIAL: Readonly<Record<string, Json>> = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': { oneOf: [{ type: 'string' }, { type: 'number' }] },
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': {
    format: 'int-or-string',
    oneOf: [{ type: 'integer' }, { type: 'string' }],
  },
  [`${META}MicroTime`]: { format: 'date-time', type: 'string' },
  [`${META}FieldsV1`]: { type: 'object' },
  'io.k8s.apimachinery.pkg.runtime.RawExtension': { type: 'object' },
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON': {},
}

/** A schema without the facts that only decoding needs. */
function published(schema: Schema): Json {
  const special = SPECIAL[schema.definition ?? '']
  if (special !== undefined) return special
  const { definition: _, omitZero: __, properties, items, additionalProperties, default: given, ...facts } = schema
  return {
    ...facts,
    ...(given === undefined || given === null ? {} : { default: given }),
    ...(properties === undefined ? {} : { properties: mapped(properties, schema.definition) }),
    ...(items === undefined ? {} : { items: atItsPlace(items) }),
    ...(additionalProperties === undefined ? {} : { additionalProperties: atItsPlace(additionalProperties) }),
  }
}

const mapped = (properties: Readonly<Record<string, Schema>>, of: string | undefined): Json =>
  Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [
      name,
      name === 'name' && NAMES_ANOTHER.test(of ?? '') ? { type: 'string', default: '' } : atItsPlace(schema),
    ]),
  )
/** What embeds a LocalObjectReference: its name is published with the default that old clients relied on. */
const NAMES_ANOTHER =
  /^io\.k8s\.api\.core\.v1\.(LocalObjectReference|ConfigMapVolumeSource|(ConfigMap|Secret)(EnvSource|KeySelector|Projection))$/

/** Facts of a place, beside what it refers to; OpenAPI allows nothing beside a `$ref`. */
const OF_THE_PLACE = [
  'default',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-patch-merge-key',
  'x-kubernetes-patch-strategy',
] as const

function atItsPlace(schema: Schema): Json {
  const { definition: name } = schema
  if (name === undefined) return published(schema)
  const beside = OF_THE_PLACE.flatMap((fact) => {
    const value = schema[fact]
    return value === undefined || value === null || (fact === 'default' && !isEmpty(value)) ? [] : [[fact, value]]
  })
  return beside.length === 0 ? refTo(name) : { allOf: [refTo(name)], ...Object.fromEntries(beside) }
}

/** Of what is referred to, only `{}` is told as a default: zero quantities and instants are Go's affair. */
const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0
