/** Rules for PodDisruptionBudgets (pkg/apis/policy/validation). */
import type { ApiObject, LabelSelector } from '../../protocol/objects.ts'
import { type Found, invalid, nonNegatives, notSupported, Shown } from './causes.ts'
import { shownIntOrString } from './go-values.ts'
import { checkLabelSelector } from './labels.ts'
import { amountOf, checkPace } from './workloads.ts'

interface Spec {
  readonly minAvailable?: number | string
  readonly maxUnavailable?: number | string
  readonly selector?: LabelSelector
  readonly unhealthyPodEvictionPolicy?: string
}
export interface PodDisruptionBudget extends ApiObject {
  readonly spec?: Spec
  readonly status?: Readonly<Record<string, unknown>>
}

const EVICTION_POLICIES = ['AlwaysAllow', 'IfHealthyBudget']

export function checkDisruptionBudget(found: Found, { spec = {} }: PodDisruptionBudget): void {
  const { minAvailable, maxUnavailable, unhealthyPodEvictionPolicy: policy } = spec
  if (minAvailable !== undefined && maxUnavailable !== undefined)
    found.push(invalid('spec', shown(spec), 'minAvailable and maxUnavailable cannot be both set'))
  for (const [name, pace] of Object.entries({ minAvailable, maxUnavailable })) {
    if (pace === undefined) continue
    checkPace(found, `spec.${name}`, pace)
    if (typeof pace === 'string' && amountOf(pace) > 100)
      found.push(invalid(`spec.${name}`, shownIntOrString(pace), 'must not be greater than 100%'))
  }
  checkLabelSelector(found, 'spec.selector', spec.selector)
  if (policy !== undefined && !EVICTION_POLICIES.includes(policy))
    found.push(notSupported('spec.unhealthyPodEvictionPolicy', policy, EVICTION_POLICIES))
}

const COUNTS = ['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods']
export const checkDisruptionBudgetStatus = (found: Found, { status = {} }: PodDisruptionBudget): void =>
  nonNegatives(found, 'status', status, COUNTS)

/** Pointers are printed as addresses, which nobody can know. */
function shown({ minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy: policy }: Spec): Shown {
  const pointer = (type: string, value: unknown): string =>
    `(*${type})(${value === undefined ? 'nil' : '0xc000000000'})`
  const parts = [
    `MinAvailable:${pointer('intstr.IntOrString', minAvailable)}`,
    `Selector:${pointer('v1.LabelSelector', selector)}`,
    `MaxUnavailable:${pointer('intstr.IntOrString', maxUnavailable)}`,
    `UnhealthyPodEvictionPolicy:${pointer('policy.UnhealthyPodEvictionPolicyType', policy)}`,
  ]
  return new Shown(`policy.PodDisruptionBudgetSpec{${parts.join(', ')}}`)
}
