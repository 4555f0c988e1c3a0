/** Rules for Jobs (pkg/apis/batch/validation). */
import type { ApiObject, core, LabelSelector } from '../../protocol/objects.ts'
import { sameJson } from '../go-text.ts'
import { labelsMatch } from '../selector.ts'
import { complain, type Found, IMMUTABLE, invalid, nonNegatives, notSupported, required, Shown } from './causes.ts'
import { domainPrefixedPath } from './formats.ts'
import { shownMap, shownSelector } from './go-values.ts'
import { checkFailurePolicy, type FailurePolicy } from './job-failure-policy.ts'
import { checkLabelSelector, isUsable } from './labels.ts'
import { checkTemplate } from './pod.ts'

export interface JobSpec {
  readonly parallelism?: number
  readonly completions?: number
  readonly completionMode?: string
  readonly backoffLimitPerIndex?: number
  readonly maxFailedIndexes?: number
  readonly manualSelector?: boolean
  readonly selector?: LabelSelector
  readonly template?: core.PodTemplateSpec
  readonly podFailurePolicy?: FailurePolicy
  readonly podReplacementPolicy?: string
  readonly managedBy?: string
  readonly successPolicy?: unknown
  readonly suspend?: boolean
}
export interface Job extends ApiObject {
  readonly spec?: JobSpec
}

/** ValidateJob, behind the metadata. */
export function checkJob(found: Found, job: Job): void {
  checkGeneratedSelector(found, job)
  checkJobSpec(found, 'spec', job.spec ?? {})
  checkSelector(found, job.spec ?? {})
}

/** ValidateJobUpdate, behind the whole of ValidateJob. */
export function checkJobUpdate(found: Found, next: Job, was: Job): void {
  checkJob(found, next)
  const [spec, old] = [next.spec ?? {}, was.spec ?? {}]
  checkJobSpec(found, 'spec', spec)
  checkSelector(found, spec)
  checkCompletions(found, spec, old)
  const fixed = (name: keyof JobSpec, value: unknown): void => {
    if (!sameJson(spec[name] ?? null, old[name] ?? null)) found.push(invalid(`spec.${name}`, value, IMMUTABLE))
  }
  fixed('selector', shownSelector(spec.selector))
  if (old.suspend !== true) fixed('template', new Shown('core.PodTemplateSpec{...}'))
  fixed('completionMode', spec.completionMode)
  fixed('podFailurePolicy', new Shown('batch.PodFailurePolicy{...}'))
  fixed('backoffLimitPerIndex', spec.backoffLimitPerIndex)
  fixed('managedBy', spec.managedBy)
  fixed('successPolicy', new Shown('batch.SuccessPolicy{...}'))
}

const COUNTS = ['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished']
const COUNTS_PER_INDEX = ['backoffLimitPerIndex', 'maxFailedIndexes']

/** validateJobSpec: what a Job and the template of one have in common. */
export function checkJobSpec(found: Found, field: string, spec: JobSpec): void {
  nonNegatives(found, field, { ...spec }, [...COUNTS, ...COUNTS_PER_INDEX])
  checkMode(found, field, spec)
  if (spec.managedBy !== undefined)
    complain(found, `${field}.managedBy`, spec.managedBy, domainPrefixedPath(spec.managedBy))
  const { template, podFailurePolicy } = spec
  const containers = [...(template?.spec?.initContainers ?? []), ...(template?.spec?.containers ?? [])]
  if (podFailurePolicy !== undefined) {
    const names = new Set(containers.map(({ name }) => name))
    const perIndex = spec.backoffLimitPerIndex !== undefined
    checkFailurePolicy(found, `${field}.podFailurePolicy`, podFailurePolicy, names, perIndex)
  }
  checkReplacement(found, `${field}.podReplacementPolicy`, spec)
  checkTemplate(found, `${field}.template`, template)
  checkRestartPolicy(found, `${field}.template.spec.restartPolicy`, spec)
}

const MODES = ['NonIndexed', 'Indexed']
const MOST_INDEXES = 100_000
const PER_INDEX = 'requires indexed completion mode'

