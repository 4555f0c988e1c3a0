/** Answers of the API as HTTP responses: objects, lists, Tables, metadata alone, and Status for all that went wrong. */
import { stringify } from 'yaml'
import type { ResourceFacts } from '../../lib/schema.ts'
import type { ApiAnswered, Listing, Status } from '../../protocol/api.ts'
import type { ApiObject } from '../../protocol/objects.ts'
import { isList, isNoList } from './statuses.ts'
import { tableOf } from './table.ts'
import type { Form, HttpResponse, Media, Passed } from './words.ts'

const JSON_FORM: Form = {
  media: 'application/json',
  as: 'itself',
  metaVersion: 'v1',
  includeObject: 'Metadata',
  pretty: false,
}

/** @param now wall-clock time at the server, for the ages in Tables */
export function responseOf(
  { facts, form, warnings: before }: Passed,
  answered: ApiAnswered,
  now: number,
): HttpResponse {
  const { code, object, list, status } = answered
  const warnings = [...(code < 300 ? before : []), ...(answered.warnings ?? [])]
  if (status !== undefined) return withWarnings(statusResponse(status, form), warnings)
  const body = list === undefined ? single(facts, form, object, now) : several(facts, form, list, now)
  if (isFailure(body)) return statusResponse(body, form)
  return withWarnings(written(code, body, form), warnings)
}

/** responsewriters.ErrorNegotiated: when to ask again is also said in a header, which clients heed by themselves. */
export function statusResponse(status: Status, form: Partial<Form> = {}): HttpResponse {
  const response = written(status.code, statusBody(status), { ...JSON_FORM, ...form })
  const { retryAfterSeconds = 0 } = status.details ?? {}
  if (retryAfterSeconds <= 0) return response
  return { ...response, headers: { ...response.headers, 'retry-after': String(retryAfterSeconds) } }
}

/** A value as the body of a response. */
export const written = (code: number, value: unknown, form: Form = JSON_FORM): HttpResponse => ({
  code,
  headers: { 'content-type': form.media },
  body: texted(value, form.media, form.pretty),
})

/** metav1.Status as it is on the wire: what is empty is left out. */
export function statusBody({ message, reason, code, details, ...rest }: Status): unknown {
  return {
    kind: rest.kind,
    apiVersion: rest.apiVersion,
    metadata: {},
    status: rest.status,
    ...(message === '' ? {} : { message }),
    ...(reason === '' ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    ...(details !== undefined && rest.status === 'Success' ? {} : { code }),
  }
}

function single(facts: ResourceFacts, form: Form, object: ApiObject | undefined, now: number): unknown {
  if (object === undefined) return {}
  if (form.as === 'metadataList') return isNoList('PartialObjectMetadataList', goKind(facts, facts.kind))
  return inForm(facts, form, object, now)
}

/** One object in the form asked for. Kinds of subresources (Scale) have no columns of their own: they stay themselves. */
export function inForm(facts: ResourceFacts, form: Form, object: ApiObject, now: number, headers = true): unknown {
  if (object.kind !== facts.kind) return object
  if (form.as === 'table') {
    const { resourceVersion } = object.metadata
    return tableOf(facts, form, [object], { resourceVersion }, now, headers)
  }
  return form.as === 'itself' ? object : metadataOnly(object, form)
}

export const metadataOnly = ({ metadata }: ApiObject, { metaVersion }: Form): unknown => ({
  kind: 'PartialObjectMetadata',
  apiVersion: `meta.k8s.io/${metaVersion}`,
  metadata,
})

function several(facts: ResourceFacts, form: Form, list: Listing, now: number): unknown {
  const metadata = {
    resourceVersion: list.resourceVersion,
    ...(list.continue === undefined ? {} : { continue: list.continue }),
    ...(list.remainingItemCount === undefined ? {} : { remainingItemCount: list.remainingItemCount }),
  }
  const objects = list.objects.values()
  if (form.as === 'table') return tableOf(facts, form, objects, metadata, now)
  if (form.as === 'metadata') return isList('PartialObjectMetadata', goKind(facts, facts.listKind))
  if (form.as === 'metadataList') {
    const apiVersion = `meta.k8s.io/${form.metaVersion}`
    const items = objects.map((object) => metadataOnly(object, form))
    return { kind: 'PartialObjectMetadataList', apiVersion, metadata, items }
  }
  return { kind: facts.listKind, apiVersion: facts.apiVersion, metadata, items: objects.map(itemOf(facts)) }
}

/** Items of Go types carry no type of their own; those of own kinds do. */
const itemOf =
  ({ custom }: ResourceFacts) =>
  (object: ApiObject): unknown => {
    if (custom === true) return object
    const { kind: _, apiVersion: __, ...item } = object
    return item
  }

/** The Go type as `%T` prints it: `core.ConfigMapList`. */
const goKind = ({ group }: ResourceFacts, kind: string): string =>
  `${group === '' ? 'core' : group.split('.')[0]}.${kind}`

const isFailure = (body: unknown): body is Status =>
  typeof body === 'object' && body !== null && 'code' in body && 'reason' in body && 'status' in body

function texted(value: unknown, media: Media, pretty: boolean): string {
  if (media === 'application/yaml') {
    return stringify(value, { version: '1.1', sortMapEntries: true, lineWidth: 0, indentSeq: false })
  }
  return pretty ? JSON.stringify(value, undefined, 2) : `${JSON.stringify(value)}\n`
}

/** RFC 7234: `299 - "text"`, one header for all. */
function withWarnings(response: HttpResponse, warnings: readonly string[]): HttpResponse {
  if (warnings.length === 0) return response
  const warning = warnings.map((text) => `299 - ${JSON.stringify(text)}`).join(', ')
  return { ...response, headers: { ...response.headers, warning } }
}
