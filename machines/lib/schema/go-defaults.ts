/**
 * The defaults that Kubernetes keeps in code (k8s.io/kubernetes/pkg/apis/…/defaults.go), by Go type. Most say a value for
 * a field that is missing: those are a table. The rest are functions, named as upstream without `SetDefaults_`.
 */
import { joined } from '../joined.ts'
import { podDefaults, podStatusDefaults, pullPolicyFor } from './pod-defaults.ts'
import { secretDefaults } from './secret-defaults.ts'
import { serviceDefaults, serviceStatusDefaults } from './service-defaults.ts'
import {
  daemonSetStrategyDefaults,
  deploymentStrategyDefaults,
  jobDefaults,
  replicationControllerDefaults,
  statefulSetDefaults,
} from './workload-defaults.ts'

export type Json = Readonly<Record<string, unknown>>
export type Defaults = (object: Json) => Json

/** The code defaults of a Go type; undefined when it has none. */
export const codeDefaults = (definition: string): Defaults | undefined => BY_DEFINITION.get(definition)

/** The object with those fields that it lacks; itself when it lacks none. A text that is empty is lacking. */
export function withMissing(object: Json, fields: Json): Json {
  for (const key in fields) {
    if (lacking(object[key])) return joined(object, unset(object, fields))
  }
  return object
}
const lacking = (value: unknown): boolean => value === undefined || value === null || value === ''
const unset = (object: Json, fields: Json): Json =>
  Object.fromEntries(Object.entries(fields).filter(([key]) => lacking(object[key])))

const EMPTY: Json = {}
const EVERYTHING: Json = { matchPolicy: 'Equivalent', namespaceSelector: EMPTY, objectSelector: EMPTY }
const WEBHOOK: Json = { failurePolicy: 'Fail', ...EVERYTHING, timeoutSeconds: 10 }
const RBAC_GROUP = 'rbac.authorization.k8s.io'

const POD_SPEC: Json = {
  dnsPolicy: 'ClusterFirst',
  restartPolicy: 'Always',
  securityContext: EMPTY,
  terminationGracePeriodSeconds: 30,
  schedulerName: 'default-scheduler',
}

/** The old name of the service account says the same, and speaks where the new one is silent (conversion.go). */
function withAlias(spec: Json): Json {
  const name = lacking(spec.serviceAccountName) ? spec.serviceAccount : spec.serviceAccountName
  if (lacking(name) || (spec.serviceAccountName === name && spec.serviceAccount === name)) return spec
  return joined(spec, { serviceAccountName: name, serviceAccount: name })
}

