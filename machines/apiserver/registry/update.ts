/** Replacement of an object or of its status: Store.Update, rest.BeforeUpdate, PrepareForUpdate of each strategy. */
import { joined } from '../../lib/joined.ts'
import type { ResourceFacts } from '../../lib/schema.ts'
import type { Subresource } from '../../protocol/api.ts'
import type { ApiObject } from '../../protocol/objects.ts'
import { etcdKey } from '../etcd-keys.ts'
import { same, unversioned, versioned } from '../frozen.ts'
import { pathOf } from '../reads.ts'
import { conflict } from '../statuses.ts'
import { type Attempt, type Draft, type Outcome, type Refusal, refuse, store } from './attempt.ts'
import { decoded } from './decoding.ts'
import { strategyOf } from './strategy.ts'
import { invalid, refusedAsInvalidUpdate } from './validation.ts'

export function updateProposed(attempt: Attempt, current: ApiObject): Draft | Refusal {
  const { request, facts } = attempt
  const proposed = decoded(request.body, facts, request)
  if (proposed.does === 'refuse') return proposed
  return refusedAsOutdated(attempt, proposed.object, current) ?? proposed
}

/** Optimistic concurrency: a resourceVersion or uid in what the client sends must be the current one. */
export function refusedAsOutdated(attempt: Attempt, next: ApiObject, current: ApiObject): Refusal | undefined {
  const { request, facts } = attempt
  const { uid, resourceVersion } = next.metadata
  if (request.verb === 'update' && uid !== undefined && uid !== current.metadata.uid) {
    return refuse(conflict(facts.name, next.metadata.name, uidDiffers(etcdKey(facts, pathOf(request)), uid, current)))
  }
  if (resourceVersion === undefined || resourceVersion === '') {
    if (request.verb === 'patch' || strategyOf(facts).allowsUnconditionalUpdate) return undefined
    return refuse(invalid(facts.plural, facts.group, next.metadata.name, [VERSION_MISSING]))
  }
  return resourceVersion === current.metadata.resourceVersion
    ? undefined
    : refuse(conflict(facts.name, next.metadata.name))
}
const VERSION_MISSING = {
  reason: 'FieldValueInvalid',
  message: 'Invalid value: 0x0: must be specified for an update',
  field: 'metadata.resourceVersion',
}
/** storage.NewInvalidObjError of Preconditions.Check. */
export const uidDiffers = (key: string, uid: string, current: ApiObject | undefined): string =>
  `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${current?.metadata.uid ?? ''}`

/** What an update, of the object or of its status, comes to. */
export function updateSettled({ request, facts }: Attempt, next: ApiObject, current: ApiObject): Outcome {
  const prepared = preparedFor(request.subresource, facts, next, current)
  const generation =
    request.subresource === 'status' ? current.metadata.generation : generationOf(prepared, current, facts)
  const object = joined(prepared, { metadata: keptMetadata(prepared, current, generation) })
  const invalidity = refusedAsInvalidUpdate(facts, object, current, request.subresource)
  if (invalidity !== undefined) return invalidity
  if (isFinished(object)) return { does: 'remove', object: withVersionOf(unversioned(object), current) }
  return same(object, current) ? { does: 'keep', object: current } : store(facts, unversioned(object))
}

/** A main update leaves the status, a status update the spec; a binding or finalization is as it was proposed. */
function preparedFor(subresource: Subresource | undefined, facts: ResourceFacts, next: ApiObject, current: ApiObject) {
  const strategy = strategyOf(facts)
  if (subresource === 'status') return strategy.prepareForStatus(next, current)
  return subresource === undefined || subresource === 'scale' ? strategy.prepareForUpdate(next, current) : next
}

/** Deleted, and nothing holds it any longer: Store.shouldDeleteDuringUpdate, and the one of namespaces. */
const isFinished = (object: ApiObject): boolean =>
  object.metadata.deletionTimestamp !== undefined &&
  (object.metadata.deletionGracePeriodSeconds ?? 0) === 0 &&
  (object.metadata.finalizers ?? []).length === 0 &&
  (object.kind !== 'Namespace' || finalizersOf(object).length === 0)
const finalizersOf = (object: ApiObject): readonly string[] =>
  (object as { readonly spec?: { readonly finalizers?: readonly string[] } }).spec?.finalizers ?? []

const withVersionOf = (object: ApiObject, { metadata }: ApiObject): ApiObject =>
  metadata.resourceVersion === undefined ? object : versioned(object, Number(metadata.resourceVersion))

/** What no client can change: identity, birth, and that it is being deleted. */
function keptMetadata(next: ApiObject, current: ApiObject, generation: number | undefined): ApiObject['metadata'] {
  const { uid, resourceVersion, creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds } = current.metadata
  const {
    creationTimestamp: _,
    generation: __,
    deletionTimestamp: ___,
    deletionGracePeriodSeconds: ____,
    ...given
  } = next.metadata
  const kept: Open<ApiObject['metadata']> = given
  if (uid !== undefined && kept.uid === undefined) kept.uid = uid
  if (resourceVersion !== undefined) kept.resourceVersion = resourceVersion
  if (creationTimestamp !== undefined) kept.creationTimestamp = creationTimestamp
  if (deletionTimestamp !== undefined) kept.deletionTimestamp = deletionTimestamp
  if (deletionGracePeriodSeconds !== undefined) kept.deletionGracePeriodSeconds = deletionGracePeriodSeconds
  if (generation !== undefined) kept.generation = generation
  return kept
}
type Open<T> = { -readonly [K in keyof T]: T[K] }

/** Rises when a main update changes what is wanted: the spec, and what each strategy counts to it. */
function generationOf(next: ApiObject, current: ApiObject, facts: ResourceFacts): number | undefined {
  const { generation } = current.metadata
  if (generation === undefined || !strategyOf(facts).hasGeneration) return generation
  return strategyOf(facts).wants(next, current) ? generation + 1 : generation
}
