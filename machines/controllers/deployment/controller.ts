/** Which changes concern which Deployments (addReplicaSet, updateReplicaSet, deletePod of deployment_controller.go). */
import { labelsMatch } from '../../lib/selector.ts'
import type { Delta, View } from '../../protocol/cache.ts'
import { type Deployment, keyOf, type ReplicaSet } from '../../protocol/objects.ts'
import type { Controller } from '../kit/controller.ts'
import { controllerKey, controllerOf } from '../kit/owners.ts'
import { same } from '../kit/same.ts'
import { podsOf } from './old-pods.ts'
import { setsOf } from './standing.ts'
import { isRecreate } from './surge.ts'

export const deploymentController: Controller = {
  name: 'deployment',
  resource: 'deployments.apps',
  object: 'deployment',
  workers: 5,
  maxRetries: 15,
  caches: [
    { resource: 'deployments.apps', indexes: ['namespace'] },
    { resource: 'replicasets.apps', indexes: ['owner'] },
    { resource: 'pods', indexes: ['owner'], only: 'deletions' },
  ],
  concerns: (resource, delta, view) => {
    if (resource === 'deployments.apps') return [delta.key]
    return resource === 'pods' ? emptied(delta, view) : owners(delta, view)
  },
}

/** The owner before and after, and, of an orphan that is new or has changed, everybody who may adopt it. */
function owners({ was, now }: Delta, view: View): readonly string[] {
  const keys = new Set([was, now].flatMap((set) => controllerKey(set, 'Deployment') ?? []))
  if (now === undefined || controllerOf(now) !== undefined || isAllTheSame(was, now)) return [...keys]
  const deployments = view['deployments.apps']?.by.namespace?.get(now.metadata.namespace ?? '')?.values() ?? []
  const adopters = deployments.filter(({ spec }) => labelsMatch(spec.selector, now.metadata.labels ?? {}))
  return [...keys, ...adopters.map(keyOf)]
}

const isAllTheSame = (was: Delta['was'], now: NonNullable<Delta['now']>): boolean =>
  was !== undefined && controllerOf(was) === undefined && same(was.metadata.labels, now.metadata.labels)

/** The last pod of a Deployment that re-creates has ended. */
function emptied({ was }: Delta, view: View): readonly string[] {
  const set = view['replicasets.apps']?.objects.get(controllerKey(was, 'ReplicaSet') ?? '')
  const deployment = view['deployments.apps']?.objects.get(controllerKey(set, 'Deployment') ?? '')
  if (deployment === undefined || !isRecreate(deployment)) return []
  return hasPods(deployment, setsOf(deployment, view), view) ? [] : [keyOf(deployment)]
}

const hasPods = (deployment: Deployment, sets: readonly ReplicaSet[], view: View): boolean =>
  sets.some((set) => podsOf(deployment, set, view.pods).length > 0)
