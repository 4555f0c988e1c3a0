/** Rules for StatefulSets (pkg/apis/apps/validation: ValidateStatefulSetSpec); of the pod only its metadata is looked at. */
import type { ApiObject, core, LabelSelector } from '../../protocol/objects.ts'
import { sameJson } from '../go-text.ts'
import { labelsMatch } from '../selector.ts'
import { type Found, forbidden, invalid, nonNegatives, notSupported, required, Shown } from './causes.ts'
import { checkRunsForEver } from './daemon-sets.ts'
import { shownMap, shownSelector } from './go-values.ts'
import { checkAnnotations, checkLabelSelector, checkLabels, isUsable } from './labels.ts'
import { checkPodAnnotations } from './pod.ts'
import { isEmpty } from './workloads.ts'

interface Spec {
  readonly podManagementPolicy?: string
  readonly updateStrategy?: { readonly type?: string; readonly rollingUpdate?: { readonly partition?: number } }
  readonly persistentVolumeClaimRetentionPolicy?: { readonly whenDeleted?: string; readonly whenScaled?: string }
  readonly ordinals?: { readonly start?: number }
  readonly selector?: LabelSelector
  readonly template?: core.PodTemplateSpec
}
export interface StatefulSet extends ApiObject {
  readonly spec?: Spec
  readonly status?: Readonly<Record<string, unknown>>
}

export function checkStatefulSet(found: Found, { spec = {} }: StatefulSet): void {
  const { podManagementPolicy: policy = '' } = spec
  if (policy === '') found.push(required('spec.podManagementPolicy'))
  else if (policy !== 'OrderedReady' && policy !== 'Parallel')
    found.push(invalid('spec.podManagementPolicy', policy, "must be 'OrderedReady' or 'Parallel'"))
  checkStrategy(found, spec.updateStrategy ?? {})
  checkRetention(found, spec.persistentVolumeClaimRetentionPolicy)
  nonNegatives(found, 'spec', { ...spec }, ['replicas', 'minReadySeconds'])
  nonNegatives(found, 'spec.ordinals', spec.ordinals, ['start'])
  checkSelector(found, spec)
  checkRunsForEver(found, spec.template, 'StatefulSet')
}

function checkStrategy(found: Found, { type = '', rollingUpdate }: NonNullable<Spec['updateStrategy']>): void {
  const field = 'spec.updateStrategy'
  if (type === '') found.push(required(field))
  else if (type === 'RollingUpdate') nonNegatives(found, `${field}.rollingUpdate`, rollingUpdate, ['partition'])
  else if (type !== 'OnDelete') {
    const rolling = rollingUpdate === undefined ? '(nil)' : '{...}'
    const shown = `apps.StatefulSetUpdateStrategy{Type:${JSON.stringify(type)}, RollingUpdate:(*apps.RollingUpdateStatefulSetStrategy)${rolling}}`
    found.push(invalid(field, new Shown(shown), "must be 'RollingUpdate' or 'OnDelete'"))
  } else if (rollingUpdate !== undefined) {
    const { partition = 0 } = rollingUpdate
    const shown = `apps.RollingUpdateStatefulSetStrategy{Partition:${partition}, MaxUnavailable:(*intstr.IntOrString)(nil)}`
    const detail = "only allowed for updateStrategy 'RollingUpdate'"
    found.push(invalid(`${field}.rollingUpdate`, new Shown(shown), detail))
  }
}

const RETENTIONS = ['Retain', 'Delete']
function checkRetention(found: Found, policy: Spec['persistentVolumeClaimRetentionPolicy']): void {
  for (const name of ['whenDeleted', 'whenScaled'] as const) {
    const value = policy?.[name]
    if (value !== undefined && !RETENTIONS.includes(value))
      found.push(notSupported(`spec.persistentVolumeClaimRetentionPolicy.${name}`, value, RETENTIONS))
  }
}

function checkSelector(found: Found, { selector, template }: Spec): void {
  if (selector === undefined) found.push(required('spec.selector'))
  else {
    checkLabelSelector(found, 'spec.selector', selector)
    if (isEmpty(selector))
      found.push(invalid('spec.selector', shownSelector(selector), 'empty selector is invalid for statefulset'))
  }
  if (!isUsable(selector)) {
    found.push(invalid('spec.selector', shownSelector(selector), ''))
    return
  }
  const { labels, annotations } = template?.metadata ?? {}
  if (selector !== undefined && !isEmpty(selector) && !labelsMatch(selector, labels)) {
    const detail = '`selector` does not match template `labels`'
    found.push(invalid('spec.template.metadata.labels', shownMap(labels), detail))
  }
  checkLabels(found, 'spec.template.labels', labels)
  checkAnnotations(found, 'spec.template.annotations', annotations)
  checkPodAnnotations(found, 'spec.template.annotations', annotations, template?.spec)
}

const MAY_CHANGE = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
]
const FIXED =
  "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"

export function checkStatefulSetUpdate(found: Found, next: StatefulSet, was: StatefulSet): void {
  checkStatefulSet(found, next)
  const fixed = ({ spec = {} }: StatefulSet) =>
    Object.fromEntries(Object.entries(spec).filter(([name]) => !MAY_CHANGE.includes(name)))
  if (!sameJson(fixed(next), fixed(was))) found.push(forbidden('spec', FIXED))
}

const COUNTS = ['replicas', 'readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas']

export function checkStatefulSetStatus(found: Found, { status = {} }: StatefulSet): void {
  nonNegatives(found, 'status', status, [...COUNTS, 'observedGeneration', 'collisionCount'])
  const count = (name: string): number => (typeof status[name] === 'number' ? (status[name] as number) : 0)
  const most = (name: string, limit: string): void => {
    if (count(name) > count(limit))
      found.push(invalid(`status.${name}`, count(name), `cannot be greater than status.${limit}`))
  }
  for (const name of COUNTS.slice(1)) most(name, 'replicas')
  most('availableReplicas', 'readyReplicas')
}
