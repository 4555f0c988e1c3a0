/** POST …/binding: the scheduler's word where a pod runs. pkg/registry/core/pod/storage, assignPod. */
import { joined } from '../../lib/joined.ts'
import { rfc3339 } from '../../lib/time.ts'
import type { core, ObjectMeta, Pod } from '../../protocol/objects.ts'
import { etcdKey } from '../etcd-keys.ts'
import { pathOf } from '../reads.ts'
import { conflict, internal } from '../statuses.ts'
import { type Attempt, type Draft, draft, type Refusal, refuse } from './attempt.ts'
import { uidDiffers } from './update.ts'

interface Binding {
  readonly metadata?: Partial<ObjectMeta>
  readonly target?: { readonly kind?: string; readonly name?: string }
}

export function bindingProposed(attempt: Attempt, pod: Pod): Draft | Refusal {
  const { request, facts, at } = attempt
  const { metadata, target } = request.body as Binding
  const name = pod.metadata.name
  const kind = target?.kind ?? ''
  if (kind !== '' && kind !== 'Node') {
    return refuse(internal(`target.kind: Unsupported value: "${kind}": supported values: "Node", "<empty>"`))
  }
  const node = target?.name ?? ''
  if (node === '') return refuse(internal('target.name: Required value'))
  if (metadata?.uid !== undefined && metadata.uid !== pod.metadata.uid) {
    return refuse(conflict(facts.name, name, uidDiffers(etcdKey(facts, pathOf(request)), metadata.uid, pod)))
  }
  const why = unbindable(pod)
  return why === undefined ? draft(bound(pod, node, metadata, at)) : refuse(conflict('pods/binding', name, why))
}

function unbindable({ metadata, spec }: Pod): string | undefined {
  if (metadata.deletionTimestamp !== undefined)
    return `pod ${metadata.name} is being deleted, cannot be assigned to a host`
  if (spec.nodeName !== undefined && spec.nodeName !== '') {
    return `pod ${metadata.name} is already assigned to node "${spec.nodeName}"`
  }
  return (spec.schedulingGates ?? []).length > 0
    ? `pod ${metadata.name} has non-empty .spec.schedulingGates`
    : undefined
}

function bound(pod: Pod, nodeName: string, { annotations, labels }: Partial<ObjectMeta> = {}, at: number): Pod {
  const { metadata } = pod
  const more = {
    ...(annotations === undefined ? {} : { annotations: joined(metadata.annotations ?? {}, annotations) }),
    ...(labels === undefined ? {} : { labels: joined(metadata.labels ?? {}, labels) }),
  }
  return joined(pod, {
    metadata: annotations === undefined && labels === undefined ? metadata : joined(metadata, more),
    spec: joined(pod.spec, { nodeName }),
    status: joined(pod.status ?? {}, { conditions: scheduled(pod.status?.conditions ?? [], at) }),
  })
}

/** podutil.UpdatePodCondition with PodScheduled True. */
function scheduled(conditions: readonly core.PodCondition[], at: number): core.PodCondition[] {
  const now = {
    type: 'PodScheduled',
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: rfc3339(at),
  } as unknown as core.PodCondition
  return conditions.some(({ type }) => type === 'PodScheduled')
    ? conditions.map((condition) => (condition.type === 'PodScheduled' ? now : condition))
    : [...conditions, now]
}
