/** fieldValidation: what becomes of fields that a kind does not have. apiserver/pkg/endpoints/handlers, KEP-2885. */
import { goQuoted, goText } from '../../lib/go-text.ts'
import { decoded } from '../../lib/schema/decoding.ts'
import type { ResourceFacts } from '../../lib/schema.ts'
import type { PatchType, Status, StatusDetails } from '../../protocol/api.ts'
import { invalid } from '../registry/validation.ts'
import { badRequest, failure } from '../statuses.ts'

/** A body as it came. */
export interface Given {
  readonly method: string
  readonly body?: unknown
  readonly patchType?: PatchType
}

const KNOWN = ['', 'Ignore', 'Strict', 'Warn']
const OPTIONS: Readonly<Record<string, string>> = { POST: 'CreateOptions', PUT: 'UpdateOptions', PATCH: 'PatchOptions' }

/** @returns warnings, or the Status of a refusal. */
export function strictly(asked: string, facts: ResourceFacts, given: Given): readonly string[] | Status {
  const options = OPTIONS[given.method]
  if (options === undefined) return []
  if (!KNOWN.includes(asked)) return unknownValue(options, asked)
  if (asked === 'Ignore' || given.patchType === 'json' || given.patchType === 'apply') return []
  const problems = unknownFields(facts, given).map((field) => `unknown field "${field}"`)
  if (asked !== 'Strict' || problems.length === 0) return problems
  const why = `strict decoding error: ${problems.join(', ')}`
  if (given.patchType !== undefined) return badPatch(given.body, why)
  const { kind, version } = facts
  return badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${why}`)
}

/** A body of another kind is refused for that. Directives of a strategic patch are no fields. */
function unknownFields(facts: ResourceFacts, { body, patchType }: Given): readonly string[] {
  if (typeof body !== 'object' || body === null) return []
  if (patchType === undefined && (body as { kind?: string }).kind !== facts.kind) return []
  const { unknown } = decoded(facts.schema, body, facts.custom)
  return patchType === undefined ? unknown : unknown.filter((path) => !/(^|\.)\$/.test(path))
}

function unknownValue(options: string, value: string): Status {
  const supported = KNOWN.map((each) => JSON.stringify(each)).join(', ')
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported}`
  return invalid(options, 'meta.k8s.io', '', [{ reason: 'FieldValueNotSupported', message, field: 'fieldValidation' }])
}

function badPatch(patch: unknown, why: string): Status {
  const message = `Invalid value: ${goQuoted(goText(patch))}: ${why}`
  const causes: NonNullable<StatusDetails['causes']> = [{ reason: 'FieldValueInvalid', message, field: 'patch' }]
  return failure(422, 'Invalid', ` "" is invalid: patch: ${message}`, { causes })
}
