/** …/scale: how many of a workload are wanted, in one form for all kinds. autoscaling/v1 Scale. */
import { formatLabelSelector } from '../../lib/selector.ts'
import type { ApiObject, LabelSelector } from '../../protocol/objects.ts'
import { conflict } from '../statuses.ts'
import { type Attempt, type Draft, draft, type Refusal, refuse } from './attempt.ts'
import { patchedBy, unpatchable } from './patch.ts'
import { invalid } from './validation.ts'

interface Workload extends ApiObject {
  readonly spec?: { readonly replicas?: number; readonly selector?: LabelSelector | Readonly<Record<string, string>> }
  readonly status?: { readonly replicas?: number }
}
export interface Scale extends ApiObject {
  readonly spec: { readonly replicas?: number }
  readonly status: { readonly replicas: number; readonly selector?: string }
}

export function scaleOf(object: ApiObject): Scale {
  const { metadata, spec, status } = object as Workload
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata
  const selector = spec?.selector === undefined ? '' : formatLabelSelector(asSelector(spec.selector))
  const replicas = spec?.replicas ?? 0
  return {
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp } as Scale['metadata'],
    spec: replicas === 0 ? {} : { replicas },
    status: { replicas: status?.replicas ?? 0, ...(selector === '' ? {} : { selector }) },
  }
}
/** ReplicationControllers select by a plain map. */
const asSelector = (selector: LabelSelector | Readonly<Record<string, string>>): LabelSelector =>
  'matchLabels' in selector || 'matchExpressions' in selector
    ? (selector as LabelSelector)
    : { matchLabels: selector as Record<string, string> }

export function scaleProposed(attempt: Attempt, current: ApiObject): Draft | Refusal {
  const { request, facts } = attempt
  const wanted = wantedScale(attempt, current)
  if ('code' in wanted) return refuse(wanted)
  const { resourceVersion } = wanted.metadata
  const { name } = current.metadata
  if (resourceVersion !== undefined && resourceVersion !== current.metadata.resourceVersion) {
    return refuse(conflict(facts.name, name))
  }
  const replicas = wanted.spec?.replicas ?? 0
  if (replicas < 0) return refuse(invalid('Scale', 'autoscaling', request.name ?? name, [belowZero(replicas)]))
  return draft({ ...current, spec: { ...(current as Workload).spec, replicas } } as ApiObject)
}
const belowZero = (replicas: number) => ({
  reason: 'FieldValueInvalid',
  message: `Invalid value: ${replicas}: must be greater than or equal to 0`,
  field: 'spec.replicas',
})

function wantedScale({ request, facts }: Attempt, current: ApiObject) {
  if (request.verb !== 'patch') return request.body as Scale
  const type = request.patchType ?? 'merge'
  const patched = patchedBy(type === 'strategic' ? 'merge' : type, scaleOf(current), request.body, facts)
  return patched.error === undefined ? (patched.value as Scale) : unpatchable(patched.error)
}
