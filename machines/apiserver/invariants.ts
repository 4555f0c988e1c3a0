/** What must hold of each step of an eviction, in the view that the server had. */
import type { ApiRequest } from '../protocol/api.ts'
import type { Invariant, Step } from '../protocol/invariants.ts'
import type { Pod, PodDisruptionBudget } from '../protocol/objects.ts'
import type { Context as Claim } from './disruption-claim.ts'
import { isEviction, needsNoBudget } from './registry/eviction.ts'
import type { RequestContext } from './request-context.ts'

const ofClaims: Invariant<Claim> = {
  machine: 'disruption-claim',
  says: 'an eviction never takes from a budget what it does not have',
  broken: overdrawn,
}
const ofRequests: Invariant<RequestContext> = {
  machine: 'api-request',
  says: 'nobody is evicted before the budgets were asked',
  broken: unasked,
}
export const invariants: readonly Invariant<never>[] = [ofClaims, ofRequests]

function overdrawn({ after, effects }: Step<Claim>): string | undefined {
  for (const effect of effects) {
    if (effect.do !== 'call' || (effect.event as ApiRequest).verb !== 'update') continue
    const [budget] = after.budgets
    const had = budget?.status?.disruptionsAllowed ?? 0
    const left = ((effect.event as ApiRequest).body as PodDisruptionBudget).status?.disruptionsAllowed ?? 0
    if (had <= 0 || left !== had - 1) return `of ${had} that may go it leaves ${left} in ${budget?.metadata.name}`
  }
  return undefined
}

function unasked({ after, effects }: Step<RequestContext>): string | undefined {
  const { request, current, granted } = after
  const writes = effects.some((effect) => effect.do === 'call' && effect.event.type === 'etcd.Txn')
  if (!isEviction(request) || !writes || current === undefined) return undefined
  const isLet = granted !== undefined && granted.refusal === undefined
  return isLet || needsNoBudget(current as Pod) ? undefined : `${request.name} is written to, and nobody granted it`
}
