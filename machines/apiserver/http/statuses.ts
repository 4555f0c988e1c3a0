/** What goes wrong on the way between HTTP and the API, in the words of kube-apiserver v1.32. */
import type { Status } from '../../protocol/api.ts'
import { failure } from '../statuses.ts'

const READABLE = 'application/json, application/yaml, application/vnd.kubernetes.protobuf'
const PATCHES =
  'application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml'
const PATCHES_OF_OWN_KINDS = 'application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml'

/** Before the request is looked at: the filter that negotiates errors and watches. */
export const notAcceptable = (): Status =>
  failure(406, 'NotAcceptable', `406: Not Acceptable\n\nAvailable representations: ${READABLE}`, {})
/** endpoints/handlers/negotiation: a form that nobody can write. */
export const noSuchForm = (): Status =>
  failure(406, 'NotAcceptable', `only the following media types are accepted: ${READABLE}`)
export const isList = (form: string, kind: string): Status =>
  failure(406, 'NotAcceptable', `you requested ${form}, but the requested object is a list (*${kind})`)
export const isNoList = (form: string, kind: string): Status =>
  failure(406, 'NotAcceptable', `you requested ${form}, but the requested object is not a list (*${kind})`)
export const badInclude = (text: string): Status =>
  failure(
    400,
    'BadRequest',
    `Unable to convert to Table as requested: includeObject: Invalid value: "${text}": must be 'Metadata', 'Object', 'None', or empty`,
  )

export const unsupportedMedia = (): Status => unknownFormat(READABLE)
export const unsupportedPatch = (ownKind: boolean): Status => unknownFormat(ownKind ? PATCHES_OF_OWN_KINDS : PATCHES)
const unknownFormat = (accepted: string): Status =>
  failure(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted}`,
  )
