import { expect, test } from 'vitest'
import { finalizeProposed, namespaceStrategy } from '../../../../../machines/apiserver/registry/namespaces.ts'
import { attempt, messageOf, object } from '../attempts.ts'

const namespace = object('Namespace', { spec: { finalizers: ['kubernetes'] } }, { namespace: undefined })
const finalized = (finalizers: string[] | undefined) =>
  finalizeProposed(
    attempt({
      verb: 'update',
      resource: 'namespaces',
      subresource: 'finalize',
      body: { metadata: { name: 'x' }, spec: finalizers === undefined ? {} : { finalizers } },
    }),
    namespace,
  )

test('a new one is active, held by its finalizer, and carries its name', () => {
  expect(namespaceStrategy.prepareForCreate?.(object('Namespace'))).toMatchObject({
    metadata: { labels: { 'kubernetes.io/metadata.name': 'x' } },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  })
})

test('only finalize changes the finalizers of the spec', () => {
  const next = object('Namespace', { spec: { finalizers: [] } }, { labels: { 'kubernetes.io/metadata.name': 'other' } })
  expect(namespaceStrategy.prepareForUpdate?.(next, namespace)).toMatchObject({
    metadata: { labels: { 'kubernetes.io/metadata.name': 'x' } },
    spec: { finalizers: ['kubernetes'] },
  })
  expect(finalized(['kubernetes', 'e.x/y'])).toMatchObject({
    object: { spec: { finalizers: ['kubernetes', 'e.x/y'] } },
  })
  expect(finalized(undefined)).toMatchObject({ object: { spec: {} } })
  expect(messageOf(finalized(['bad']))).toMatch(/name is neither a standard finalizer name nor is it fully qualified$/)
})
