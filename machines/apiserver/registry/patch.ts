/** From a patch and the current object to the object wanted: endpoints/handlers/patch.go. */

import { goText } from '../../lib/go-text.ts'
import { jsonPatched } from '../../lib/patch/json.ts'
import { mergePatched } from '../../lib/patch/merge.ts'
import type { PatchFailure } from '../../lib/patch/outcome.ts'
import { strategicPatched } from '../../lib/patch/strategic.ts'
import { decoded } from '../../lib/schema/decoding.ts'
import { defaulted } from '../../lib/schema/defaults.ts'
import type { ResourceFacts } from '../../lib/schema.ts'
import type { PatchType, Status } from '../../protocol/api.ts'
import type { ApiObject } from '../../protocol/objects.ts'
import { badRequest, failure } from '../statuses.ts'
import { type Attempt, type Draft, draft, type Refusal, refuse } from './attempt.ts'
import { refusedAsOutdated } from './update.ts'
import { invalid } from './validation.ts'

export function patchProposed(attempt: Attempt, current: ApiObject): Draft | Refusal {
  const { request, facts } = attempt
  const type = request.patchType ?? 'strategic'
  if (type === 'apply' || (type === 'strategic' && facts.custom === true)) return refuse(unsupportedPatch(type))
  const patched = patchedBy(type, current, request.body, facts)
  if (patched.error !== undefined) return refuse(unpatchable(patched.error))
  const next = read(type, patched.value, request.body, facts)
  if (next.does === 'refuse') return next
  const { name, namespace } = next.object.metadata
  if (name !== current.metadata.name) {
    return refuse(badRequest(`the name of the object (${name}) does not match the name on the URL (${request.name})`))
  }
  if (namespace !== current.metadata.namespace) {
    return refuse(badRequest('the namespace of the provided object does not match the namespace sent on the request'))
  }
  return refusedAsOutdated(attempt, next.object, current) ?? next
}

/** The patched document as an object of its kind. */
function read(type: PatchType, document: unknown, patch: unknown, facts: ResourceFacts): Draft | Refusal {
  const { kind, apiVersion } = document as Partial<ApiObject>
  const { value, error } = decoded(facts.schema, document, facts.custom)
  const why = kind === facts.kind && apiVersion === facts.apiVersion ? error : misfit(kind, apiVersion, facts)
  if (why === undefined) return draft(defaulted(facts, value as ApiObject))
  const shown = type === 'strategic' ? goText(patch) : JSON.stringify(document)
  const message = `Invalid value: ${JSON.stringify(shown)}: ${why}`
  return refuse(invalid('', '', '', [{ reason: 'FieldValueInvalid', message, field: 'patch' }]))
}
const misfit = (kind: string | undefined, apiVersion: string | undefined, facts: ResourceFacts): string =>
  kind === facts.kind
    ? `no kind "${kind}" is registered for version "${apiVersion}" in scheme "pkg/runtime/scheme.go:100"`
    : `converting (${apiVersion}.${kind}) to (core.${facts.kind}): unknown conversion`

export function patchedBy(type: PatchType, document: unknown, patch: unknown, facts: ResourceFacts) {
  if (type === 'json') return jsonPatched(document, patch)
  return type === 'merge' ? mergePatched(document, patch) : strategicPatched(facts.schema, document, patch)
}

export const unpatchable = ({ code, reason, message }: PatchFailure): Status =>
  reason === 'Invalid' ? failure(code, reason, message, {}) : failure(code, reason, message)

const unsupportedPatch = (type: PatchType): Status =>
  failure(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json${type === 'apply' ? '' : ', application/apply-patch+yaml'}`,
    {},
  )
