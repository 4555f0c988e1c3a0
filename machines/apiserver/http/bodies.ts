/** What stands in the body of a request, by its Content-Type: JSON, YAML or Kubernetes' protobuf; or a patch. */
import { parse } from 'yaml'
import type { Profile, ResourceFacts } from '../../lib/schema.ts'
import type { PatchType, Status } from '../../protocol/api.ts'
import { badRequest } from '../statuses.ts'
import { fromProtobuf, isProtobuf } from './protobuf.ts'
import { unsupportedMedia, unsupportedPatch } from './statuses.ts'
import type { HttpRequest } from './words.ts'

export type Body = { readonly body?: unknown; readonly patchType?: PatchType }

const PATCHES: Readonly<Record<string, PatchType>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
}

/** @returns the body, or the Status that says why it cannot be read. */
export function bodyOf(request: HttpRequest, profile: Profile, facts: ResourceFacts): Body | Status {
  const { method, body } = request
  const media = mediaIn(request)
  if (method === 'PATCH') return patchIn(media, facts, body)
  if (body === undefined || body.length === 0) return method === 'DELETE' ? {} : { body: undefined }
  if (media === 'application/vnd.kubernetes.protobuf') return binary(profile, body)
  if (media === 'application/yaml') return attempted(() => parse(textOf(body), { version: '1.1' }), notYaml)
  if (media !== 'application/json') return unsupportedMedia()
  return attempted(() => JSON.parse(textOf(body)), notJson)
}

const mediaIn = ({ headers }: HttpRequest): string =>
  (headers['content-type'] ?? 'application/json').split(';')[0]?.trim().toLowerCase() ?? ''

function patchIn(media: string, facts: ResourceFacts, body: Uint8Array | undefined): Body | Status {
  const patchType = PATCHES[media]
  if (patchType === undefined || (patchType === 'strategic' && facts.custom === true))
    return unsupportedPatch(facts.custom === true)
  const text = textOf(body ?? new Uint8Array())
  const read =
    patchType === 'apply' ? attempted(() => parse(text), notYaml) : attempted(() => JSON.parse(text), notJson)
  return 'code' in read ? read : { ...read, patchType }
}

function binary(profile: Profile, body: Uint8Array): Body | Status {
  if (!isProtobuf(body)) return badRequest('provided data does not appear to be a protobuf message')
  const read = fromProtobuf(profile, body)
  return typeof read === 'string' ? badRequest(read) : { body: read }
}

function attempted(read: () => unknown, why: (error: Error) => Status): Body | Status {
  try {
    return { body: read() }
  } catch (error) {
    return why(error as Error)
  }
}

const notJson = ({ message }: Error): Status => badRequest(`couldn't get version/kind; json parse error: ${message}`)
const notYaml = ({ message }: Error): Status => badRequest(`error converting YAML to JSON: yaml: ${message}`)

const textOf = (body: Uint8Array): string => new TextDecoder().decode(body)
