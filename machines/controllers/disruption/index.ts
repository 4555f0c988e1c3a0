/**
 * Keeps the status of PodDisruptionBudgets true, and takes back what pods were told that stay after all
 * (pkg/controller/disruption). The real controller has a queue for each; here each is a controller of its own.
 */
import { BUDGETS, protecting } from '../../lib/disruption-budget.ts'
import type { Delta, View } from '../../protocol/cache.ts'
import { keyOf, type Pod } from '../../protocol/objects.ts'
import type { Concern, Controller } from '../kit/controller.ts'
import { type Listed, supervised } from '../kit/listed.ts'
import { disruptionBudget } from './disruption-budget.ts'
import { podDisruption } from './pod-disruption.ts'
import { staleInMs } from './stale-condition.ts'

const SHARED = { component: 'controllermanager', serviceAccount: 'disruption-controller', workers: 1 } as const
const budgetsAndPods = [
  { resource: BUDGETS, indexes: ['namespace'] },
  { resource: 'pods', indexes: ['namespace'] },
] as const

export const disruptionController: Controller = {
  ...SHARED,
  name: 'disruption',
  resource: BUDGETS,
  object: 'disruption-budget',
  caches: [
    ...budgetsAndPods,
    { resource: 'replicationcontrollers' },
    { resource: 'replicasets.apps' },
    { resource: 'deployments.apps' },
    { resource: 'statefulsets.apps' },
  ],
  concerns: (resource, { key, was, now }, view) => {
    if (resource === BUDGETS) return [key]
    return resource === 'pods'
      ? budgetsFor((now ?? was) as Pod | undefined, view)
          .slice(0, 1)
          .map(keyOf)
      : []
  },
}

export const podDisruptionController: Controller = {
  ...SHARED,
  name: 'pod-disruption',
  resource: 'pods',
  object: 'pod-disruption',
  caches: budgetsAndPods,
  concerns: (resource, delta, view) => (resource === 'pods' ? podsToTell(delta as Delta<Pod>, view) : []),
}

const budgetsFor = (pod: Pod | undefined, view: View) =>
  protecting(view[BUDGETS]?.by.namespace?.get(pod?.metadata.namespace ?? ''), pod)

function podsToTell({ key, now }: Delta<Pod>, view: View): readonly Concern[] {
  if (now === undefined) return []
  if (budgetsFor(now, view).length > 1) return [key]
  return staleInMs(now, 0) === undefined ? [] : [key]
}

export const disruption: Listed = supervised(disruptionController, disruptionBudget)
export const podDisruptions: Listed = supervised(podDisruptionController, podDisruption)
