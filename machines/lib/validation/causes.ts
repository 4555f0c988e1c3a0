/** What is wrong with a field, in the API's own words (k8s.io/apimachinery/pkg/util/validation/field). */

export interface Cause {
  readonly reason: string
  readonly message: string
  /** `spec.containers[0].image` */
  readonly field: string
}
/** Where the rules write down what they find, in the order in which the server looks. */
export type Found = Cause[]

/** A value that is shown as Go prints it, not as JSON. */
export class Shown {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

const text = (value: unknown): string => {
  if (value instanceof Shown) return value.text
  if (typeof value === 'string') return JSON.stringify(value)
  return value === undefined || value === null ? '"null"' : String(value)
}
const detailed = (message: string, detail: string): string => (detail === '' ? message : `${message}: ${detail}`)

export const invalid = (field: string, value: unknown, detail: string): Cause => ({
  reason: 'FieldValueInvalid',
  message: detailed(`Invalid value: ${text(value)}`, detail),
  field,
})
export const required = (field: string, detail = ''): Cause => ({
  reason: 'FieldValueRequired',
  message: detailed('Required value', detail),
  field,
})
export const duplicate = (field: string, value: unknown, detail = ''): Cause => ({
  reason: 'FieldValueDuplicate',
  message: detailed(`Duplicate value: ${text(value)}`, detail),
  field,
})
export const notFound = (field: string, value: unknown): Cause => ({
  reason: 'FieldValueNotFound',
  message: `Not found: ${text(value)}`,
  field,
})
export const forbidden = (field: string, detail: string): Cause => ({
  reason: 'FieldValueForbidden',
  message: detailed('Forbidden', detail),
  field,
})
export const notSupported = (field: string, value: unknown, supported: readonly string[]): Cause => ({
  reason: 'FieldValueNotSupported',
  message: `Unsupported value: ${text(value)}: supported values: ${supported.map((each) => JSON.stringify(each)).join(', ')}`,
  field,
})
export const tooLong = (field: string, most: number): Cause => ({
  reason: 'FieldValueTooLong',
  message: `Too long: may not be more than ${most} bytes`,
  field,
})
export const tooMany = (field: string, count: number, most: number): Cause => ({
  reason: 'FieldValueTooMany',
  message: `Too many: ${count}: must have at most ${most} items`,
  field,
})

/** One `Invalid value` for each complaint about a text. */
export function complain(found: Found, field: string, value: unknown, complaints: readonly string[]): void {
  for (const complaint of complaints) found.push(invalid(field, value, complaint))
}

export function nonNegative(found: Found, field: string, value: number | undefined): void {
  if (value !== undefined && value < 0) found.push(invalid(field, value, 'must be greater than or equal to 0'))
}

/** Missing, or none of those that there are. */
export function oneOf(found: Found, field: string, value: string | undefined, supported: readonly string[]): void {
  if (value === undefined || value === '') found.push(required(field))
  else if (!supported.includes(value)) found.push(notSupported(field, value, supported))
}

export const IMMUTABLE = 'field is immutable'

/** Of a part as a whole, whose value says nothing (field.OmitValueType). */
export const invalidPart = (field: string, detail: string): Cause => ({
  reason: 'FieldValueInvalid',
  message: `Invalid value: ${detail}`,
  field,
})

/** Every count of an object that is below zero. */
export function nonNegatives(
  found: Found,
  field: string,
  of: Readonly<Record<string, unknown>> | undefined,
  names: readonly string[],
): void {
  for (const name of names) {
    const value = of?.[name]
    if (typeof value === 'number') nonNegative(found, `${field}.${name}`, value)
  }
}
