/** In what the resources differ when they are created and updated: the strategy.go of each in kubernetes/pkg/registry. */
import { joined } from '../../lib/joined.ts'
import type { ResourceFacts } from '../../lib/schema.ts'
import type { ApiObject, Pod, ResourceName } from '../../protocol/objects.ts'
import { same } from '../frozen.ts'
import { jobStrategy } from './jobs.ts'
import { namespaceStrategy } from './namespaces.ts'
import { qosClass } from './quality-of-service.ts'
import { serviceStrategy } from './services.ts'

/** An object as a bag of its parts. */
export type Parts = ApiObject & { readonly spec?: unknown; readonly status?: unknown }

export interface Strategy {
  readonly hasGeneration: boolean
  /** Whether an update without a resourceVersion is taken: AllowUnconditionalUpdate. */
  readonly allowsUnconditionalUpdate: boolean
  /** Whether a PUT of what does not exist creates it. */
  readonly allowsCreateOnUpdate: boolean
  /** Whether a deletion is answered with the object instead of a Status. */
  readonly returnsDeleted: boolean
  prepareForCreate(object: ApiObject): ApiObject
  prepareForUpdate(next: ApiObject, was: ApiObject): ApiObject
  prepareForStatus(next: ApiObject, was: ApiObject): ApiObject
  /** Whether a change asks for something new, so that the generation rises. */
  wants(next: ApiObject, was: ApiObject): boolean
}

export function strategyOf(facts: ResourceFacts): Strategy {
  const known = strategies.get(facts)
  if (known !== undefined) return known
  const made = { ...general(facts), ...SPECIAL[facts.name] }
  strategies.set(facts, made)
  return made
}
const strategies = new WeakMap<ResourceFacts, Strategy>()

function general(facts: ResourceFacts): Strategy {
  const hasStatus = facts.subresources.includes('status')
  return {
    hasGeneration: facts.custom === true || WITH_GENERATION.has(facts.name),
    allowsUnconditionalUpdate: facts.custom !== true && !CONDITIONAL.has(facts.name),
    allowsCreateOnUpdate: CREATED_BY_UPDATE.has(facts.name),
    returnsDeleted: RETURNED.has(facts.name),
    prepareForCreate: (object) => (hasStatus ? withStatus(object, INITIAL_STATUS[facts.name], facts) : object),
    prepareForUpdate: (next, was) => (hasStatus ? withStatus(next, (was as Parts).status, facts) : next),
    prepareForStatus: (next, was) => statusOnly(next as Parts, was as Parts, facts),
    wants: facts.custom === true ? wantsOfCustom : wantsSpec,
  }
}

/** With that status and no other; of own kinds an absent one stays absent. */
function withStatus(object: ApiObject, status: unknown, facts: ResourceFacts): ApiObject {
  const { status: _, ...rest } = object as Parts
  if (status === undefined && facts.custom === true) return rest as ApiObject
  return joined(rest, { status: status ?? {} }) as ApiObject
}

/** A write of the status leaves the spec, and of workloads the labels, as they were. */
function statusOnly(next: Parts, was: Parts, facts: ResourceFacts): ApiObject {
  if (facts.custom === true)
    return {
      ...was,
      metadata: next.metadata,
      ...(next.status === undefined ? {} : { status: next.status }),
    } as ApiObject
  const metadata = LABELS_KEPT.has(facts.name) ? withLabelsOf(next.metadata, was.metadata) : next.metadata
  return joined(next, { metadata, ...(was.spec === undefined ? {} : { spec: was.spec }) }) as ApiObject
}
function withLabelsOf(next: ApiObject['metadata'], was: ApiObject['metadata']): ApiObject['metadata'] {
  const { labels: _, ...rest } = next
  return was.labels === undefined ? rest : { ...rest, labels: was.labels }
}

const wantsSpec = (next: ApiObject, was: ApiObject): boolean => !same((next as Parts).spec, (was as Parts).spec)
/** Of own kinds everything but metadata and status counts. */
function wantsOfCustom(next: ApiObject, was: ApiObject): boolean {
  const essence = ({ metadata: _, status: __, ...rest }: Parts) => rest
  return !same(essence(next as Parts), essence(was as Parts))
}

