/** Turns definitions that name each other into schemas that hold each other. */
import { joined } from '../joined.ts'
import type { Schema, UnlinkedSchema } from '../schema.ts'

type Open = { -readonly [K in keyof Schema]: Schema[K] }
type Definitions = Record<string, Schema>

/**
 * Links definitions. The `properties` of a definition are one shared object, made empty first and filled second, so that
 * definitions may be cyclic (JSONSchemaProps holds itself).
 */
export function linked(written: Readonly<Record<string, UnlinkedSchema>>): Definitions {
  const definitions: Definitions = {}
  for (const [definition, schema] of Object.entries(written)) {
    const { properties, items, additionalProperties, ...facts } = schema
    definitions[definition] = shaped({ ...(facts as Schema), definition }, properties)
  }
  for (const [name, schema] of Object.entries(written)) fill(definitions, definitions[name] as Open, schema)
  return definitions
}

function fill(definitions: Definitions, into: Open, schema: UnlinkedSchema): void {
  const properties = into.properties as Record<string, Schema> | undefined
  if (properties !== undefined) {
    for (const [name, property] of Object.entries(schema.properties ?? {}))
      properties[name] = node(definitions, property)
  }
  if (schema.items !== undefined) into.items = node(definitions, schema.items)
  if (schema.additionalProperties !== undefined) {
    into.additionalProperties = node(definitions, schema.additionalProperties)
  }
}

/** A schema at its place: what it refers to, and what is said of it there (a default, a merge key). */
function node(definitions: Definitions, schema: UnlinkedSchema): Schema {
  const { $ref, properties, items, additionalProperties, ...facts } = schema
  if ($ref !== undefined) return joined(definitions[$ref] as Schema, facts as Schema)
  const made = shaped(facts as Schema, properties)
  fill(definitions, made, schema)
  return made
}

/** Walks ask every schema the same questions, at every field of every object: what is not said is undefined, not absent. */
const shaped = (facts: Schema, properties: object | undefined): Open =>
  joined(NOTHING_SAID, { ...facts, ...(properties === undefined ? {} : { properties: {} }) }) as Open

const NOTHING_SAID = {
  definition: undefined,
  type: undefined,
  format: undefined,
  properties: undefined,
  additionalProperties: undefined,
  items: undefined,
  required: undefined,
  default: undefined,
  enum: undefined,
  nullable: undefined,
  omitZero: undefined,
  'x-kubernetes-int-or-string': undefined,
  'x-kubernetes-preserve-unknown-fields': undefined,
  'x-kubernetes-embedded-resource': undefined,
  'x-kubernetes-list-type': undefined,
  'x-kubernetes-list-map-keys': undefined,
  'x-kubernetes-map-type': undefined,
  'x-kubernetes-patch-merge-key': undefined,
  'x-kubernetes-patch-strategy': undefined,
}