/** Missing fields and their values, by type. */
const MISSING: Readonly<Record<string, Json>> = {
  'core.v1.EndpointPort': { protocol: 'TCP' },
  'core.v1.SecretVolumeSource': { defaultMode: 420 },
  'core.v1.ConfigMapVolumeSource': { defaultMode: 420 },
  'core.v1.DownwardAPIVolumeSource': { defaultMode: 420 },
  'core.v1.ProjectedVolumeSource': { defaultMode: 420 },
  'core.v1.ServiceAccountTokenProjection': { expirationSeconds: 3_600 },
  'core.v1.HTTPGetAction': { path: '/', scheme: 'HTTP' },
  'core.v1.ObjectFieldSelector': { apiVersion: 'v1' },
  'core.v1.ISCSIVolumeSource': { iscsiInterface: 'default' },
  'core.v1.ISCSIPersistentVolumeSource': { iscsiInterface: 'default' },
  'core.v1.RBDVolumeSource': { pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring' },
  'core.v1.RBDPersistentVolumeSource': { pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring' },
  'core.v1.AzureDiskVolumeSource': { cachingMode: 'ReadWrite', fsType: 'ext4', readOnly: false, kind: 'Shared' },
  'core.v1.ScaleIOVolumeSource': { storageMode: 'ThinProvisioned', fsType: 'xfs' },
  'core.v1.ScaleIOPersistentVolumeSource': { storageMode: 'ThinProvisioned', fsType: 'xfs' },
  'core.v1.PersistentVolumeSpec': { persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem' },
  'core.v1.PersistentVolumeStatus': { phase: 'Pending' },
  'core.v1.PersistentVolumeClaimSpec': { volumeMode: 'Filesystem' },
  'core.v1.PersistentVolumeClaimStatus': { phase: 'Pending' },
  'core.v1.NamespaceStatus': { phase: 'Active' },
  'apps.v1.DeploymentSpec': { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 },
  'apps.v1.ReplicaSetSpec': { replicas: 1 },
  'apps.v1.DaemonSetSpec': { revisionHistoryLimit: 10 },
  'batch.v1.CronJobSpec': {
    concurrencyPolicy: 'Allow',
    suspend: false,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
  },
  'batch.v1.PodFailurePolicyOnPodConditionsPattern': { status: 'True' },
  'discovery.v1.EndpointPort': { protocol: 'TCP' },
  'networking.v1.NetworkPolicyPort': { protocol: 'TCP' },
  'networking.v1.IngressClassParametersReference': { scope: 'Cluster' },
  'rbac.v1.RoleRef': { apiGroup: RBAC_GROUP },
  'scheduling.v1.PriorityClass': { preemptionPolicy: 'PreemptLowerPriority' },
  'storage.v1.StorageClass': { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' },
  'storage.v1.CSIDriverSpec': {
    attachRequired: true,
    podInfoOnMount: false,
    storageCapacity: false,
    fsGroupPolicy: 'ReadWriteOnceWithFSType',
    requiresRepublish: false,
    seLinuxMount: false,
    volumeLifecycleModes: ['Persistent'],
  },
  'autoscaling.v1.HorizontalPodAutoscalerSpec': { minReplicas: 1 },
  'admissionregistration.v1.ValidatingWebhook': WEBHOOK,
  'admissionregistration.v1.MutatingWebhook': { ...WEBHOOK, reinvocationPolicy: 'Never' },
  'admissionregistration.v1.RuleWithOperations': { scope: '*' },
  'admissionregistration.v1.NamedRuleWithOperations': { scope: '*' },
  'admissionregistration.v1.ServiceReference': { port: 443 },
  'admissionregistration.v1.ValidatingAdmissionPolicySpec': { failurePolicy: 'Fail' },
  'admissionregistration.v1.MatchResources': EVERYTHING,
  'flowcontrol.v1.ExemptPriorityLevelConfiguration': { nominalConcurrencyShares: 0, lendablePercent: 0 },
  'flowcontrol.v1.LimitedPriorityLevelConfiguration': { nominalConcurrencyShares: 30, lendablePercent: 0 },
}

/** Numbers that are no pointers: zero is as good as missing. */
const ZERO: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'core.v1.Probe': { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 },
  'flowcontrol.v1.FlowSchemaSpec': { matchingPrecedence: 1_000 },
  'flowcontrol.v1.QueuingConfiguration': { handSize: 8, queues: 64, queueLengthLimit: 50 },
}

function withoutZeros(object: Json, fields: Readonly<Record<string, number>>): Json {
  const lacks = Object.keys(fields).filter((key) => (object[key] ?? 0) === 0)
  return lacks.length === 0 ? object : joined(object, Object.fromEntries(lacks.map((key) => [key, fields[key]])))
}

const CODE: Readonly<Record<string, Defaults>> = {
  'core.v1.PodSpec': (spec) => withAlias(withMissing(without(spec, 'hostUsers', 'resources'), POD_SPEC)),
  'core.v1.PodStatus': podStatusDefaults,
  'core.v1.NodeSpec': nodeSpec,
  'core.v1.Secret': secretDefaults,
  'core.v1.Pod': podDefaults,
  'core.v1.Container': container,
  'core.v1.EphemeralContainer': container,
  'core.v1.Volume': volume,
  'core.v1.ImageVolumeSource': (image) => withMissing(image, { pullPolicy: pullPolicyFor(image.reference) }),
  'core.v1.HostPathVolumeSource': (source) => ('type' in source ? source : { ...source, type: '' }),
  'core.v1.Namespace': namespace,
  'core.v1.NodeStatus': nodeStatus,
  'core.v1.LimitRangeItem': limitRangeItem,
  'core.v1.ServiceSpec': serviceDefaults,
  'core.v1.ServiceStatus': serviceStatusDefaults,
  'core.v1.ReplicationController': replicationControllerDefaults,
  'apps.v1.DeploymentStrategy': deploymentStrategyDefaults,
  'apps.v1.DaemonSetUpdateStrategy': daemonSetStrategyDefaults,
  'apps.v1.StatefulSetSpec': statefulSetDefaults,
  'batch.v1.Job': jobDefaults,
  'discovery.v1.EndpointPort': (port) =>
    withMissing('name' in port ? port : { ...port, name: '' }, { protocol: 'TCP' }),
  'networking.v1.NetworkPolicySpec': networkPolicy,
  'rbac.v1.Subject': (subject) =>
    subject.kind === 'User' || subject.kind === 'Group' ? withMissing(subject, { apiGroup: RBAC_GROUP }) : subject,
  'autoscaling.v2.HorizontalPodAutoscalerSpec': autoscaler,
}

/** Fields of features that are off in this version are dropped (pkg/api/pod dropDisabledFields). */
function without(object: Json, ...fields: readonly string[]): Json {
  if (fields.every((field) => !(field in object))) return object
  return Object.fromEntries(Object.entries(object).filter(([key]) => !fields.includes(key)))
}

function container(given: Json): Json {
  const object = without(given, 'resizePolicy')
  if (
    object.imagePullPolicy !== undefined &&
    object.terminationMessagePath !== undefined &&
    object.terminationMessagePolicy !== undefined
  ) {
    return object
  }
  return withMissing(object, {
    imagePullPolicy: pullPolicyFor(object.image),
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  })
}

/** A volume without any source is an emptyDir. */
function volume(object: Json): Json {
  return Object.keys(object).every((key) => key === 'name') ? { ...object, emptyDir: EMPTY } : object
}

const NAME_LABEL = 'kubernetes.io/metadata.name'
function namespace(object: Json): Json {
  const metadata = (object.metadata ?? EMPTY) as { name?: string; labels?: Json }
  if (metadata.name === undefined || metadata.labels?.[NAME_LABEL] === metadata.name) return object
  return { ...object, metadata: { ...metadata, labels: { ...metadata.labels, [NAME_LABEL]: metadata.name } } }
}

/** The list of ranges and the single one say the same (Convert_v1_NodeSpec_To_core_NodeSpec). */
function nodeSpec(object: Json): Json {
  return object.podCIDR === undefined ? object : withMissing(object, { podCIDRs: [object.podCIDR] })
}

function nodeStatus(object: Json): Json {
  return object.capacity === undefined ? object : withMissing(object, { allocatable: object.capacity })
}

function limitRangeItem(object: Json): Json {
  if (object.type !== 'Container') return object
  const limits = { ...(object.max as Json), ...(object.default as Json) }
  const requests = { ...(object.min as Json), ...limits, ...(object.defaultRequest as Json) }
  return {
    ...object,
    ...(Object.keys(limits).length === 0 ? {} : { default: limits }),
    ...(Object.keys(requests).length === 0 ? {} : { defaultRequest: requests }),
  }
}

function networkPolicy(object: Json): Json {
  const egress = object.egress as readonly unknown[] | undefined
  return withMissing(object, {
    policyTypes: egress === undefined || egress.length === 0 ? ['Ingress'] : ['Ingress', 'Egress'],
  })
}

const CPU_AT_80 = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
}
const SCALE_UP: Json = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ],
}
const SCALE_DOWN: Json = { selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] }

