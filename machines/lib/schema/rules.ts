/** The rules of every built-in kind, by resource. A kind that is not here has its metadata looked at. */
import type { ApiObject } from '../../protocol/objects.ts'
import type { ResourceFacts } from '../schema.ts'
import { checkAutoscaler, checkAutoscalerStatus } from '../validation/autoscalers.ts'
import { type Found, invalid } from '../validation/causes.ts'
import { checkConfigMap, checkFixed, checkSecret, checkSecretUpdate } from '../validation/configuration.ts'
import { checkCronJob, checkCronJobUpdate } from '../validation/cron-jobs.ts'
import { checkDaemonSet, checkDaemonSetUpdate } from '../validation/daemon-sets.ts'
import { checkDisruptionBudget, checkDisruptionBudgetStatus } from '../validation/disruption-budgets.ts'
import { checkEndpointSlice, checkEndpoints } from '../validation/endpoints.ts'
import { dns1035Label, dns1123Label, dns1123Subdomain, pathSegment } from '../validation/formats.ts'
import { checkIngress, checkIngressClass, checkIngressSpec } from '../validation/ingresses.ts'
import { checkJobStatus } from '../validation/job-status.ts'
import { checkJob, checkJobUpdate } from '../validation/jobs.ts'
import { checkLimitRange } from '../validation/limit-ranges.ts'
import { checkMetadata, checkNamespaceFinalizers, type NameRule } from '../validation/metadata.ts'
import { checkNode, checkNodeUpdate } from '../validation/nodes.ts'
import {
  checkClaim,
  checkClaimUpdate,
  checkPersistentVolume,
  checkStorageClass,
} from '../validation/persistent-volumes.ts'
import { checkPod } from '../validation/pod.ts'
import { checkPodStatusUpdate, checkPodUpdate } from '../validation/pod-update.ts'
import { checkPriorityClass, checkPriorityClassUpdate } from '../validation/priority-classes.ts'
import {
  checkEvent,
  checkLease,
  checkRuntimeClass,
  checkRuntimeClassUpdate,
  checkStrictEvent,
} from '../validation/records.ts'
import { checkReplicationController } from '../validation/replication-controllers.ts'
import {
  checkResourceQuota,
  checkResourceQuotaStatus,
  checkResourceQuotaUpdate,
} from '../validation/resource-quotas.ts'
import { checkBinding, checkBindingUpdate, checkRole } from '../validation/roles.ts'
import { checkService } from '../validation/service.ts'
import { checkServiceStatus, checkServiceUpdate } from '../validation/service-update.ts'
import { checkStatefulSet, checkStatefulSetStatus, checkStatefulSetUpdate } from '../validation/stateful-sets.ts'
import {
  checkDeployment,
  checkDeploymentStatus,
  checkReplicaSet,
  checkReplicaSetStatus,
  checkSelectorUpdate,
} from '../validation/workloads.ts'

/** The rules of one kind. Those of an update come behind the metadata's, in the order of upstream's ValidateUpdate. */
export interface Rules {
  readonly name?: NameRule
  /** Events: their metadata is not looked at by their own rules. */
  readonly withoutMetadata?: true
  readonly create?: (found: Found, object: never) => void
  readonly update?: (found: Found, next: never, was: never) => void
  readonly status?: (found: Found, next: never, was: never) => void
  /** An update looks at metadata as a creation does once more. */
  readonly metadataAgain?: true
}

