/** Namespaces live on two finalizer lists: their own in the spec ends their deletion. pkg/registry/core/namespace. */
import { rfc3339 } from '../../lib/time.ts'
import type { ApiObject, Namespace } from '../../protocol/objects.ts'
import { unversioned } from '../frozen.ts'
import { type Attempt, type Draft, type Outcome, type Refusal, refuse } from './attempt.ts'
import { decoded } from './decoding.ts'
import type { Strategy } from './strategy.ts'
import { invalid } from './validation.ts'

const FINALIZER = 'kubernetes'
const NAME_LABEL = 'kubernetes.io/metadata.name'

export const namespaceStrategy: Partial<Strategy> = {
  prepareForCreate(object) {
    const { spec } = object as Namespace
    const finalizers = spec?.finalizers ?? []
    return named({
      ...object,
      spec: { ...spec, finalizers: finalizers.includes(FINALIZER) ? finalizers : [...finalizers, FINALIZER] },
      status: { phase: 'Active' },
    } as ApiObject)
  },
  prepareForUpdate(next, was) {
    const { spec, status } = was as Namespace
    return named({ ...next, spec, status } as ApiObject)
  },
}

/** Every namespace carries its name as a label; whoever takes it away gets it back. */
function named(object: ApiObject): ApiObject {
  const { labels, name } = object.metadata
  if (labels?.[NAME_LABEL] === name || name === undefined || name === '') return object
  return { ...object, metadata: { ...object.metadata, labels: { ...labels, [NAME_LABEL]: name } } }
}

/** PUT …/finalize replaces `spec.finalizers` and nothing else. */
export function finalizeProposed({ request, facts }: Attempt, current: ApiObject): Draft | Refusal {
  const proposed = decoded(request.body, facts, request)
  if (proposed.does === 'refuse') return proposed
  const { spec } = proposed.object as Namespace
  const finalizers = spec?.finalizers ?? []
  const bad = finalizers.findIndex((name) => name !== FINALIZER && !name.includes('/'))
  if (bad >= 0) return refuse(invalid(facts.kind, facts.group, current.metadata.name, [badFinalizer(bad, finalizers)]))
  const { finalizers: _, ...rest } = (current as Namespace).spec ?? {}
  return {
    does: 'draft',
    object: { ...current, spec: finalizers.length === 0 ? rest : { ...rest, finalizers } } as ApiObject,
  }
}
const badFinalizer = (index: number, finalizers: readonly string[]) => ({
  reason: 'FieldValueInvalid',
  message: `Invalid value: "${finalizers[index]}": name is neither a standard finalizer name nor is it fully qualified`,
  field: `spec.finalizers[${index}]`,
})

/** The first deletion only marks it; content goes by the namespace controller; the last one removes it. */
export function namespaceDeletion({ at }: Attempt, current: ApiObject): Outcome {
  const namespace = current as Namespace
  if (namespace.metadata.deletionTimestamp === undefined) {
    const metadata = { ...namespace.metadata, deletionTimestamp: rfc3339(at) as never }
    const marked = { ...namespace, metadata, status: { ...namespace.status, phase: 'Terminating' } }
    return { does: 'store', value: unversioned(marked as ApiObject), next: 'answer' }
  }
  return (namespace.spec?.finalizers ?? []).length === 0
    ? { does: 'remove', object: current }
    : { does: 'keep', object: current }
}
