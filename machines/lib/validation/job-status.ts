/** Rules for the status of Jobs (pkg/apis/batch/validation: validateJobStatus). */
import type { ApiObject } from '../../protocol/objects.ts'
import { type Found, invalid, invalidPart, nonNegatives, required } from './causes.ts'

interface Status {
  readonly active?: number
  readonly startTime?: string
  readonly completionTime?: string
  readonly conditions?: readonly { readonly type: string; readonly status: string }[]
}

export function checkJobStatus(found: Found, { status = {} }: ApiObject & { readonly status?: Status }): void {
  nonNegatives(found, 'status', { ...status }, ['active', 'succeeded', 'failed', 'ready', 'terminating'])
  const { conditions = [], completionTime, startTime, active = 0 } = status
  const is = (type: string): boolean => conditions.some((each) => each.type === type && each.status === 'True')
  const [complete, failed] = [is('Complete'), is('Failed')]
  const cannot = (holds: boolean, what: string): void => {
    if (holds) found.push(invalidPart('status.conditions', `cannot set ${what}`))
  }
  cannot(complete && failed, 'Complete=True and Failed=true conditions')
  cannot(complete && is('FailureTarget'), 'Complete=True and FailureTarget=true conditions')
  if (completionTime !== undefined && !complete) {
    const detail = 'cannot set completionTime when there is no Complete=True condition'
    found.push(invalid('status.completionTime', completionTime, detail))
  }
  if (complete && completionTime === undefined)
    found.push(required('status.completionTime', 'completionTime is required for Complete jobs'))
  cannot(failed && !is('FailureTarget'), 'Failed=True condition without the FailureTarget=true condition')
  cannot(complete && !is('SuccessCriteriaMet'), 'Complete=True condition without the SuccessCriteriaMet=true condition')
  if (!complete && !failed) return
  if (active > 0) found.push(invalid('status.active', active, 'active>0 is invalid for finished job'))
  if (startTime === undefined) found.push(required('status.startTime', 'startTime is required for finished job'))
}
