/** PodDisruptionBudgets as preemption minds them: it prefers not to break them, but may. */
import { labelsMatch } from '../lib/selector.ts'
import type { ApiObject, LabelSelector } from '../protocol/objects.ts'
import { isEmpty } from './labels.ts'
import type { PodInfo } from './pod-info.ts'

export interface PodDisruptionBudget extends ApiObject {
  readonly spec?: { readonly selector?: LabelSelector }
  readonly status?: {
    readonly disruptionsAllowed?: number
    /** Pods whose eviction was agreed to already, by name. */
    readonly disruptedPods?: Readonly<Record<string, string>>
  }
}

/**
 * filterPodsWithPDBViolation: which of the pods cannot all go without breaking a budget. The first of them use up what
 * is allowed; order is kept.
 */
export function split(
  pods: readonly PodInfo[],
  budgets: readonly PodDisruptionBudget[],
): { readonly violating: readonly PodInfo[]; readonly others: readonly PodInfo[] } {
  const allowed = budgets.map(({ status }) => status?.disruptionsAllowed ?? 0)
  const violating: PodInfo[] = []
  const others: PodInfo[] = []
  for (const pod of pods) {
    let violates = false
    budgets.forEach((budget, i) => {
      if (!protects(budget, pod)) return
      allowed[i] = (allowed[i] as number) - 1
      if ((allowed[i] as number) < 0) violates = true
    })
    ;(violates ? violating : others).push(pod)
  }
  return { violating, others }
}

/** An empty selector selects nothing here. Who is on the list of the disrupted is counted already. */
function protects({ metadata, spec, status }: PodDisruptionBudget, { pod, namespace, labels }: PodInfo): boolean {
  const selector = spec?.selector
  if (metadata.namespace !== namespace || selector === undefined || isEmpty(selector)) return false
  return labelsMatch(selector, labels) && status?.disruptedPods?.[pod.metadata.name] === undefined
}
