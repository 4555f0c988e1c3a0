/** Deletion: preconditions, grace, finalizers. rest.BeforeDelete, Store.updateForGracefulDeletionAndFinalizers. */
import { parseTime, rfc3339 } from '../../lib/time.ts'
import type { RequestOptions } from '../../protocol/api.ts'
import type { ApiObject, Pod } from '../../protocol/objects.ts'
import { unversioned } from '../frozen.ts'
import { conflict, forbidden } from '../statuses.ts'
import { type Attempt, type Outcome, type Refusal, refuse } from './attempt.ts'
import { deletionOptions, isEviction } from './eviction.ts'
import { namespaceDeletion } from './namespaces.ts'

const FOREGROUND = 'foregroundDeletion'
const ORPHAN = 'orphan'
/** Whose first API version left the dependents alone: their default is orphaning. */
const ORPHANING = ['jobs.batch', 'replicationcontrollers']
const IMMORTAL = ['default', 'kube-system', 'kube-public']

export function deletionSettled(attempt: Attempt, current: ApiObject): Outcome {
  const refused = refusedDeletion(attempt, current)
  if (refused !== undefined) return refused
  if (attempt.facts.name === 'namespaces') return namespaceDeletion(attempt, current)
  if (current.metadata.deletionTimestamp !== undefined) return laterDeletion(attempt, current)
  const finalizers = finalizersOf(attempt, current)
  if (attempt.facts.name !== 'pods') return withoutGrace(attempt, current, finalizers)
  if (isEviction(attempt.request) && !isToldWhy(current as Pod))
    return { does: 'store', value: evicted(current as Pod, attempt.at), next: 'go on' }
  return firstDeletion(attempt, current, gracePeriod(current as Pod, deletionOptions(attempt.request)), finalizers)
}

/** EvictionREST.addConditionAndDeletePod: a pod that is not at its end is told why, before it is deleted. */
const isToldWhy = ({ status }: Pod): boolean =>
  status?.phase === 'Succeeded' ||
  status?.phase === 'Failed' ||
  (status?.conditions ?? []).some(({ type, reason }) => type === 'DisruptionTarget' && reason === EVICTED)
const EVICTED = 'EvictionByEvictionAPI'

function evicted(pod: Pod, at: number): ApiObject {
  const why = {
    type: 'DisruptionTarget',
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: rfc3339(at),
    reason: EVICTED,
    message: 'Eviction API: evicting',
  }
  const others = (pod.status?.conditions ?? []).filter(({ type }) => type !== why.type)
  return unversioned({ ...pod, status: { ...pod.status, conditions: [...others, why] } } as unknown as ApiObject)
}

function refusedDeletion(attempt: Attempt, { kind, metadata }: ApiObject): Refusal | undefined {
  const { facts, request } = attempt
  if (facts.name === 'namespaces' && IMMORTAL.includes(metadata.name)) {
    return refuse(forbidden('namespaces', metadata.name, 'this namespace may not be deleted'))
  }
  const { uid, resourceVersion } = deletionOptions(attempt.request).preconditions ?? {}
  const name = request.name ?? metadata.name
  if (uid !== undefined && uid !== metadata.uid) {
    const why = `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`
    return refuse(conflict(kind, name, why))
  }
  if (resourceVersion === undefined || resourceVersion === metadata.resourceVersion) return undefined
  const why = `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`
  return refuse(conflict(kind, name, why))
}

/** podStrategy.CheckGracefulDelete: of the options, else of the spec; none for what runs nowhere or no longer. */
function gracePeriod({ spec, status }: Pod, { gracePeriodSeconds }: RequestOptions): number {
  if (spec.nodeName === undefined || spec.nodeName === '') return 0
  if (status?.phase === 'Failed' || status?.phase === 'Succeeded') return 0
  return notNegative(gracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 30)
}
const notNegative = (seconds: number): number => (seconds < 0 ? 1 : seconds)

function firstDeletion({ at }: Attempt, current: ApiObject, seconds: number, finalizers: readonly string[]): Outcome {
  const value = marked(current, at + seconds * 1_000, seconds, finalizers)
  return { does: 'store', value, next: seconds === 0 && finalizers.length === 0 ? 'remove' : 'answer' }
}

/** A later deletion may only make it sooner; one that finds no grace left ends what an earlier one began. */
function laterDeletion(attempt: Attempt, current: ApiObject): Outcome {
  const { deletionTimestamp, deletionGracePeriodSeconds: left, finalizers = [] } = current.metadata
  if (left === undefined || left === 0) return { does: finalizers.length === 0 ? 'remove' : 'keep', object: current }
  const { gracePeriodSeconds } = deletionOptions(attempt.request)
  if (gracePeriodSeconds === undefined || notNegative(gracePeriodSeconds) >= left)
    return { does: 'keep', object: current }
  const seconds = notNegative(gracePeriodSeconds)
  const at = parseTime(String(deletionTimestamp)) + (seconds - left) * 1_000
  const value = marked(current, at, seconds, finalizers)
  return { does: 'store', value, next: seconds === 0 && finalizers.length === 0 ? 'remove' : 'answer' }
}

function withoutGrace({ at }: Attempt, current: ApiObject, finalizers: readonly string[]): Outcome {
  return finalizers.length === 0
    ? { does: 'remove', object: current }
    : { does: 'store', value: marked(current, at, 0, finalizers), next: 'answer' }
}

function marked(current: ApiObject, at: number, seconds: number, finalizers: readonly string[]): ApiObject {
  const { generation, finalizers: _, deletionTimestamp: before, ...metadata } = current.metadata
  const rises = generation !== undefined && before === undefined
  return unversioned({
    ...current,
    metadata: {
      ...metadata,
      ...(finalizers.length === 0 ? {} : { finalizers: [...finalizers] }),
      ...(generation === undefined ? {} : { generation: rises ? generation + 1 : generation }),
      deletionTimestamp: rfc3339(at) as never,
      deletionGracePeriodSeconds: seconds,
    },
  })
}

/** What the propagation policy leaves for the garbage collector to do first: deletionFinalizersForGarbageCollection. */
function finalizersOf(attempt: Attempt, { metadata }: ApiObject): readonly string[] {
  const present = metadata.finalizers ?? []
  const others = present.filter((name) => name !== FOREGROUND && name !== ORPHAN)
  switch (deletionOptions(attempt.request).propagationPolicy) {
    case 'Foreground':
      return [...others, FOREGROUND]
    case 'Orphan':
      return [...others, ORPHAN]
    case 'Background':
      return others
    default:
      if (present.length > others.length) return present
      return ORPHANING.includes(attempt.facts.name) ? [...present, ORPHAN] : present
  }
}
