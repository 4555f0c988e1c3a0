/** Content negotiation: how a client wants its answer. apiserver/pkg/endpoints/handlers/negotiation. */
import type { Status } from '../../protocol/api.ts'
import { badInclude, noSuchForm, notAcceptable } from './statuses.ts'
import type { Form, Media } from './words.ts'

/** One clause of an Accept header: `application/json;as=Table;v=v1;g=meta.k8s.io`. */
export interface Clause {
  readonly media: string
  readonly parameters: Readonly<Record<string, string>>
  readonly quality: number
}

/** Clauses by quality, those of equal quality as they stand. */
export function clauses(accept: string): readonly Clause[] {
  return accept
    .split(',')
    .map(clause)
    .filter(({ media }) => media !== '')
    .sort((a, b) => b.quality - a.quality)
}

function clause(text: string): Clause {
  const [media = '', ...rest] = text.split(';').map((part) => part.trim())
  const parameters: Record<string, string> = {}
  for (const part of rest) {
    const [name = '', value = ''] = part.split('=')
    parameters[name] = value
  }
  return { media, parameters, quality: Number(parameters['q'] ?? 1) }
}

/** Media ranges that this server can write. */
const WRITABLE: Readonly<Record<string, Media>> = {
  'application/json': 'application/json',
  'application/yaml': 'application/yaml',
  'application/*': 'application/json',
  '*/*': 'application/json',
}

/** How errors are written, whatever is wrong with the rest; undefined when nothing fits. */
export function mediaOf(accept: string): Media | undefined {
  if (accept === '') return 'application/json'
  for (const { media } of clauses(accept)) {
    const writable = WRITABLE[media]
    if (writable !== undefined) return writable
  }
  return undefined
}

const PLAIN = { as: 'itself', metaVersion: 'v1', includeObject: 'Metadata' } as const
/** Agents of people: their answers are indented unless they say otherwise. */
const PEOPLE = /^(curl|Wget|Mozilla\/)/

/** @returns the form, or the Status that says why none fits. */
export function formOf(headers: Readonly<Record<string, string>>, query: URLSearchParams): Form | Status {
  const accept = headers['accept'] ?? ''
  const media = mediaOf(accept)
  if (media === undefined) return notAcceptable()
  const pretty = isPretty(query, headers['user-agent'] ?? '')
  if (accept === '') return { ...PLAIN, media, pretty }
  for (const each of clauses(accept)) {
    const written = WRITABLE[each.media]
    const as = written === undefined ? undefined : transformation(each.parameters)
    if (written !== undefined && as !== undefined) return included({ ...as, media: written, pretty }, query)
  }
  return noSuchForm()
}

function isPretty(query: URLSearchParams, agent: string): boolean {
  const asked = query.get('pretty')
  return asked === null ? PEOPLE.test(agent) : asked !== 'false' && asked !== '0'
}

type As = Pick<Form, 'as' | 'metaVersion' | 'includeObject'>

/** What `as=` asks for; undefined when nobody can do that. */
function transformation({ as, g, v }: Clause['parameters']): As | undefined {
  if (as === undefined) return PLAIN
  if (g !== 'meta.k8s.io' || (v !== 'v1' && v !== 'v1beta1')) return undefined
  if (as === 'Table') return { ...PLAIN, as: 'table', metaVersion: v }
  if (as === 'PartialObjectMetadata') return { ...PLAIN, as: 'metadata', metaVersion: v }
  if (as === 'PartialObjectMetadataList') return { ...PLAIN, as: 'metadataList', metaVersion: v }
  return undefined
}

const INCLUDES = ['Metadata', 'Object', 'None'] as const

function included(form: Form, query: URLSearchParams): Form | Status {
  const asked = query.get('includeObject') ?? ''
  if (form.as !== 'table' || asked === '') return form
  const includeObject = INCLUDES.find((each) => each === asked)
  return includeObject === undefined ? badInclude(asked) : { ...form, includeObject }
}