const WITH_GENERATION: ReadonlySet<ResourceName> = new Set([
  'deployments.apps',
  'replicasets.apps',
  'daemonsets.apps',
  'statefulsets.apps',
  'replicationcontrollers',
  'jobs.batch',
  'cronjobs.batch',
  'poddisruptionbudgets.policy',
  'networkpolicies.networking.k8s.io',
  'ingresses.networking.k8s.io',
  'ingressclasses.networking.k8s.io',
  'endpointslices.discovery.k8s.io',
  'priorityclasses.scheduling.k8s.io',
  'flowschemas.flowcontrol.apiserver.k8s.io',
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
  'validatingwebhookconfigurations.admissionregistration.k8s.io',
  'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  'validatingadmissionpolicies.admissionregistration.k8s.io',
  'validatingadmissionpolicybindings.admissionregistration.k8s.io',
  'customresourcedefinitions.apiextensions.k8s.io',
])
const CONDITIONAL: ReadonlySet<ResourceName> = new Set([
  'poddisruptionbudgets.policy',
  'leases.coordination.k8s.io',
  'customresourcedefinitions.apiextensions.k8s.io',
  'apiservices.apiregistration.k8s.io',
])
const CREATED_BY_UPDATE: ReadonlySet<ResourceName> = new Set([
  'leases.coordination.k8s.io',
  'endpoints',
  'events',
  'limitranges',
  'clusterroles.rbac.authorization.k8s.io',
  'clusterrolebindings.rbac.authorization.k8s.io',
  'roles.rbac.authorization.k8s.io',
  'rolebindings.rbac.authorization.k8s.io',
])
const RETURNED: ReadonlySet<ResourceName> = new Set([
  'pods',
  'services',
  'serviceaccounts',
  'persistentvolumes',
  'persistentvolumeclaims',
  'podtemplates',
  'resourcequotas',
  'storageclasses.storage.k8s.io',
  'csinodes.storage.k8s.io',
  'csidrivers.storage.k8s.io',
  'volumeattachments.storage.k8s.io',
])
const LABELS_KEPT: ReadonlySet<ResourceName> = new Set(['deployments.apps'])

/** What a new object's status is: the zero values that are always written. */
const INITIAL_STATUS: Readonly<Record<ResourceName, unknown>> = {
  'replicasets.apps': { replicas: 0 },
  replicationcontrollers: { replicas: 0 },
  'statefulsets.apps': { replicas: 0, availableReplicas: 0 },
  'daemonsets.apps': { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 },
  'poddisruptionbudgets.policy': { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
  'horizontalpodautoscalers.autoscaling': { desiredReplicas: 0, currentMetrics: null },
  'ingresses.networking.k8s.io': { loadBalancer: {} },
  services: { loadBalancer: {} },
  persistentvolumes: { phase: 'Pending' },
  persistentvolumeclaims: { phase: 'Pending' },
}

/** Convert_v1_Pod_To_core_Pod: less than no patience is one second of it. */
function patient(pod: Pod): Pod {
  if ((pod.spec?.terminationGracePeriodSeconds ?? 0) >= 0) return pod
  return { ...pod, spec: { ...pod.spec, terminationGracePeriodSeconds: 1 } } as Pod
}

/** applySchedulingGatedCondition */
function gatedCondition({ metadata, spec }: Pod): object | undefined {
  const { schedulingGates = [] } = spec as { readonly schedulingGates?: readonly unknown[] }
  if (schedulingGates.length === 0) return undefined
  return {
    type: 'PodScheduled',
    status: 'False',
    lastProbeTime: null,
    lastTransitionTime: metadata.creationTimestamp,
    reason: 'SchedulingGated',
    message: 'Scheduling is blocked due to non-empty scheduling gates',
  }
}

const SPECIAL: Readonly<Record<ResourceName, Partial<Strategy>>> = {
  pods: {
    prepareForCreate: (object) => {
      const gated = gatedCondition(object as Pod)
      const conditions = gated === undefined ? {} : { conditions: [gated] }
      const status = { phase: 'Pending', qosClass: qosClass(object as Pod), ...conditions }
      return joined(patient(object as Pod), { status }) as ApiObject
    },
  },
  /** A node registers with its status. */
  nodes: { prepareForCreate: (object) => object },
  namespaces: namespaceStrategy,
  services: serviceStrategy,
  'jobs.batch': jobStrategy,
  'deployments.apps': {
    wants: (next, was) => wantsSpec(next, was) || !same(next.metadata.annotations, was.metadata.annotations),
  },
  'endpointslices.discovery.k8s.io': {
    wants: (next, was) => {
      const essence = ({ metadata: _, ...rest }: ApiObject) => rest
      return !same(essence(next), essence(was)) || !same(next.metadata.labels, was.metadata.labels)
    },
  },
}
