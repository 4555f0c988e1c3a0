/** Rules for Deployments and ReplicaSets (pkg/apis/apps/validation). */
import type { core, Deployment, LabelSelector, ReplicaSet } from '../../protocol/objects.ts'
import { sameJson } from '../go-text.ts'
import { labelsMatch } from '../selector.ts'
import { type Found, forbidden, IMMUTABLE, invalid, nonNegative, notSupported, required, Shown } from './causes.ts'
import { shownIntOrString, shownMap, shownSelector } from './go-values.ts'
import { checkLabelSelector, isUsable } from './labels.ts'
import { checkTemplate } from './pod.ts'

type DeploymentSpec = Deployment['spec']
type Pace = number | string

/** ValidateDeploymentSpec */
export function checkDeployment(found: Found, { spec }: Deployment): void {
  nonNegative(found, 'spec.replicas', spec?.replicas)
  checkSelectorAndTemplate(found, spec?.selector, spec?.template)
  checkStrategy(found, spec ?? ({} as DeploymentSpec))
  nonNegative(found, 'spec.minReadySeconds', spec?.minReadySeconds)
  nonNegative(found, 'spec.revisionHistoryLimit', spec?.revisionHistoryLimit)
  const { progressDeadlineSeconds: deadline, minReadySeconds = 0 } = spec ?? {}
  nonNegative(found, 'spec.progressDeadlineSeconds', deadline)
  if (deadline !== undefined && deadline <= minReadySeconds) {
    found.push(invalid('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds'))
  }
}

/** ValidateReplicaSetSpec */
export function checkReplicaSet(found: Found, { spec }: ReplicaSet): void {
  nonNegative(found, 'spec.replicas', spec?.replicas)
  nonNegative(found, 'spec.minReadySeconds', spec?.minReadySeconds)
  checkSelectorAndTemplate(found, spec?.selector, spec?.template)
}

function checkSelectorAndTemplate(
  found: Found,
  selector: LabelSelector | undefined,
  template: core.PodTemplateSpec | undefined,
): void {
  if (selector === undefined || selector === null) found.push(required('spec.selector'))
  else {
    checkLabelSelector(found, 'spec.selector', selector)
    if (isEmpty(selector))
      found.push(invalid('spec.selector', shownSelector(selector), 'empty selector is invalid for deployment'))
  }
  if (!isUsable(selector ?? undefined)) {
    found.push(invalid('spec.selector', shownSelector(selector), 'invalid label selector'))
    return
  }
  checkTemplateOf(found, selector ?? undefined, template)
}