function checkMode(found: Found, field: string, spec: JobSpec): void {
  const { completionMode: mode, parallelism = 0, maxFailedIndexes, backoffLimitPerIndex, completions } = spec
  if (mode !== undefined && !MODES.includes(mode)) found.push(notSupported(`${field}.completionMode`, mode, MODES))
  if (maxFailedIndexes !== undefined && backoffLimitPerIndex === undefined)
    found.push(required(`${field}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified'))
  if (mode !== 'Indexed') {
    if (backoffLimitPerIndex !== undefined)
      found.push(invalid(`${field}.backoffLimitPerIndex`, backoffLimitPerIndex, PER_INDEX))
    if (maxFailedIndexes !== undefined) found.push(invalid(`${field}.maxFailedIndexes`, maxFailedIndexes, PER_INDEX))
    return
  }
  if (completions === undefined) found.push(required(`${field}.completions`, 'when completion mode is Indexed'))
  if (parallelism > MOST_INDEXES) {
    const detail = `must be less than or equal to ${MOST_INDEXES} when completion mode is Indexed`
    found.push(invalid(`${field}.parallelism`, parallelism, detail))
  }
  if (maxFailedIndexes !== undefined && completions !== undefined && maxFailedIndexes > completions)
    found.push(invalid(`${field}.maxFailedIndexes`, maxFailedIndexes, 'must be less than or equal to completions'))
}

function checkReplacement(
  found: Found,
  field: string,
  { podReplacementPolicy: policy, podFailurePolicy }: JobSpec,
): void {
  const policies = podFailurePolicy === undefined ? ['Failed', 'TerminatingOrFailed'] : ['Failed']
  if (policy !== undefined && !policies.includes(policy)) found.push(notSupported(field, policy, policies))
}

/** `Always` is what defaulting makes of none. */
function checkRestartPolicy(found: Found, field: string, { template, podFailurePolicy }: JobSpec): void {
  const policy = template?.spec?.restartPolicy ?? ''
  if (policy === 'Always') found.push(required(field, 'valid values: "OnFailure", "Never"'))
  else if (policy !== 'OnFailure' && policy !== 'Never') found.push(notSupported(field, policy, ['OnFailure', 'Never']))
  else if (podFailurePolicy !== undefined && policy !== 'Never')
    found.push(invalid(field, policy, 'only "Never" is supported when podFailurePolicy is specified'))
}

/** Whether given or generated: the selector matches the pods that the template makes. */
function checkSelector(found: Found, { selector, template }: JobSpec): void {
  if (selector === undefined) found.push(required('spec.selector'))
  else checkLabelSelector(found, 'spec.selector', selector)
  if (!isUsable(selector)) return
  const labels = template?.metadata?.labels
  if (selector !== undefined && labelsMatch(selector, labels)) return
  found.push(invalid('spec.template.metadata.labels', shownMap(labels), '`selector` does not match template `labels`'))
}

/** ValidateGeneratedSelector */
function checkGeneratedSelector(found: Found, { metadata, spec }: Job): void {
  if (spec?.manualSelector === true || spec?.selector === undefined) return
  const { name, uid = '' } = metadata
  const expected: Readonly<Record<string, string>> = {
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  }
  const labels = spec.template?.metadata?.labels ?? {}
  for (const [label, value] of Object.entries(expected)) {
    const field = `spec.template.metadata.labels[${label}]`
    if (labels[label] === undefined) found.push(required(field, `must be '${value}'`))
    else if (labels[label] !== value) found.push(invalid(field, shownMap(labels), `must be '${value}'`))
  }
  if (isUsable(spec.selector) && !labelsMatch(spec.selector, expected))
    found.push(invalid('spec.selector', shownSelector(spec.selector), '`selector` not auto-generated'))
}

/** validateCompletions: only a Job with indexes may be stretched, and its parallelism with it. */
function checkCompletions(found: Found, spec: JobSpec, old: JobSpec): void {
  const { completions, parallelism } = spec
  if (completions === old.completions) return
  if (spec.completionMode !== 'Indexed') found.push(invalid('spec.completions', completions, IMMUTABLE))
  else if (completions !== undefined && parallelism !== undefined && completions !== parallelism)
    found.push(invalid('spec.completions', completions, 'can only be modified in tandem with spec.parallelism'))
}
