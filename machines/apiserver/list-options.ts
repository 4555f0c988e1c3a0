/** What a list or a watch may be asked with: apimachinery meta/internalversion/validation, ValidateListOptions. */
import type { ApiRequest, Status } from '../protocol/api.ts'
import { type Causes, invalid } from './registry/validation.ts'

export function malformedOptions({ verb, options = {} }: ApiRequest): Status | undefined {
  const { resourceVersion = '', resourceVersionMatch = '', sendInitialEvents } = options
  const isWatch = verb === 'watch'
  const causes: Causes[number][] = []
  if (resourceVersionMatch !== '' && !(isWatch && sendInitialEvents !== undefined)) {
    if (isWatch)
      causes.push(forbidden('resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'))
    if (resourceVersion === '' && !isWatch) {
      causes.push(forbidden('resourceVersionMatch is forbidden unless resourceVersion is provided'))
    }
    if ((options.continue ?? '') !== '')
      causes.push(forbidden('resourceVersionMatch is forbidden when continue is provided'))
    if (resourceVersionMatch !== 'Exact' && resourceVersionMatch !== 'NotOlderThan') {
      causes.push(unsupported(resourceVersionMatch))
    }
    if (resourceVersionMatch === 'Exact' && resourceVersion === '0') {
      causes.push(forbidden('resourceVersionMatch "exact" is forbidden for resourceVersion "0"'))
    }
  }
  if (sendInitialEvents !== undefined) causes.push(...initialEvents(isWatch, resourceVersionMatch))
  return causes.length === 0 ? undefined : invalid('ListOptions', 'meta.k8s.io', '', causes)
}

function initialEvents(isWatch: boolean, match: string): Causes {
  if (!isWatch) return [{ ...forbidden('sendInitialEvents is forbidden for list'), field: 'sendInitialEvents' }]
  return match === 'NotOlderThan'
    ? []
    : [forbidden('sendInitialEvents requires setting resourceVersionMatch to NotOlderThan')]
}

const forbidden = (why: string) => ({
  reason: 'FieldValueForbidden',
  message: `Forbidden: ${why}`,
  field: 'resourceVersionMatch',
})
const unsupported = (value: string) => ({
  reason: 'FieldValueNotSupported',
  message: `Unsupported value: "${value}": supported values: "Exact", "NotOlderThan", ""`,
  field: 'resourceVersionMatch',
})