export const isEmpty = ({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean =>
  Object.keys(matchLabels).length + matchExpressions.length === 0

/** ValidatePodTemplateSpecForReplicaSet */
function checkTemplateOf(
  found: Found,
  selector: LabelSelector | undefined,
  template: core.PodTemplateSpec | undefined,
): void {
  const labels = template?.metadata?.labels
  /** No selector selects nothing, and does not match; an empty one says nothing. */
  const matches = selector === undefined ? false : isEmpty(selector) || labelsMatch(selector, labels)
  if (!matches) {
    found.push(
      invalid('spec.template.metadata.labels', shownMap(labels), '`selector` does not match template `labels`'),
    )
  }
  checkTemplate(found, 'spec.template', template)
  const policy = template?.spec?.restartPolicy ?? ''
  if (policy !== 'Always') found.push(notSupported('spec.template.spec.restartPolicy', policy, ['Always']))
  if (template?.spec?.activeDeadlineSeconds !== undefined) {
    found.push(
      forbidden('spec.template.spec.activeDeadlineSeconds', 'activeDeadlineSeconds in ReplicaSet is not Supported'),
    )
  }
}

function checkStrategy(found: Found, { strategy }: DeploymentSpec): void {
  const { type = '', rollingUpdate } = strategy ?? {}
  if (type === 'Recreate') {
    if (rollingUpdate === undefined) return
    found.push(forbidden('spec.strategy.rollingUpdate', "may not be specified when strategy `type` is 'Recreate'"))
  } else if (type !== 'RollingUpdate') {
    const shown = new Shown(
      `apps.DeploymentStrategy{Type:${JSON.stringify(type)}, RollingUpdate:(*apps.RollingUpdateDeployment)(nil)}`,
    )
    found.push(notSupported('spec.strategy', shown, ['Recreate', 'RollingUpdate']))
  } else if (rollingUpdate === undefined) {
    found.push(required('spec.strategy.rollingUpdate', 'this should be defaulted and never be nil'))
  } else checkRollingUpdate(found, rollingUpdate as { maxUnavailable?: Pace; maxSurge?: Pace })
}

function checkRollingUpdate(
  found: Found,
  { maxUnavailable = 0, maxSurge = 0 }: { maxUnavailable?: Pace; maxSurge?: Pace },
): void {
  const field = 'spec.strategy.rollingUpdate'
  checkPace(found, `${field}.maxUnavailable`, maxUnavailable)
  checkPace(found, `${field}.maxSurge`, maxSurge)
  if (amountOf(maxUnavailable) === 0 && amountOf(maxSurge) === 0) {
    found.push(
      invalid(`${field}.maxUnavailable`, shownIntOrString(maxUnavailable), 'may not be 0 when `maxSurge` is 0'),
    )
  }
  if (typeof maxUnavailable === 'string' && amountOf(maxUnavailable) > 100) {
    found.push(invalid(`${field}.maxUnavailable`, shownIntOrString(maxUnavailable), 'must not be greater than 100%'))
  }
}

const IS_PERCENT = /^[0-9]+%$/
const BAD_PERCENT =
  "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')"
/** ValidatePositiveIntOrPercent */
export function checkPace(found: Found, field: string, pace: Pace): void {
  if (typeof pace === 'number') nonNegative(found, field, pace)
  else if (!IS_PERCENT.test(pace)) found.push(invalid(field, shownIntOrString(pace), BAD_PERCENT))
}
export const amountOf = (pace: Pace): number =>
  typeof pace === 'number' ? pace : IS_PERCENT.test(pace) ? Number(pace.slice(0, -1)) : 0

/** The selector of a Deployment or ReplicaSet is fixed (registry/apps/…/strategy.go ValidateUpdate). */
export function checkSelectorUpdate(
  found: Found,
  next: LabelSelector | undefined,
  was: LabelSelector | undefined,
): void {
  if (sameJson(next ?? null, was ?? null)) return
  found.push(invalid('spec.selector', shownSelector(next ?? undefined), IMMUTABLE))
}

type Counts = Readonly<Record<string, number | undefined>>
const OF_DEPLOYMENT = [
  'observedGeneration',
  'replicas',
  'updatedReplicas',
  'readyReplicas',
  'availableReplicas',
  'unavailableReplicas',
  'collisionCount',
]
const OF_REPLICA_SET = ['replicas', 'fullyLabeledReplicas', 'readyReplicas', 'availableReplicas', 'observedGeneration']
const TOO_MANY = 'cannot be greater than status.replicas'

export function checkDeploymentStatus(found: Found, next: Deployment, was: Deployment): void {
  const status = (next.status ?? {}) as Counts
  for (const name of OF_DEPLOYMENT) nonNegative(found, `status.${name}`, status[name])
  checkCounts(found, status, ['updatedReplicas', 'readyReplicas', 'availableReplicas'])
  if ((status.collisionCount ?? 0) < (was.status?.collisionCount ?? 0)) {
    found.push(invalid('status.collisionCount', status.collisionCount ?? 0, 'cannot be decremented'))
  }
}

export function checkReplicaSetStatus(found: Found, next: ReplicaSet): void {
  const status = (next.status ?? {}) as unknown as Counts
  for (const name of OF_REPLICA_SET) nonNegative(found, `status.${name}`, status[name])
  checkCounts(found, status, ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'])
}

function checkCounts(found: Found, status: Counts, names: readonly string[]): void {
  for (const name of names) {
    if ((status[name] ?? 0) > (status.replicas ?? 0)) found.push(invalid(`status.${name}`, status[name] ?? 0, TOO_MANY))
  }
  if ((status.availableReplicas ?? 0) > (status.readyReplicas ?? 0)) {
    found.push(
      invalid('status.availableReplicas', status.availableReplicas ?? 0, 'cannot be greater than readyReplicas'),
    )
  }
}
