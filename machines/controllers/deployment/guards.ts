/** The questions that a Deployment's chart asks. */
import { verbs } from '../../../runtime/contract.ts'
import { reasonOf, succeeded } from '../../lib/requests.ts'
import { keyFor } from '../../protocol/objects.ts'
import { isSettled, mayAdopt } from '../kit/claims.ts'
import { same } from '../kit/same.ts'
import { newReplicaSet } from './new-replica-set.ts'
import { oldPodsRun } from './old-pods.ts'
import { hasProgressDeadline, isComplete } from './progress.ts'
import { isScalingEvent } from './scaling.ts'
import { annotated, selectsEverything, withPauseTold, withRevisionTold } from './standing.ts'
import { isRecreate } from './surge.ts'
import { type Context, currentOf, type Events, itself, oldOf } from './sync.ts'

const { when } = verbs<Context, Events>()
const isDying = (context: Context): boolean => itself(context).metadata.deletionTimestamp !== undefined
const isPaused = (context: Context): boolean => itself(context).spec.paused === true

export const guards = {
  'it is gone': when(({ deployment }) => deployment === undefined),
  'it selects everything': when((context) => selectsEverything(itself(context))),
  'its generation is observed': when((context) => {
    const { metadata, status } = itself(context)
    return (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0)
  }),
  'it is not sure that it may adopt': when(({ claims, mayAdopt }) => claims[0]?.what === 'adopt' && !mayAdopt),
  'replica sets are to be claimed': when(({ claims }) => claims.length > 0),
  'it may adopt': when(
    'api.answered',
    (context, { object }) => object !== undefined && mayAdopt(itself(context), object),
  ),
  'the claim is settled': when(
    'api.answered',
    ({ claims }, { code }) => claims[0] !== undefined && isSettled(claims[0], code),
  ),
  'it is being deleted': when(isDying),
  'it is paused': when(isPaused),
  'it looks once only': when(
    'api.answered',
    (context, reply) => succeeded(reply) && (isPaused(context) || isDying(context)),
  ),
  'a pause or its end is not told': when(
    (context, _, { at }) => withPauseTold(itself(context), at) !== context.deployment,
  ),
  'the new replica set lacks annotations': when((context) => {
    const current = currentOf(context)
    return current !== undefined && annotated(itself(context), context.sets, current) !== current
  }),
  'its revision is not told': when(
    (context, _, { at }) => withRevisionTold(itself(context), context.sets, at) !== context.deployment,
  ),
  'its size has changed': when((context) => isScalingEvent(itself(context), context.sets)),
  'it re-creates': when((context) => isRecreate(itself(context))),
  'it has no new replica set': when((context) => currentOf(context) === undefined),
  'the name is taken': when('api.answered', (_, reply) => reasonOf(reply) === 'AlreadyExists'),
  'its cache knows who has the name': when((context) => {
    const { metadata } = newReplicaSet(itself(context), oldOf(context))
    return context.view?.['replicasets.apps']?.objects.has(keyFor(metadata.namespace, metadata.name)) === true
  }),
  'the namespace is ending': when('api.answered', (_, { status }) =>
    (status?.details?.causes ?? []).some(({ reason }) => reason === 'NamespaceTerminating'),
  ),
  'it has a progress deadline': when((context) => hasProgressDeadline(itself(context))),
  'something is to be scaled': when(({ scalings }) => scalings.length > 0),
  'more is to be scaled': when('api.answered', ({ scalings }, reply) => succeeded(reply) && scalings.length > 1),
  'old pods still run': when('cache.told', (context, { cache }) => oldPodsRun(itself(context), oldOf(context), cache)),
  'it waits for old pods': when(({ oldPodsRun }) => oldPodsRun),
  'something is to be removed': when(({ forgotten }) => forgotten.length > 0),
  'it is removed': when('api.answered', (_, reply) => succeeded(reply) || reasonOf(reply) === 'NotFound'),
  'its rollout was complete': when((context) => isComplete(itself(context), itself(context).status)),
  'its rollout is complete': when((context) => isComplete(itself(context), context.status)),
  'its status is reported': when((context) => same(itself(context).status, context.status)),
  'it succeeded': when('api.answered', (_, reply) => succeeded(reply)),
}
