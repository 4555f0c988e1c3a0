/** Defaults of workloads that are more than a missing field (pkg/apis/apps/v1, batch/v1). */

import { joined } from '../joined.ts'

type Json = Readonly<Record<string, unknown>>

/** SetDefaults_Deployment: a rolling update by quarters. */
export const deploymentStrategyDefaults = (strategy: Json): Json =>
  rolling(strategy, { maxUnavailable: '25%', maxSurge: '25%' })
/** SetDefaults_DaemonSet: one at a time. */
export const daemonSetStrategyDefaults = (strategy: Json): Json => rolling(strategy, { maxUnavailable: 1, maxSurge: 0 })

function rolling(strategy: Json, pace: Json): Json {
  const type = strategy.type ?? 'RollingUpdate'
  const rollingUpdate = strategy.rollingUpdate as Json | undefined
  if (type !== 'RollingUpdate') return strategy.type === undefined ? { ...strategy, type } : strategy
  const complete = rollingUpdate !== undefined && Object.keys(pace).every((key) => rollingUpdate[key] !== undefined)
  return complete && strategy.type !== undefined
    ? strategy
    : joined(strategy, { type, rollingUpdate: joined(pace, rollingUpdate) })
}

const RETAIN: Json = { whenDeleted: 'Retain', whenScaled: 'Retain' }

export function statefulSetDefaults(spec: Json): Json {
  const { updateStrategy = {} } = spec as { updateStrategy?: Json }
  const retention = spec.persistentVolumeClaimRetentionPolicy as Json | undefined
  return {
    ...spec,
    podManagementPolicy: spec.podManagementPolicy ?? 'OrderedReady',
    updateStrategy: partitioned(updateStrategy),
    persistentVolumeClaimRetentionPolicy: { ...RETAIN, ...retention },
    replicas: spec.replicas ?? 1,
    revisionHistoryLimit: spec.revisionHistoryLimit ?? 10,
    ...(Array.isArray(spec.volumeClaimTemplates) ? { volumeClaimTemplates: spec.volumeClaimTemplates.map(typed) } : {}),
  }
}
const typed = (claim: Json): Json => ({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', ...claim })

function partitioned(strategy: Json): Json {
  const type = strategy.type ?? 'RollingUpdate'
  const { rollingUpdate = strategy.type === undefined ? {} : undefined } = strategy as { rollingUpdate?: Json }
  if (type !== 'RollingUpdate' || rollingUpdate === undefined) return { ...strategy, type }
  return { ...strategy, type, rollingUpdate: { partition: 0, ...rollingUpdate } }
}

export function jobDefaults(job: Json): Json {
  const spec = (job.spec ?? {}) as Json
  const labels = labelsOf(spec.template)
  const made = {
    ...(spec.completions === undefined && spec.parallelism === undefined ? { completions: 1 } : {}),
    parallelism: 1,
    backoffLimit: spec.backoffLimitPerIndex === undefined ? 6 : 2_147_483_647,
    completionMode: 'NonIndexed',
    suspend: false,
    podReplacementPolicy: spec.podFailurePolicy === undefined ? 'TerminatingOrFailed' : 'Failed',
    manualSelector: false,
    ...spec,
  }
  return labelled({ ...job, spec: made }, labels)
}

export function replicationControllerDefaults(controller: Json): Json {
  const spec = (controller.spec ?? {}) as Json
  const labels = labelsOf(spec.template)
  const selector = spec.selector ?? labels
  const made = { ...spec, ...(selector === undefined ? {} : { selector }), replicas: spec.replicas ?? 1 }
  return labelled({ ...controller, spec: made }, labels)
}

const labelsOf = (template: unknown): Json | undefined =>
  (template as { metadata?: { labels?: Json } } | undefined)?.metadata?.labels

/** An object without labels takes those of its template. */
function labelled(object: Json, labels: Json | undefined): Json {
  const metadata = (object.metadata ?? {}) as Json
  const own = Object.keys((metadata.labels ?? {}) as Json).length > 0
  return own || labels === undefined ? object : joined(object, { metadata: joined(metadata, { labels }) })
}
