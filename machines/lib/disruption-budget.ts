/**
 * PodDisruptionBudgets as the disruption controller and the eviction read them: whom they protect, and the condition that
 * says whether anybody may go (k8s.io/component-helpers/apps/poddisruptionbudget).
 */
import type { Tree } from '../../runtime/tree.ts'
import type { ApiObject, meta, Pod, PodDisruptionBudget, policy } from '../protocol/objects.ts'
import { labelsMatch } from './selector.ts'
import { rfc3339 } from './time.ts'

export const BUDGETS = 'poddisruptionbudgets.policy'
export type BudgetStatus = policy.PodDisruptionBudgetStatus
type Condition = meta.Condition

const CONDITION = 'DisruptionAllowed'

/** An empty selector protects every pod of the namespace, an absent one none: policy/v1. */
export const protects = ({ spec }: PodDisruptionBudget, { metadata }: Pod): boolean =>
  labelsMatch(spec?.selector, metadata.labels)

/** Those of a pod's namespace that protect it, in the order of their names. */
export function protecting(
  budgets: Tree<PodDisruptionBudget> | undefined,
  pod: Pod | undefined,
): readonly PodDisruptionBudget[] {
  if (budgets === undefined || budgets.size === 0 || pod === undefined) return []
  return budgets.values().filter((budget) => protects(budget, pod))
}

/** IsPodReady */
export const isHealthy = ({ status }: Pod): boolean =>
  status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True'

/** UpdateDisruptionAllowedCondition: says in words what `disruptionsAllowed` says as a number. */
export const saidInWords = (status: BudgetStatus, at: number): BudgetStatus =>
  withCondition(status, status.disruptionsAllowed > 0 ? SUFFICIENT : INSUFFICIENT, at)
const SUFFICIENT = { status: 'True', reason: 'SufficientPods', message: '' }
const INSUFFICIENT = { status: 'False', reason: 'InsufficientPods', message: '' }

/** Something went wrong: nobody may go before it is known what is left. */
export const sayingThatItFailed = (status: BudgetStatus, why: string, at: number): BudgetStatus =>
  withCondition({ ...status, disruptionsAllowed: 0 }, { status: 'False', reason: 'SyncFailed', message: why }, at)

/** meta.SetStatusCondition: dated when its status changes. */
function withCondition(
  status: BudgetStatus,
  said: Pick<Condition, 'status' | 'reason' | 'message'>,
  at: number,
): BudgetStatus {
  const { conditions = [], observedGeneration } = status
  const before = conditions.find(({ type }) => type === CONDITION)
  const next = {
    type: CONDITION,
    ...(observedGeneration === undefined ? {} : { observedGeneration }),
    lastTransitionTime: before?.status === said.status ? before.lastTransitionTime : rfc3339(at),
    ...said,
  }
  return {
    ...status,
    conditions:
      before === undefined ? [...conditions, next] : conditions.map((each) => (each === before ? next : each)),
  }
}

/** ConditionsAreUpToDate */
export function isSaid({ metadata, status }: PodDisruptionBudget): boolean {
  const said = status?.conditions?.find(({ type }) => type === CONDITION)
  if (said === undefined || status?.observedGeneration !== metadata.generation) return false
  const wanted = (status?.disruptionsAllowed ?? 0) > 0 ? SUFFICIENT : INSUFFICIENT
  return said.status === wanted.status && said.reason === wanted.reason
}

/** A budget's status: of a new one all is zero. */
export const statusOf = ({ status }: PodDisruptionBudget): BudgetStatus =>
  status ?? { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 }

export const withStatus = (budget: PodDisruptionBudget, status: BudgetStatus): ApiObject =>
  ({ ...budget, status }) as ApiObject
