/** The wire format of protobuf: numbered fields, each a varint, eight bytes, four bytes, or a length and that many bytes. */

export interface WireField {
  readonly number: number
  /** Of a varint; else 0. */
  readonly value: bigint
  /** Of everything else; empty of a varint. */
  readonly bytes: Uint8Array
}

const NOTHING = new Uint8Array()

/** @throws when the bytes are no message. */
export function fieldsOf(bytes: Uint8Array): readonly WireField[] {
  const fields: WireField[] = []
  let at = 0
  while (at < bytes.length) {
    const [tag, afterTag] = varint(bytes, at)
    const number = Number(tag >> 3n)
    const [field, next] = fieldAt(bytes, afterTag, Number(tag & 7n))
    fields.push({ number, ...field })
    at = next
  }
  return fields
}

function fieldAt(bytes: Uint8Array, at: number, wireType: number): readonly [Omit<WireField, 'number'>, number] {
  if (wireType === 0) {
    const [value, next] = varint(bytes, at)
    return [{ value, bytes: NOTHING }, next]
  }
  const [length, start] = wireType === 2 ? varint(bytes, at) : [wireType === 1 ? 8n : 4n, at]
  const end = start + Number(length)
  if (wireType > 2 && wireType !== 5) throw new Error(`wire type ${wireType} is not used by Kubernetes`)
  if (end > bytes.length) throw new Error('unexpected EOF')
  return [{ value: 0n, bytes: bytes.subarray(start, end) }, end]
}

function varint(bytes: Uint8Array, from: number): readonly [bigint, number] {
  let value = 0n
  for (let at = from, shift = 0n; at < bytes.length; at++, shift += 7n) {
    const byte = bytes[at] as number
    value |= BigInt(byte & 0x7f) << shift
    if (byte < 0x80) return [value, at + 1]
  }
  throw new Error('unexpected EOF')
}

export const textIn = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
