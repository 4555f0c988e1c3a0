/** What a Deployment's chart orders. */
import { call, hangUp, verbs } from '../../../runtime/contract.ts'
import { create, get, patch, placeAt, placeOf, remove, update as replace, succeeded } from '../../lib/requests.ts'
import type { CacheWanted } from '../../protocol/cache.ts'
import type { ReplicaSet } from '../../protocol/objects.ts'
import { claimPatch } from '../kit/claims.ts'
import { same } from '../kit/same.ts'
import { finished, tell } from '../kit/sync.ts'
import { forgotten } from './history.ts'
import { newReplicaSet } from './new-replica-set.ts'
import { oldPodsRun } from './old-pods.ts'
import { checkedAgainAfterMs, rolloutStatusOf, statusOf } from './progress.ts'
import { replicasOf } from './replica-sets.ts'
import { allToZero, type Scaling, scaledAll, scaledNew, scaledOld } from './scaling.ts'
import {
  annotated,
  claimed,
  creationFailure,
  deploymentAt,
  needed,
  resized,
  scalingMessage,
  setClaims,
  setsOf,
  withCollision,
  withCreationTold,
  withFailureTold,
  withPauseTold,
  withRevisionTold,
} from './standing.ts'
import { type Context, currentOf, type Events, firstOf, itself, NOTHING_SEEN, oldOf } from './sync.ts'

const { update, ask, decide } = verbs<Context, Events>()
const RESOURCE = 'deployments.apps'
const SETS = 'replicasets.apps'

