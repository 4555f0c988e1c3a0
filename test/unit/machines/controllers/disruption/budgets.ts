/** Budgets, and pods with owners, for the tests of the disruption controller. */
import type { PodDisruptionBudget } from '../../../../../machines/protocol/objects.ts'
import { object, pod } from '../objects.ts'

export const BUDGETS = 'poddisruptionbudgets.policy'
const selector = { matchLabels: { app: 'web' } }
export const budget = (spec: object = { minAvailable: 1 }, status: object = {}, name = 'b'): PodDisruptionBudget =>
  object('policy/v1', 'PodDisruptionBudget', name, {
    metadata: { namespace: 'default', generation: 1 },
    spec: { selector, ...spec },
    status: { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0, ...status },
  }) as PodDisruptionBudget

export const owner = (kind: string, name: string, apiVersion = 'apps/v1') => ({
  ...{ apiVersion, kind, name, uid: `uid-${name}` },
  controller: true,
})
export const podOf = (name: string, of: ReturnType<typeof owner>, metadata: object = {}) =>
  pod(name, { metadata: { ownerReferences: [of], ...metadata } })
export const workload = (kind: string, name: string, replicas: number, above?: ReturnType<typeof owner>) =>
  object(kind === 'ReplicationController' ? 'v1' : 'apps/v1', kind, name, {
    metadata: { namespace: 'default', ...(above && { ownerReferences: [above] }) },
    spec: { replicas },
  })