function autoscaler(object: Json): Json {
  const made = withMissing(object, { minReplicas: 1, metrics: [CPU_AT_80] })
  const behavior = made.behavior as { scaleUp?: Json; scaleDown?: Json } | undefined
  if (behavior === undefined) return made
  const { scaleUp = EMPTY, scaleDown = EMPTY } = behavior
  return {
    ...made,
    behavior: { scaleUp: withMissing(scaleUp, SCALE_UP), scaleDown: withMissing(scaleDown, SCALE_DOWN) },
  }
}

const EXTENSIONS = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.'
const CUSTOM: readonly (readonly [string, Defaults])[] = [
  [`${EXTENSIONS}CustomResourceDefinitionSpec`, (spec) => withMissing(spec, { conversion: { strategy: 'None' } })],
  [`${EXTENSIONS}CustomResourceDefinitionNames`, definitionNames],
]

function definitionNames(names: Json): Json {
  const kind = String(names.kind ?? '')
  return withMissing(names, { singular: kind.toLowerCase(), listKind: `${kind}List` })
}

const BY_DEFINITION: ReadonlyMap<string, Defaults> = new Map([
  ...Object.entries(MISSING).map(
    ([type, fields]) => [of(type), (object: Json) => withMissing(object, fields)] as const,
  ),
  ...Object.entries(ZERO).map(([type, fields]) => [of(type), (object: Json) => withoutZeros(object, fields)] as const),
  ...CUSTOM,
  ...Object.entries(CODE).map(([type, defaults]) => [of(type), defaults] as const),
])
function of(type: string): string {
  return `io.k8s.api.${type}`
}
