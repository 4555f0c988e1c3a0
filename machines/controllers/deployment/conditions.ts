/** Conditions of a Deployment (deployment/util/deployment_util.go: SetDeploymentCondition and its like). */
import { joined } from '../../lib/joined.ts'
import { rfc3339 } from '../../lib/time.ts'
import type { apps } from '../../protocol/objects.ts'

export type Condition = apps.DeploymentCondition
type Status = apps.DeploymentStatus

export const conditionOf = (status: Status | undefined, type: string): Condition | undefined =>
  status?.conditions?.find((condition) => condition.type === type)

export const newCondition = (
  type: string,
  status: 'True' | 'False' | 'Unknown',
  reason: string,
  message: string,
  at: number,
): Condition => ({ type, status, lastUpdateTime: rfc3339(at), lastTransitionTime: rfc3339(at), reason, message })

/** The same status and reason again change nothing; the same status keeps its transition time. It moves to the end. */
export function withCondition<S extends Status>(status: S, condition: Condition): S {
  const known = conditionOf(status, condition.type)
  if (known?.status === condition.status && known.reason === condition.reason) return status
  const kept =
    known?.status === condition.status && known.lastTransitionTime !== undefined
      ? joined(condition, { lastTransitionTime: known.lastTransitionTime })
      : condition
  return joined(status, { conditions: [...others(status, condition.type), kept] }) as S
}

export function withoutCondition<S extends Status>(status: S, type: string): S {
  if (conditionOf(status, type) === undefined) return status
  const { conditions: _, ...rest } = status
  const left = others(status, type)
  return (left.length === 0 ? rest : joined(rest, { conditions: left })) as S
}

const others = (status: Status, type: string): Condition[] =>
  (status.conditions ?? []).filter((condition) => condition.type !== type)