const RULES: Readonly<Record<string, Rules>> = {
  pods: { create: checkPod, update: checkPodUpdate, status: checkPodStatusUpdate, metadataAgain: true },
  services: {
    name: dns1035Label,
    create: checkService,
    update: (found, next, was) => {
      checkServiceUpdate(found, next, was)
      remeta(found, next, dns1035Label)
      checkService(found, next)
    },
    status: checkServiceStatus,
  },
  configmaps: {
    create: checkConfigMap,
    update: (found, next, was) => {
      checkFixed(found, next, was)
      remeta(found, next, dns1123Subdomain)
      checkConfigMap(found, next)
    },
  },
  secrets: {
    create: checkSecret,
    update: (found, next, was) => {
      checkSecretUpdate(found, next, was)
      remeta(found, next, dns1123Subdomain)
      checkSecret(found, next)
    },
  },
  serviceaccounts: { update: () => undefined, metadataAgain: true },
  namespaces: {
    name: dns1123Label,
    create: (found, { spec }: { spec?: { finalizers?: readonly string[] } }) =>
      checkNamespaceFinalizers(found, spec?.finalizers),
    update: () => undefined,
    status: checkNamespaceStatus,
  },
  nodes: { create: checkNode, update: checkNodeUpdate, status: checkNodeUpdate },
  endpoints: { create: checkEndpoints, metadataAgain: true },
  events: { withoutMetadata: true, create: checkEvent },
  'events.events.k8s.io': { create: checkStrictEvent },
  replicationcontrollers: { create: checkReplicationController },
  resourcequotas: {
    create: checkResourceQuota,
    update: checkResourceQuotaUpdate,
    status: checkResourceQuotaStatus,
  },
  limitranges: { create: checkLimitRange },
  persistentvolumes: { create: checkPersistentVolume, status: () => undefined },
  persistentvolumeclaims: { create: checkClaim, update: checkClaimUpdate, status: () => undefined },
  'deployments.apps': {
    create: checkDeployment,
    update: (found, next: { spec: { selector?: never } }, was: { spec: { selector?: never } }) => {
      checkDeployment(found, next as never)
      checkSelectorUpdate(found, next.spec?.selector, was.spec?.selector)
    },
    status: checkDeploymentStatus,
  },
  'replicasets.apps': {
    create: checkReplicaSet,
    update: (found, next: { spec: { selector?: never } }, was: { spec: { selector?: never } }) => {
      checkReplicaSet(found, next as never)
      checkSelectorUpdate(found, next.spec?.selector, was.spec?.selector)
    },
    status: checkReplicaSetStatus,
  },
  'endpointslices.discovery.k8s.io': {
    create: checkEndpointSlice,
    update: (found, next: { addressType: string }, was: { addressType: string }) => {
      checkEndpointSlice(found, next as never)
      if (next.addressType !== was.addressType)
        found.push(invalid('addressType', next.addressType, 'field is immutable'))
    },
  },
  'leases.coordination.k8s.io': { create: checkLease },
  'statefulsets.apps': { create: checkStatefulSet, update: checkStatefulSetUpdate, status: checkStatefulSetStatus },
  'daemonsets.apps': { create: checkDaemonSet, update: checkDaemonSetUpdate },
  'jobs.batch': { create: checkJob, update: checkJobUpdate, status: checkJobStatus },
  'cronjobs.batch': { create: checkCronJob, update: checkCronJobUpdate },
  'ingresses.networking.k8s.io': { create: checkIngress, update: checkIngressSpec },
  'ingressclasses.networking.k8s.io': { create: checkIngressClass },
  'storageclasses.storage.k8s.io': { create: checkStorageClass },
  'priorityclasses.scheduling.k8s.io': { create: checkPriorityClass, update: checkPriorityClassUpdate },
  'poddisruptionbudgets.policy': { create: checkDisruptionBudget, status: checkDisruptionBudgetStatus },
  'horizontalpodautoscalers.autoscaling': { create: checkAutoscaler, status: checkAutoscalerStatus },
  'runtimeclasses.node.k8s.io': { create: checkRuntimeClass, update: checkRuntimeClassUpdate },
  'roles.rbac.authorization.k8s.io': { create: checkRole },
  'clusterroles.rbac.authorization.k8s.io': { create: checkRole },
  'rolebindings.rbac.authorization.k8s.io': { create: checkBinding, update: checkBindingUpdate },
  'clusterrolebindings.rbac.authorization.k8s.io': { create: checkBinding, update: checkBindingUpdate },
}
const NONE: Rules = {}
export const rulesOf = ({ name, custom }: ResourceFacts): Rules => (custom === true ? NONE : (RULES[name] ?? NONE))

/** Kinds of RBAC have freer names. */
export const nameRuleOf = ({ group }: ResourceFacts, { name }: Rules): NameRule =>
  name ?? (group === 'rbac.authorization.k8s.io' ? pathSegment : dns1123Subdomain)

export function remeta(found: Found, object: ApiObject, name: NameRule, namespaced = true): void {
  checkMetadata(found, object.metadata, { namespaced, name, standardFinalizers: true })
}

function checkNamespaceStatus(found: Found, next: ApiObject & { status?: { phase?: string } }): void {
  const phase = next.status?.phase ?? ''
  const isGoing = next.metadata.deletionTimestamp !== undefined
  if (!isGoing && phase !== 'Active') {
    found.push(invalid('status.Phase', phase, "may only be 'Active' if `deletionTimestamp` is empty"))
  } else if (isGoing && phase !== 'Terminating') {
    found.push(invalid('status.Phase', phase, "may only be 'Terminating' if `deletionTimestamp` is not empty"))
  }
}
