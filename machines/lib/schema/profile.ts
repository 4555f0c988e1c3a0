/** Puts a profile together from what is generated. */
import {
  apiVersionOf,
  nameOf,
  type Profile,
  type ResourceFacts,
  type SubresourceFacts,
  type UnlinkedSchema,
} from '../schema.ts'
import type { Column } from '../table/columns.ts'
import { linked } from './linked.ts'

/** A resource as discovery tells it, with the definition that is its schema and the columns it is printed in. */
export interface WrittenResource {
  readonly plural: string
  readonly singular: string
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly namespaced: boolean
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly verbs: readonly string[]
  readonly subresources?: readonly SubresourceFacts[]
  readonly storageVersionHash?: string
  readonly definition?: string
  readonly columns?: readonly Column[]
}

export function profileOf(
  version: string,
  written: Readonly<Record<string, UnlinkedSchema>>,
  resources: readonly WrittenResource[],
): Profile {
  const definitions = linked(written)
  return { version, definitions, resources: resources.map((resource) => factsOf(resource, definitions)) }
}

function factsOf(written: WrittenResource, definitions: Profile['definitions']): ResourceFacts {
  const { definition, subresources = [], columns, ...facts } = written
  return {
    ...facts,
    name: nameOf(facts.plural, facts.group),
    apiVersion: apiVersionOf(facts.group, facts.version),
    listKind: `${facts.kind}List`,
    subresources: subresources.map(({ name }) => name),
    subresourceFacts: subresources,
    schema: definitions[definition ?? ''] ?? { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    ...(columns === undefined ? {} : { columns }),
  }
}
