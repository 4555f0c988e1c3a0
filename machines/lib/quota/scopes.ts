/** Which pods a quota is about: its scopes, and its selector of them (podMatchesScopeFunc). */
import type { core, Pod } from '../../protocol/objects.ts'

export interface QuotaSpec {
  readonly hard?: Readonly<Record<string, string>>
  readonly scopes?: readonly string[]
  readonly scopeSelector?: { readonly matchExpressions?: readonly ScopeExpression[] }
}
interface ScopeExpression {
  readonly scopeName: string
  readonly operator: string
  readonly values?: readonly string[]
}

export const scopesOf = ({ scopes, scopeSelector }: QuotaSpec): readonly ScopeExpression[] => [
  ...(scopes ?? []).map((scopeName) => ({ scopeName, operator: 'Exists' })),
  ...(scopeSelector?.matchExpressions ?? []),
]

export const isInScopes = (spec: QuotaSpec, pod: Pod): boolean => scopesOf(spec).every((scope) => isIn(scope, pod))

function isIn({ scopeName, operator, values = [] }: ScopeExpression, pod: Pod): boolean {
  const { activeDeadlineSeconds, priorityClassName = '' } = pod.spec
  switch (scopeName) {
    case 'Terminating':
      return (activeDeadlineSeconds ?? -1) >= 0
    case 'NotTerminating':
      return (activeDeadlineSeconds ?? -1) < 0
    case 'BestEffort':
      return pod.status?.qosClass === 'BestEffort'
    case 'NotBestEffort':
      return pod.status?.qosClass !== 'BestEffort'
    case 'CrossNamespacePodAffinity':
      return reachesOut(pod)
    case 'PriorityClass':
      return isOfPriority(priorityClassName, operator, values)
    default:
      return false
  }
}

function isOfPriority(name: string, operator: string, values: readonly string[]): boolean {
  if (operator === 'Exists') return name !== ''
  if (operator === 'DoesNotExist') return name === ''
  return operator === 'In' ? name !== '' && values.includes(name) : !values.includes(name)
}

/** Some affinity looks into other namespaces. */
function reachesOut({ spec: { affinity } }: Pod): boolean {
  const all = [affinity?.podAffinity, affinity?.podAntiAffinity].flatMap((each): readonly core.PodAffinityTerm[] => [
    ...(each?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
    ...(each?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm }) => podAffinityTerm),
  ])
  return all.some(
    ({ namespaces, namespaceSelector }) => (namespaces?.length ?? 0) > 0 || namespaceSelector !== undefined,
  )
}