export const actions = {
  'see where it stands': update('sync.requested', ({ key }, { view }) => {
    const deployment = deploymentAt(key, view)
    if (deployment === undefined) return NOTHING_SEEN
    return {
      ...NOTHING_SEEN,
      view,
      deployment,
      sets: setsOf(deployment, view),
      claims: setClaims(deployment, view),
    }
  }),
  'tell that it selects everything': ask((context) =>
    tell(
      context,
      itself(context),
      'Warning',
      'SelectingAll',
      'This deployment is selecting all pods. A non-empty selector is required.',
    ),
  ),
  'write down that it is observed': update((context) => {
    const { metadata, status } = itself(context)
    return {
      deployment: { ...itself(context), status: { ...status, observedGeneration: metadata.generation ?? 0 } },
    }
  }),
  'read itself anew': ask(({ apiserver, user, key }) => call(apiserver, get(user, placeAt(RESOURCE, key)))),
  'note that it may adopt': update(() => ({ mayAdopt: true })),
  'patch the next replica set': ask((context) => {
    const claim = firstOf(context.claims, 'a claim')
    const body = claimPatch(itself(context), claim)
    return call(context.apiserver, patch(context.user, placeOf(SETS, claim.object), 'strategic', body))
  }),
  'note the claim': update('api.answered', ({ claims: [claim, ...rest], sets }, reply) => ({
    claims: rest,
    sets: claim === undefined ? sets : claimed(sets, claim, succeeded(reply)),
  })),
  'write down the pause': update((context, _, { at }) => ({ deployment: withPauseTold(itself(context), at) })),
  'annotate the new replica set': ask((context) => {
    const current = firstOf(
      [currentOf(context)].flatMap((set) => set ?? []),
      'a new replica set',
    )
    const body = annotated(itself(context), context.sets, current)
    return call(context.apiserver, replace(context.user, placeOf(SETS, current), body))
  }),
  'take in the replica set': update('api.answered', ({ sets }, { object }) => ({
    sets: withSet(sets, object as ReplicaSet),
  })),
  'write down the revision': update((context, _, { at }) => ({
    deployment: withRevisionTold(itself(context), context.sets, at),
  })),
  'report on itself': ask((context) => {
    const deployment = itself(context)
    return call(context.apiserver, replace(context.user, placeOf(RESOURCE, deployment, 'status'), deployment))
  }),
  'create the new replica set': ask((context) => {
    const set = newReplicaSet(itself(context), oldOf(context))
    return call(context.apiserver, create(context.user, placeOf(SETS, set), set))
  }),
  'take in what it created': decide('api.answered', (context, { object }, { at }) => {
    const set = object as ReplicaSet
    const deployment = itself(context)
    const change = { sets: withSet(context.sets, set), deployment: withCreationTold(deployment, set, at) }
    if (replicasOf(set) === 0) return [change, []]
    const message = scalingMessage(set.metadata.name, 0, replicasOf(set))
    return [change, [tell(context, deployment, 'Normal', 'ScalingReplicaSet', message)]]
  }),
  'count the collision': update((context) => ({ deployment: withCollision(itself(context)) })),
  'note why it failed': update((context, event) => {
    const { metadata } = newReplicaSet(itself(context), oldOf(context))
    return { failure: creationFailure(metadata.name, textOf(event)) }
  }),
  'tell why it failed': ask((context) =>
    tell(context, itself(context), 'Warning', 'ReplicaSetCreateError', context.failure),
  ),
  'write down the failure': update((context, _, { at }) => ({
    deployment: withFailureTold(itself(context), context.failure, at),
  })),
  'plan all sizes': planned((context) => scaledAll(itself(context), oldOf(context), currentOf(context))),
  'plan the new size': planned((context) => {
    const current = currentOf(context)
    return current === undefined ? [] : scaledNew(itself(context), oldOf(context), current)
  }),
  'plan the old sizes': planned((context) => {
    const current = currentOf(context)
    return current === undefined ? [] : scaledOld(itself(context), oldOf(context), current)
  }),
  'plan to empty the old': planned((context) => allToZero(oldOf(context))),
  'scale the next': ask((context) => {
    const { name, to } = firstOf(context.scalings, 'a scaling')
    const set = firstOf(named(context.sets, name), 'a replica set to scale')
    return call(context.apiserver, replace(context.user, placeOf(SETS, set), resized(itself(context), set, to)))
  }),
  'note the scaling': decide('api.answered', (context, { object }) => {
    const { name, to } = firstOf(context.scalings, 'a scaling')
    const from = replicasOf(firstOf(named(context.sets, name), 'a replica set to scale'))
    const change = { scalings: context.scalings.slice(1), sets: withSet(context.sets, object as ReplicaSet) }
    if (from === to) return [change, []]
    return [change, [tell(context, itself(context), 'Normal', 'ScalingReplicaSet', scalingMessage(name, from, to))]]
  }),
  'ask for the pods': ask(({ reflectors }) =>
    call(`${reflectors}/pods`, { type: 'cache.wanted' } satisfies CacheWanted),
  ),
  'note whether old pods run': update('cache.told', (context, { cache }) => ({
    oldPodsRun: oldPodsRun(itself(context), oldOf(context), cache),
  })),
  'note that old pods run': update(() => ({ oldPodsRun: true })),
  'plan what to forget': update((context) => ({ forgotten: forgotten(itself(context), oldOf(context)) })),
  'remove the next': ask((context) =>
    call(context.apiserver, remove(context.user, placeOf(SETS, firstOf(context.forgotten, 'a replica set')))),
  ),
  'note the removal': update(({ forgotten }) => ({ forgotten: forgotten.slice(1) })),
  'work out the status': update((context, _, { at }) => ({
    status: statusOf(itself(context), context.sets, currentOf(context), at),
  })),
  'work out the status of the rollout': update((context, _, { at }) => {
    const deployment = itself(context)
    const status = rolloutStatusOf(deployment, context.sets, currentOf(context), at)
    const againAfterMs = same(deployment.status, status) ? checkedAgainAfterMs(deployment, at) : undefined
    return { status, againAfterMs }
  }),
  'report the status': ask((context) => {
    const { apiserver, user, status } = context
    const deployment = itself(context)
    return call(apiserver, replace(user, placeOf(RESOURCE, deployment, 'status'), { ...deployment, status }))
  }),
  'stop waiting': ask(() => hangUp('')),
  'say that it is done': ask((context) => finished(context, 'done', context.againAfterMs)),
  'say that it failed': ask((context) => finished(context, 'failed')),
  'say that it is gone': ask((context) => finished(context, 'gone')),
  'forget what it saw': update(() => NOTHING_SEEN),
}

function planned(wanted: (context: Context) => readonly Scaling[]) {
  return update((context) => ({ scalings: needed(itself(context), context.sets, wanted(context)) }))
}

const named = (sets: readonly ReplicaSet[], name: string): readonly ReplicaSet[] =>
  sets.filter(({ metadata }) => metadata.name === name)

const withSet = (sets: readonly ReplicaSet[], set: ReplicaSet): readonly ReplicaSet[] =>
  named(sets, set.metadata.name).length === 0
    ? [...sets, set]
    : sets.map((each) => (each.metadata.name === set.metadata.name ? set : each))

/** Why there is no good answer, as client-go would say it. */
function textOf(event: Events): string {
  if (event.type === 'api.answered') return event.status?.message ?? ''
  return event.type === 'call.lost' ? 'unexpected EOF' : 'context deadline exceeded'
}
