/** What a scenario asks of single objects, in the words of the API. */
import { parseTime } from '../lib/time.ts'
import type { ApiObject, Deployment, Node, Pod } from '../protocol/objects.ts'

interface Condition {
  readonly type: string
  readonly status: string
  readonly reason?: string
  readonly message?: string
}

/** The condition of a type; undefined when the object has none of it. */
export function conditionOf(object: ApiObject | undefined, type: string): Condition | undefined {
  const status = (object as { status?: { conditions?: readonly Condition[] } } | undefined)?.status
  return status?.conditions?.find((condition) => condition.type === type)
}
export const holds = (object: ApiObject | undefined, type: string): boolean =>
  conditionOf(object, type)?.status === 'True'

/** A Deployment as one looks at it: absent, rolling or there. */
export interface DeploymentView {
  readonly object: Deployment | undefined
  /** The condition Available is True, and it is of the generation that was asked for. */
  readonly available: boolean
  /** As `kubectl rollout status` judges: every replica is of the new template and available, none of the old is left. */
  readonly rolledOut: boolean
  readonly image: string | undefined
}

export function deploymentView(object: Deployment | undefined): DeploymentView {
  if (object === undefined) return { object, available: false, rolledOut: false, image: undefined }
  const { spec, status = {}, metadata } = object
  const observed = (status.observedGeneration ?? 0) >= (metadata.generation ?? 0)
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status
  const all = spec.replicas ?? 1
  return {
    object,
    available: observed && holds(object, 'Available') && availableReplicas >= all,
    rolledOut:
      observed && updatedReplicas >= all && replicas <= updatedReplicas && availableReplicas >= updatedReplicas,
    image: spec.template.spec?.containers[0]?.image,
  }
}

export const isReady = (object: Pod | Node | undefined): boolean => holds(object, 'Ready')

/** Oldest first; of the same second by name. */
export const byAge = (a: ApiObject, b: ApiObject): number =>
  parseTime(a.metadata.creationTimestamp ?? '') - parseTime(b.metadata.creationTimestamp ?? '') ||
  (a.metadata.name < b.metadata.name ? -1 : 1)
