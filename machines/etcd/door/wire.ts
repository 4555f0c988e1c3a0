/**
 * How the JSON of the gateway looks on the wire and how it is read here. grpc-gateway writes bytes as base64 and 64-bit
 * numbers as decimal strings; here keys are text, numbers numbers. Which field is which is known by its name.
 *
 * A value that is no text is an object of the model: it travels as its JSON, and comes back as text.
 */
import { base64, unbase64 } from '../../lib/base64.ts'

export type Json = { readonly [field: string]: unknown }

/** Bytes of the API, by the names of their fields. */
const BYTES: ReadonlySet<string> = new Set(['key', 'range_end', 'value', 'keys', 'blob'])
/** Its 64-bit numbers. */
const NUMBERS: ReadonlySet<string> = new Set(
  `revision create_revision mod_revision version lease count deleted limit start_revision compact_revision watch_id
   min_mod_revision max_mod_revision min_create_revision max_create_revision ID TTL grantedTTL
   cluster_id member_id memberID raft_term targetID leader remaining_bytes
   raftIndex raftAppliedIndex raftTerm dbSize dbSizeInUse`.split(/\s+/),
)

export const toWire = (plain: Json): Json => walked(plain, encoded) as Json
/** @throws a sentence where something is no base64 */
export const fromWire = (wire: Json): Json => walked(wire, decoded) as Json

type Leaf = (field: string, value: unknown) => unknown

function walked(value: unknown, leaf: Leaf, field = ''): unknown {
  if (Array.isArray(value)) return value.map((each) => walked(each, leaf, field))
  if (typeof value !== 'object' || value === null || (field === 'value' && leaf === encoded)) return leaf(field, value)
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, walked(each, leaf, name)]))
}

function encoded(field: string, value: unknown): unknown {
  if (BYTES.has(field) && typeof value !== 'boolean')
    return base64(typeof value === 'string' ? value : JSON.stringify(value))
  return NUMBERS.has(field) && typeof value === 'number' ? String(value) : value
}

function decoded(field: string, value: unknown): unknown {
  if (typeof value !== 'string') return value
  if (BYTES.has(field)) return textOf(value)
  return NUMBERS.has(field) && /^-?\d+$/.test(value) ? Number(value) : value
}

function textOf(value: string): string {
  // The standard alphabet or that of URLs, padded or not, as Go's jsonpb takes them.
  const standard = value.replaceAll('-', '+').replaceAll('_', '/')
  const { bytes, wrongAt } = unbase64(standard.padEnd(Math.ceil(standard.length / 4) * 4, '='))
  if (wrongAt !== undefined) throw new Error(`illegal base64 data at input byte ${wrongAt}`)
  return decodeURIComponent(bytes.map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''))
}
