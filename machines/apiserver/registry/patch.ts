/** From a patch and the current object to the object wanted: endpoints/handlers/patch.go. */
import { jsonPatched } from '../../lib/patch/json.ts'
import { mergePatched } from '../../lib/patch/merge.ts'
import type { PatchFailure } from '../../lib/patch/outcome.ts'
import { strategicPatched } from '../../lib/patch/strategic.ts'
import type { ResourceFacts } from '../../lib/schema.ts'
import type { PatchType, Status } from '../../protocol/api.ts'
import type { ApiObject } from '../../protocol/objects.ts'
import { badRequest, failure } from '../statuses.ts'
import { type Attempt, type Draft, draft, type Refusal, refuse } from './attempt.ts'
import { normal } from './decoding.ts'
import { refusedAsOutdated } from './update.ts'

export function patchProposed(attempt: Attempt, current: ApiObject): Draft | Refusal {
  const { request, facts } = attempt
  const type = request.patchType ?? 'strategic'
  if (type === 'apply' || (type === 'strategic' && facts.custom === true)) return refuse(unsupportedPatch(type))
  const patched = patchedBy(type, current, request.body, facts)
  if (patched.error !== undefined) return refuse(unpatchable(patched.error))
  const next = normal(patched.value as ApiObject, facts)
  const moved = next.metadata?.name !== current.metadata.name
  if (moved)
    return refuse(
      badRequest(
        `the name of the object (${next.metadata?.name}) does not match the name on the URL (${request.name})`,
      ),
    )
  return refusedAsOutdated(attempt, next, current) ?? draft(next)
}

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
