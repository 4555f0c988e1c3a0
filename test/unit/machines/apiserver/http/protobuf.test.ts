import { describe, expect, test } from 'vitest'
import { fromProtobuf, isProtobuf } from '../../../../../machines/apiserver/http/protobuf.ts'
import profile from '../../../../../machines/profiles/v1.32/index.ts'

/** Writes what the decoder reads: fields by number, one after the other. */
const varint = (value: number): number[] =>
  value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(Math.floor(value / 128))]
const message = (...fields: readonly number[][]): number[] => fields.flat()
const field = (number: number, content: readonly number[] | string): number[] => {
  const bytes = typeof content === 'string' ? [...new TextEncoder().encode(content)] : content
  return [...varint((number << 3) | 2), ...varint(bytes.length), ...bytes]
}
const count = (number: number, value: number): number[] => [...varint(number << 3), ...varint(value)]
const sent = (apiVersion: string, kind: string, raw: number[]): Uint8Array =>
  Uint8Array.from([
    0x6b,
    0x38,
    0x73,
    0,
    ...message(field(1, message(field(1, apiVersion), field(2, kind))), field(2, raw), field(3, ''), field(4, '')),
  ])
const read = (apiVersion: string, kind: string, raw: number[]): unknown =>
  fromProtobuf(profile, sent(apiVersion, kind, raw))

describe('a protobuf body', () => {
  test('is known by its first bytes', () => {
    expect([isProtobuf(sent('v1', 'Pod', [])), isProtobuf(Uint8Array.from([1, 2, 3, 4]))]).toEqual([true, false])
  })
  test('is the object that JSON would be: zeros that Go writes are left out', () => {
    const metadata = message(field(1, 'conf'), field(2, ''), field(3, 'lab'), field(5, ''), count(7, 0), field(8, []))
    const entry = message(field(1, 'a'), field(2, 'b'))
    expect(read('v1', 'ConfigMap', message(field(1, metadata), field(2, entry)))).toEqual({
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: { name: 'conf', namespace: 'lab' },
      data: { a: 'b' },
    })
  })
  test('holds bytes as base64', () => {
    const entry = (key: string, value: string) => field(2, message(field(1, key), field(2, value)))
    const raw = message(entry('a', 'x'), entry('b', 'xy'), entry('c', 'xyz'))
    expect(read('v1', 'Secret', raw)).toMatchObject({ data: { a: 'eA==', b: 'eHk=', c: 'eHl6' } })
  })
  test('has what Go embeds beside the rest', () => {
    const probe = message(field(1, message(field(3, message(field(1, message(count(2, 80))))))), count(2, 5))
    const container = message(field(1, 'c'), field(10, probe))
    const pod = message(field(2, message(field(2, container), count(4, 30))))
    expect(read('v1', 'Pod', pod)).toMatchObject({
      spec: {
        terminationGracePeriodSeconds: 30,
        containers: [{ name: 'c', livenessProbe: { tcpSocket: { port: 80 }, initialDelaySeconds: 5 } }],
      },
    })
  })
  test('knows quantities, instants and numbers that may be texts', () => {
    const limits = message(field(1, 'cpu'), field(2, field(1, '500m')))
    const container = message(field(1, 'c'), field(8, field(1, limits)))
    const metadata = message(field(1, 'p'), field(8, count(1, 1_767_225_600)))
    expect(read('v1', 'Pod', message(field(1, metadata), field(2, field(2, container))))).toMatchObject({
      metadata: { creationTimestamp: '2026-01-01T00:00:00Z' },
      spec: { containers: [{ resources: { limits: { cpu: '500m' } } }] },
    })
    const surge = message(count(1, 1), field(3, '25%'))
    const strategy = message(field(1, 'RollingUpdate'), field(2, field(2, surge)))
    expect(read('apps/v1', 'Deployment', field(2, field(4, strategy)))).toMatchObject({
      spec: { strategy: { rollingUpdate: { maxSurge: '25%' } } },
    })
  })
  test('of an unknown kind is refused', () => {
    expect(read('v9', 'Nothing', [])).toBe('no kind "Nothing" is registered for version "v9"')
  })
})
