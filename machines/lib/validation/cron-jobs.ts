/** Rules for CronJobs (pkg/apis/batch/validation). Whether a time zone exists is left out: there is no table of them. */
import type { ApiObject } from '../../protocol/objects.ts'
import { type Found, invalid, nonNegatives, notSupported, oneOf, required } from './causes.ts'
import { scheduleComplaint } from './cron-schedule.ts'
import { shownSelector } from './go-values.ts'
import { checkJobSpec, type JobSpec } from './jobs.ts'

interface Spec {
  readonly schedule?: string
  readonly timeZone?: string
  readonly concurrencyPolicy?: string
  readonly jobTemplate?: { readonly spec?: JobSpec }
}

/** A Job's name is the CronJob's, a hyphen and ten digits more, and is a label. */
const LONGEST_NAME = 52

/** ValidateCronJobCreate, behind the metadata. */
export function checkCronJob(found: Found, cronJob: ApiObject & { readonly spec?: Spec }): void {
  checkCronJobUpdate(found, cronJob)
  const { name } = cronJob.metadata
  if (name.length > LONGEST_NAME) found.push(invalid('metadata.name', name, 'must be no more than 52 characters'))
}

/** ValidateCronJobUpdate: a name that was too long once may stay so. */
export function checkCronJobUpdate(found: Found, { spec = {} }: ApiObject & { readonly spec?: Spec }): void {
  checkSchedule(found, spec.schedule ?? '')
  nonNegatives(found, 'spec', { ...spec }, ['startingDeadlineSeconds'])
  if (spec.timeZone !== undefined) checkTimeZone(found, spec.timeZone)
  oneOf(found, 'spec.concurrencyPolicy', spec.concurrencyPolicy, ['Allow', 'Forbid', 'Replace'])
  checkJobTemplate(found, spec.jobTemplate?.spec ?? {})
  nonNegatives(found, 'spec', { ...spec }, ['successfulJobsHistoryLimit', 'failedJobsHistoryLimit'])
}

function checkSchedule(found: Found, schedule: string): void {
  if (schedule === '') {
    found.push(required('spec.schedule'))
    return
  }
  const complaint = scheduleComplaint(schedule)
  if (complaint !== undefined) found.push(invalid('spec.schedule', schedule, complaint))
  if (!schedule.includes('TZ')) return
  const detail = 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'
  found.push(invalid('spec.schedule', schedule, detail))
}

const EXPLICIT = 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones'
function checkTimeZone(found: Found, zone: string): void {
  if (zone === '') found.push(invalid('spec.timeZone', zone, 'timeZone must be nil or non-empty string'))
  else if (zone.toLowerCase() === 'local') found.push(invalid('spec.timeZone', zone, EXPLICIT))
}

/** ValidateJobTemplateSpec */
function checkJobTemplate(found: Found, spec: JobSpec): void {
  const field = 'spec.jobTemplate.spec'
  checkJobSpec(found, field, spec)
  if (spec.selector !== undefined)
    found.push(invalid(`${field}.selector`, shownSelector(spec.selector), '`selector` will be auto-generated'))
  if (spec.manualSelector === true) found.push(notSupported(`${field}.manualSelector`, true, ['nil', 'false']))
}
