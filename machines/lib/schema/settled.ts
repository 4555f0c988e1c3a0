/**
 * What needs no second look: what an API server has written is read as its type, has all its defaults, and is frozen. Most
 * of an object stays from write to write, and a pod's spec is its template's: whoever meets such a part again, in
 * whatever object, takes it as it is.
 */
import type { Schema } from '../schema.ts'

type Properties = NonNullable<Schema['properties']>

/** By what they were written as: the properties are one object for a type, wherever it stands. */
const writtenAs = new WeakMap<object, Properties>()

export const isSettled = (properties: Properties, value: object): boolean => writtenAs.get(value) === properties

/** Notes a value that was written, and the structs in it that are not in lists or maps. @param value decoded, defaulted, frozen */
export function settle({ properties }: Schema, value: unknown): void {
  if (properties === undefined || typeof value !== 'object' || value === null || isSettled(properties, value)) return
  writtenAs.set(value, properties)
  const fields = value as Readonly<Record<string, unknown>>
  for (const key in fields) {
    const property = properties[key]
    if (property !== undefined) settle(property, fields[key])
  }
}
