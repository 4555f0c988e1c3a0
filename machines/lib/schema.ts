/**
 * Schema facts: what the API server knows of its resources, as data. A profile holds them for one version of Kubernetes;
 * `extended` adds a user's own kinds. Schemas are linked (`linked`): a reference is the thing itself, so they may be
 * cyclic. A profile is shared by all machines and is never part of a context: machines look it up.
 */

import type { Column } from './table/columns.ts'

/** OpenAPI v3 as far as Kubernetes uses it, and what Go adds to it. */
export interface Schema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean'
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema
  readonly items?: Schema
  readonly required?: readonly string[]
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  /** `int32`, `int64`, `byte`, `date-time`, `micro-time`, `quantity`, `int-or-string` … */
  readonly format?: string
  readonly nullable?: boolean
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: boolean
  readonly exclusiveMaximum?: boolean
  readonly multipleOf?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly uniqueItems?: boolean
  readonly minProperties?: number
  readonly maxProperties?: number
  readonly allOf?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly not?: Schema
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map'
  readonly 'x-kubernetes-list-map-keys'?: readonly string[]
  readonly 'x-kubernetes-map-type'?: 'atomic' | 'granular'
  readonly 'x-kubernetes-patch-merge-key'?: string
  readonly 'x-kubernetes-patch-strategy'?: string
  readonly 'x-kubernetes-int-or-string'?: boolean
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean
  readonly 'x-kubernetes-embedded-resource'?: boolean
  /** A value that is empty or zero is not written (Go's `omitempty` on what is no pointer). */
  readonly omitZero?: boolean
  /** The full name of the Go type: `io.k8s.api.core.v1.Container`. Absent in schemas of own kinds. */
  readonly definition?: string
}

/** A schema as it is written down: references by name. */
export interface UnlinkedSchema
  extends Omit<
    Schema,
    'properties' | 'additionalProperties' | 'items' | 'definition' | 'allOf' | 'anyOf' | 'oneOf' | 'not'
  > {
  readonly $ref?: string
  readonly properties?: Readonly<Record<string, UnlinkedSchema>>
  readonly additionalProperties?: UnlinkedSchema
  readonly items?: UnlinkedSchema
  readonly allOf?: readonly UnlinkedSchema[]
  readonly anyOf?: readonly UnlinkedSchema[]
  readonly oneOf?: readonly UnlinkedSchema[]
  readonly not?: UnlinkedSchema
}

export interface SubresourceFacts {
  readonly name: string
  readonly kind: string
  /** Of its kind, when that is not the resource's own: `autoscaling/v1`. */
  readonly kindGroupVersion?: string
  readonly verbs: readonly string[]
}

export interface ResourceFacts {
  /** `deployments.apps`, `pods`: as kubectl writes it. */
  readonly name: string
  readonly plural: string
  readonly singular: string
  readonly group: string
  readonly version: string
  /** `apps/v1`, `v1` */
  readonly apiVersion: string
  readonly kind: string
  readonly listKind: string
  readonly namespaced: boolean
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly verbs: readonly string[]
  readonly subresources: readonly string[]
  /** The same with their own kinds and verbs, as discovery tells them. */
  readonly subresourceFacts: readonly SubresourceFacts[]
  readonly storageVersionHash?: string
  readonly schema: Schema
  /** Columns of `kubectl get`, of built-in kinds. */
  readonly columns?: readonly Column[]
  /** The same beside the name, of own kinds. */
  readonly printerColumns?: readonly PrinterColumn[]
  /** True of a user's own kind: its schema is the only judge, and strategic merge is not served. */
  readonly custom?: true
}
/** An additionalPrinterColumns entry of a CustomResourceDefinition. */
export interface PrinterColumn {
  readonly name: string
  readonly type: string
  readonly jsonPath: string
  readonly format?: string
  readonly description?: string
  readonly priority?: number
}

export interface Profile {
  /** `v1.32` */
  readonly version: string
  /** In the order of discovery. */
  readonly resources: readonly ResourceFacts[]
  /** Linked schemas by definition name. */
  readonly definitions: Readonly<Record<string, Schema>>
}

/** `pods`, `deployments.apps`; of several versions of a group the first in the order of discovery (the preferred one). */
export const resourceOf = (profile: Profile, name: string): ResourceFacts | undefined =>
  indexOf(profile).byName.get(name)
export const resourceOfKind = (profile: Profile, apiVersion: string, kind: string): ResourceFacts | undefined =>
  indexOf(profile).byKind.get(`${apiVersion} ${kind}`)
