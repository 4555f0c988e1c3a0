/**
 * Kubernetes' protobuf: the four bytes `k8s\0`, then runtime.Unknown with the kind and the object in its Go message.
 * kubectl sends it for imperative creations. Field numbers are facts of the profile; only decoding is needed.
 */
import type { Profile, Schema } from '../../lib/schema.ts'
import { rfc3339, rfc3339Micro } from '../../lib/time.ts'
import { type Field, messages } from '../../profiles/v1.32/protobuf.generated.ts'
import { fieldsOf, textIn, type WireField } from './protobuf-wire.ts'

const MAGIC = [0x6b, 0x38, 0x73, 0x00]

export const isProtobuf = (body: Uint8Array): boolean => MAGIC.every((byte, i) => body[i] === byte)

/** @returns the object as JSON, or what is wrong with it. */
export function fromProtobuf(profile: Profile, body: Uint8Array): Readonly<Record<string, unknown>> | string {
  const { typeMeta, raw } = unknownOf(body.subarray(MAGIC.length))
  const { apiVersion = '', kind = '' } = typeMeta
  const message = messageOf(apiVersion, kind)
  if (message === undefined) return `no kind "${kind}" is registered for version "${apiVersion}"`
  return { kind, apiVersion, ...(objectIn(profile, message, raw) as object) }
}

interface TypeMeta {
  readonly apiVersion?: string
  readonly kind?: string
}

/** runtime.Unknown: typeMeta is 1, raw is 2; of TypeMeta apiVersion is 1, kind is 2. */
function unknownOf(bytes: Uint8Array): { readonly typeMeta: TypeMeta; readonly raw: Uint8Array } {
  const fields = fieldsOf(bytes)
  const inside = fieldsOf(bytesOf(fields.find(({ number }) => number === 1)))
  const textAt = (at: number): string => textIn(bytesOf(inside.find(({ number }) => number === at)))
  return {
    typeMeta: { apiVersion: textAt(1), kind: textAt(2) },
    raw: bytesOf(fields.find(({ number }) => number === 2)),
  }
}

const NOTHING = new Uint8Array()
const bytesOf = (field: WireField | undefined): Uint8Array => field?.bytes ?? NOTHING

const META = 'k8s.io.apimachinery.pkg.apis.meta.v1.'

/** The Go package of a group is its first word: `apps`, `rbac` of rbac.authorization.k8s.io. */
function messageOf(apiVersion: string, kind: string): string | undefined {
  const slash = apiVersion.indexOf('/')
  const [group, version] = slash < 0 ? ['core', apiVersion] : [apiVersion.slice(0, slash), apiVersion.slice(slash + 1)]
  const tail = `.${group.split('.')[0]}.${version}.${kind}`
  if (`${META}${kind}` in messages && kind === 'DeleteOptions') return `${META}${kind}`
  return Object.keys(messages).find((name) => name.endsWith(tail))
}

function objectIn(profile: Profile, message: string, bytes: Uint8Array): unknown {
  const special = SPECIAL[message]
  if (special !== undefined) return special(bytes)
  const schema = profile.definitions[`io.k8s.${message.slice('k8s.io.'.length).replace('_', '-')}`]
  const known = messages[message] ?? {}
  const object: Record<string, unknown> = {}
  for (const field of fieldsOf(bytes)) {
    const facts = known[field.number]
    if (facts !== undefined) put(profile, object, facts, field, schema)
  }
  return object
}

function put(
  profile: Profile,
  object: Record<string, unknown>,
  [name, type, form]: Field,
  field: WireField,
  schema: Schema | undefined,
): void {
  if (form === 'inline') {
    Object.assign(object, objectIn(profile, type, field.bytes))
  } else if (form === 'map') {
    const [key, value] = entryOf(profile, type, field.bytes)
    object[name] = { ...(object[name] as object), [key]: value }
  } else if (form === 'many') {
    object[name] = [...((object[name] as unknown[]) ?? []), valueOf(profile, type, field)]
  } else {
    const value = valueOf(profile, type, field)
    if (!isUnset(value, schema?.properties?.[name])) object[name] = value
  }
}

/** Go writes the zeros of what is no pointer; JSON leaves out those that are `omitempty`. */
const isUnset = (value: unknown, property: Schema | undefined): boolean =>
  value === null || (property?.omitZero === true && (value === '' || value === 0 || value === false))

function entryOf(profile: Profile, type: string, bytes: Uint8Array): readonly [string, unknown] {
  const fields = fieldsOf(bytes)
  const value = fields.find(({ number }) => number === 2) ?? { number: 2, bytes: NOTHING, value: 0n }
  return [textIn(bytesOf(fields.find(({ number }) => number === 1))), valueOf(profile, type, value)]
}

function valueOf(profile: Profile, type: string, { bytes, value }: WireField): unknown {
  switch (type) {
    case 'string':
      return textIn(bytes)
    case 'bytes':
      return base64Of(bytes)
    case 'bool':
      return value !== 0n
    case 'int32':
    case 'int64':
      return Number(BigInt.asIntN(64, value))
    case 'double':
      return new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, true)
    default:
      return objectIn(profile, type, bytes)
  }
}

/** Messages that are no objects in JSON. */
const SPECIAL: Readonly<Record<string, (bytes: Uint8Array) => unknown>> = {
  [`${META}Time`]: (bytes) => instantIn(bytes, rfc3339),
  [`${META}MicroTime`]: (bytes) => instantIn(bytes, rfc3339Micro),
  [`${META}FieldsV1`]: (bytes) => jsonIn(bytes),
  'k8s.io.apimachinery.pkg.api.resource.Quantity': (bytes) => textIn(bytesOf(fieldsOf(bytes)[0])),
  'k8s.io.apimachinery.pkg.runtime.RawExtension': (bytes) => jsonIn(bytes),
  'k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSON': (bytes) => jsonIn(bytes),
  'k8s.io.apimachinery.pkg.util.intstr.IntOrString': intOrString,
  'k8s.io.api.authorization.v1.ExtraValue': (bytes) => fieldsOf(bytes).map((field) => textIn(field.bytes)),
}

function instantIn(bytes: Uint8Array, text: (ms: number) => string): string | null {
  const fields = fieldsOf(bytes)
  if (fields.length === 0) return null
  const at = (number: number): number =>
    Number(BigInt.asIntN(64, fields.find((field) => field.number === number)?.value ?? 0n))
  return text(at(1) * 1_000 + at(2) / 1_000_000)
}

const jsonIn = (bytes: Uint8Array): unknown => JSON.parse(textIn(bytesOf(fieldsOf(bytes)[0])) || 'null')

/** type is 1 (0 a number, 1 a text), intVal 2, strVal 3. */
function intOrString(bytes: Uint8Array): number | string {
  const fields = fieldsOf(bytes)
  const at = (number: number): WireField | undefined => fields.find((field) => field.number === number)
  return at(1)?.value === 1n ? textIn(bytesOf(at(3))) : Number(BigInt.asIntN(32, at(2)?.value ?? 0n))
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

function base64Of(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b, c] = bytes.subarray(i, i + 3)
    const three = (a << 16) | ((b ?? 0) << 8) | (c ?? 0)
    const four = [18, 12, 6, 0].map((shift) => LETTERS[(three >> shift) & 63] as string)
    text += `${four[0]}${four[1]}${b === undefined ? '=' : four[2]}${c === undefined ? '=' : four[3]}`
  }
  return text
}
