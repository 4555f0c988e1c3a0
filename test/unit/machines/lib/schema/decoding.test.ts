import { describe, expect, test } from 'vitest'
import { decoded } from '../../../../../machines/lib/schema/decoding.ts'
import { extended, type ResourceFacts, resourceOf, type Schema } from '../../../../../machines/lib/schema.ts'
import profile from '../../../../../machines/profiles/v1.32/index.ts'

const schemaOf = (name: string): Schema => resourceOf(profile, name)?.schema as Schema
const pod = (spec: unknown) =>
  decoded(schemaOf('pods'), { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec })

describe('a body', () => {
  test('that needs no change is the same object', () => {
    const body = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: { containers: [{ name: 'c', image: 'i' }] },
    }
    expect(decoded(schemaOf('pods'), body)).toEqual({ value: body, unknown: [] })
    expect(decoded(schemaOf('pods'), body).value).toBe(body)
  })
  test('loses unknown fields, and they are named', () => {
    const { value, unknown } = pod({ foo: 1, containers: [{ name: 'c', imagePullpolicy: 'x' }] })
    expect(unknown).toEqual(['spec.foo', 'spec.containers[0].imagePullpolicy'])
    expect(value).toMatchObject({ spec: { containers: [{ name: 'c' }] } })
  })
  test('loses nulls and zeros that are no pointers', () => {
    const { value } = pod({
      hostNetwork: false,
      nodeName: '',
      priority: 0,
      volumes: null,
      tolerations: [],
      containers: [{ name: 'c' }],
    })
    expect(value).toMatchObject({ spec: { priority: 0, containers: [{ name: 'c' }] } })
    expect(Object.keys((value as { spec: object }).spec)).toEqual(['priority', 'containers'])
  })
  test('has no fields that are undefined', () => {
    const { value, unknown } = pod({ nodeName: undefined, nodeSelector: { a: 'b', c: undefined }, stray: undefined })
    expect(unknown).toEqual([])
    expect((value as { spec: object }).spec).toStrictEqual({ nodeSelector: { a: 'b' } })
  })
  test('has canonical quantities and instants', () => {
    const { value } = pod({ containers: [{ name: 'c', resources: { requests: { cpu: '1000m', memory: 1024 } } }] })
    expect(value).toMatchObject({ spec: { containers: [{ resources: { requests: { cpu: '1', memory: '1024' } } }] } })
    const lease = {
      metadata: { name: 'l', creationTimestamp: '2026-01-01T01:00:00+01:00' },
      spec: { renewTime: '2026-01-01T00:00:00Z' },
    }
    expect(decoded(schemaOf('leases.coordination.k8s.io'), lease).value).toEqual({
      metadata: { name: 'l', creationTimestamp: '2026-01-01T00:00:00Z' },
      spec: { renewTime: '2026-01-01T00:00:00.000000Z' },
    })
  })
  test('keeps null in a list of values as their zero', () => {
    expect(pod({ containers: [null] }).value).toMatchObject({ spec: { containers: [{}] } })
    const map = decoded(schemaOf('configmaps'), { metadata: { name: 'c' }, data: { a: null } })
    expect(map.value).toMatchObject({ data: { a: '' } })
  })
  test('keeps nulls and zeros of an own kind', () => {
    const schema: Schema = {
      type: 'object',
      properties: { a: { type: 'string', nullable: true }, n: { type: 'integer' } },
    }
    expect(decoded(schema, { a: null, n: 0, x: 1 }, true)).toEqual({ value: { a: null, n: 0 }, unknown: ['x'] })
  })
  test('of an own kind has metadata as any other', () => {
    const own = { plural: 'ws', group: 'g.io', version: 'v1', kind: 'W', namespaced: true }
    const { schema } = resourceOf(extended(profile, [own]), 'ws.g.io') as ResourceFacts
    const body = { metadata: { name: 'w', labels: null, foo: 1 }, spec: { any: null } }
    expect(decoded(schema, body, true)).toEqual({
      value: { metadata: { name: 'w' }, spec: { any: null } },
      unknown: ['metadata.foo'],
    })
    expect(decoded(schema, { metadata: { name: 5 } }, true).error).toContain('ObjectMeta.metadata.name of type string')
  })
  test('keeps unknown fields where the schema says so', () => {
    const schema: Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: {} }
    expect(decoded(schema, { a: { b: 1 } }, true).unknown).toEqual([])
  })
})

describe('a wrong type is told as Go tells it', () => {
  test.each([
    [
      { containers: { name: 'a' } },
      'json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container',
    ],
    [{ priority: 'x' }, 'json: cannot unmarshal string into Go struct field PodSpec.spec.priority of type int32'],
    [
      { priority: 4294967296 },
      'json: cannot unmarshal number 4294967296 into Go struct field PodSpec.spec.priority of type int32',
    ],
    [
      { hostNetwork: 'true' },
      'json: cannot unmarshal string into Go struct field PodSpec.spec.hostNetwork of type bool',
    ],
    [{ nodeName: 5 }, 'json: cannot unmarshal number into Go struct field PodSpec.spec.nodeName of type string'],
    [
      { nodeSelector: { a: 5 } },
      'json: cannot unmarshal number into Go struct field PodSpec.spec.nodeSelector of type string',
    ],
    [
      { containers: [5] },
      'json: cannot unmarshal number into Go struct field PodSpec.spec.containers of type v1.Container',
    ],
  ])('%j', (spec, error) => {
    expect(pod(spec).error).toBe(error)
  })
  test('a quantity and an instant have words of their own', () => {
    expect(pod({ containers: [{ name: 'c', resources: { limits: { cpu: 'x' } } }] }).error).toContain(
      'quantities must match',
    )
    const error = decoded(schemaOf('pods'), { metadata: { creationTimestamp: 'yesterday' } }).error
    expect(error).toBe('parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006"')
  })
})