/** By group, version and plural, as in a path: `('apps', 'v1', 'deployments')`. */
export const resourceAt = (
  profile: Profile,
  group: string,
  version: string,
  plural: string,
): ResourceFacts | undefined => indexOf(profile).byPath.get(`${group}/${version}/${plural}`)
/** By anything a user may type: short name, singular, plural, or with a group (`deploy`, `deployment.apps`, `hpa`). */
export const resourceOfShortName = (profile: Profile, typed: string): ResourceFacts | undefined =>
  indexOf(profile).byTyped.get(typed.toLowerCase())

/** A user's own kind, as in a CustomResourceDefinition. The schema is that of the whole object; metadata is added. */
export interface OwnResource {
  readonly plural: string
  readonly singular?: string
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly listKind?: string
  readonly namespaced: boolean
  readonly shortNames?: readonly string[]
  readonly categories?: readonly string[]
  readonly subresources?: readonly ('status' | 'scale')[]
  readonly schema?: Schema
  readonly printerColumns?: readonly PrinterColumn[]
}

/** The profile with a user's own kinds added: nothing assumes the built-in list. */
export function extended(profile: Profile, resources: readonly OwnResource[]): Profile {
  if (resources.length === 0) return profile
  return { ...profile, resources: [...profile.resources, ...resources.map((own) => factsOf(own, profile))] }
}

const CUSTOM_VERBS = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch']
const SUBRESOURCE_VERBS = ['get', 'patch', 'update']

function factsOf(own: OwnResource, profile: Profile): ResourceFacts {
  const { plural, group, version, kind, namespaced } = own
  const subresources = own.subresources ?? []
  return {
    name: nameOf(plural, group),
    plural,
    singular: own.singular ?? kind.toLowerCase(),
    group,
    version,
    apiVersion: apiVersionOf(group, version),
    kind,
    listKind: own.listKind ?? `${kind}List`,
    namespaced,
    shortNames: own.shortNames ?? [],
    categories: own.categories ?? [],
    verbs: CUSTOM_VERBS,
    subresources,
    subresourceFacts: subresources.map((name) => ({
      name,
      ...(name === 'scale' ? { kind: 'Scale', kindGroupVersion: 'autoscaling/v1' } : { kind }),
      verbs: SUBRESOURCE_VERBS,
    })),
    schema: withMetadata(own.schema ?? { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }, profile),
    ...(own.printerColumns === undefined ? {} : { printerColumns: own.printerColumns }),
    custom: true,
  }
}

/** Every object has apiVersion, kind and metadata, whatever its structural schema says of them. */
const withMetadata = (schema: Schema, profile: Profile): Schema => ({
  ...schema,
  properties: {
    ...schema.properties,
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: profile.definitions['io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta'] ?? { type: 'object' },
  },
})

export const nameOf = (plural: string, group: string): string => (group === '' ? plural : `${plural}.${group}`)
export const apiVersionOf = (group: string, version: string): string => (group === '' ? version : `${group}/${version}`)

interface Index {
  readonly byName: ReadonlyMap<string, ResourceFacts>
  readonly byKind: ReadonlyMap<string, ResourceFacts>
  readonly byPath: ReadonlyMap<string, ResourceFacts>
  readonly byTyped: ReadonlyMap<string, ResourceFacts>
}
const indexes = new WeakMap<Profile, Index>()

function indexOf(profile: Profile): Index {
  const known = indexes.get(profile)
  if (known !== undefined) return known
  const made = indexed(profile.resources)
  indexes.set(profile, made)
  return made
}

function indexed(resources: readonly ResourceFacts[]): Index {
  const byName = new Map<string, ResourceFacts>()
  const byKind = new Map<string, ResourceFacts>()
  const byPath = new Map<string, ResourceFacts>()
  const byTyped = new Map<string, ResourceFacts>()
  for (const facts of resources) {
    const { plural, singular, group, version, shortNames } = facts
    first(byName, facts.name, facts)
    first(byKind, `${facts.apiVersion} ${facts.kind}`, facts)
    first(byPath, `${group}/${version}/${plural}`, facts)
    for (const word of [plural, singular, ...shortNames]) {
      first(byTyped, word, facts)
      if (group === '') continue
      first(byTyped, `${word}.${group}`, facts)
      first(byTyped, `${word}.${version}.${group}`, facts)
    }
  }
  return { byName, byKind, byPath, byTyped }
}

function first<V>(map: Map<string, V>, key: string, value: V): void {
  if (!map.has(key)) map.set(key, value)
}
