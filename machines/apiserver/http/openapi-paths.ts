/** The paths of an OpenAPI document by rule: every verb of every resource. apiserver/pkg/endpoints/installer.go. */
import { type Profile, type ResourceFacts, resourceAt, type SubresourceFacts } from '../../lib/schema.ts'
import { definitionOf, type Json, listDefinitionOf, META, refTo } from './openapi-schemas.ts'

export type Paths = Readonly<Record<string, Json>>

const ANSWER = ['application/json', 'application/vnd.kubernetes.protobuf', 'application/yaml']
const STREAM = [
  'application/json',
  'application/json;stream=watch',
  'application/vnd.kubernetes.protobuf',
  'application/vnd.kubernetes.protobuf;stream=watch',
  'application/yaml',
]
const PATCHES = ['application/apply-patch+yaml', 'application/json-patch+json', 'application/merge-patch+json']
const ANY = ['*/*']

const LIST = [
  'allowWatchBookmarks',
  'continue',
  'fieldSelector',
  'labelSelector',
  'limit',
  'pretty',
  'resourceVersion',
  'resourceVersionMatch',
  'sendInitialEvents',
  'timeoutSeconds',
  'watch',
]
const WRITE = ['dryRun', 'fieldManager', 'fieldValidation', 'pretty']
const DELETE = [
  'dryRun',
  'gracePeriodSeconds',
  'ignoreStoreReadErrorWithClusterBreakingPotential',
  'orphanDependents',
  'pretty',
  'propagationPolicy',
]
const DELETE_ALL = [...DELETE, ...LIST.filter((name) => !['allowWatchBookmarks', 'pretty', 'watch'].includes(name))]
const LOG = [
  'container',
  'follow',
  'insecureSkipTLSVerifyBackend',
  'limitBytes',
  'pretty',
  'previous',
  'sinceSeconds',
  'stream',
  'tailLines',
  'timestamps',
]
const NUMBERS = ['limit', 'timeoutSeconds', 'gracePeriodSeconds', 'limitBytes', 'sinceSeconds', 'tailLines']
const FLAGS = [
  'allowWatchBookmarks',
  'follow',
  'force',
  'ignoreStoreReadErrorWithClusterBreakingPotential',
  'insecureSkipTLSVerifyBackend',
  'orphanDependents',
  'previous',
  'sendInitialEvents',
  'timestamps',
  'watch',
]

/** One operation, as it is told of here. */
interface Operation {
  readonly id: string
  readonly action: string
  readonly kind: Json
  readonly parameters: readonly string[]
  readonly answers: readonly [code: string, text: string][]
  readonly schema: string
  readonly produces?: readonly string[]
  readonly body?: string
  readonly consumes?: readonly string[]
}
type Verbs = Readonly<Record<string, Operation>>

const OK: [string, string] = ['200', 'OK']
const CREATED: [string, string] = ['201', 'Created']
const ACCEPTED: [string, string] = ['202', 'Accepted']

export function operationsOf(profile: Profile, key: string, resources: readonly ResourceFacts[]): Paths {
  const tag = tagOf(key)
  const paths: Record<string, Json> = { [`/${key}/`]: { get: discovery(key, tag) } }
  const add = (path: string, verbs: Verbs): void => {
    if (Object.keys(verbs).length === 0) return
    const within = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string)
    const told = Object.entries(verbs).map(([method, operation]) => [method, written(operation, tag)])
    paths[path] = { ...Object.fromEntries(told), parameters: [...within.map(pathParameter), queryParameter('pretty')] }
  }
  for (const facts of resources) ofResource(profile, key, facts, add)
  return Object.fromEntries(Object.entries(paths).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The definitions that operations name. */
export function refsIn(paths: Paths): readonly string[] {
  return [
    ...new Set(
      [...JSON.stringify(paths).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, ref]) => ref as string),
    ),
  ]
}

/** `CoreV1`, `AppsV1`, `RbacAuthorizationV1`: what comes before the name of an operation. */
function prefixOf(key: string): string {
  const parts = key.split('/')
  const [group, version] = parts[0] === 'api' ? ['core', parts[1]] : [parts[1], parts[2]]
  const words = (group as string).replace(/\.k8s\.io$/, '').split('.')
  return [...words, version as string].map(capitalized).join('')
}
const tagOf = (key: string): string => {
  const name = prefixOf(key)
  return `${name.slice(0, 1).toLowerCase()}${name.slice(1)}`.replace(/V(\d\w*)$/, '_v$1')
}
const capitalized = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)

const discovery = (key: string, tag: string): Json => ({
  ...written(
    {
      id: `get${prefixOf(key)}APIResources`,
      action: '',
      kind: {},
      parameters: [],
      answers: [OK],
      schema: `${META}APIResourceList`,
    },
    tag,
  ),
})

type Add = (path: string, verbs: Verbs) => void

function ofResource(profile: Profile, key: string, facts: ResourceFacts, add: Add): void {
  const { plural, namespaced, kind, group, version, verbs } = facts
  const scope = namespaced ? 'Namespaced' : ''
  const named: Named = {
    prefix: prefixOf(key),
    name: `${scope}${kind}`,
    kind: { group, kind, version },
    facts,
  }
  const root = `/${key}`
  const below = namespaced ? '/namespaces/{namespace}' : ''
  const has = (verb: string): boolean => verbs.includes(verb)
  if (namespaced && has('list')) add(`${root}/${plural}`, { get: listing(named, `${kind}ForAllNamespaces`) })
  add(`${root}${below}/${plural}`, {
    ...(has('deletecollection') ? { delete: deletionOfAll(named) } : {}),
    ...(has('list') ? { get: listing(named, named.name) } : {}),
    ...(has('create') ? { post: creation(named) } : {}),
  })
  add(`${root}${below}/${plural}/{name}`, single(named, verbs))
  for (const subresource of facts.subresourceFacts)
    add(`${root}${below}/${plural}/{name}/${subresource.name}`, ofSubresource(profile, named, subresource))
  if (has('watch')) watches(named, root, below, add)
}

interface Named {
  readonly prefix: string
  readonly name: string
  readonly kind: Json
  readonly facts: ResourceFacts
}

const listing = ({ prefix, kind, facts }: Named, name: string): Operation => ({
  id: `list${prefix}${name}`,
  action: 'list',
  kind,
  parameters: LIST,
  answers: [OK],
  schema: listDefinitionOf(facts),
  produces: STREAM,
})

const deletionOfAll = ({ prefix, name, kind }: Named): Operation => ({
  id: `delete${prefix}Collection${name}`,
  action: 'deletecollection',
  kind,
  parameters: DELETE_ALL,
  answers: [OK],
  schema: `${META}Status`,
  body: `${META}DeleteOptions`,
  consumes: ANY,
})

const creation = ({ prefix, name, kind, facts }: Named): Operation => ({
  id: `create${prefix}${name}`,
  action: 'post',
  kind,
  parameters: WRITE,
  answers: [OK, CREATED, ACCEPTED],
  schema: definitionOf(facts),
  body: definitionOf(facts),
  consumes: ANY,
})

/** Kinds whose deletion is answered with the object, by their group. */
const RETURN_DELETED: Readonly<Record<string, readonly string[]>> = {
  '': ['PersistentVolume', 'PersistentVolumeClaim', 'Pod', 'PodTemplate', 'ResourceQuota', 'Service', 'ServiceAccount'],
  'storage.k8s.io': ['CSIDriver', 'CSINode', 'StorageClass', 'VolumeAttachment'],
}

function single(named: Named, verbs: readonly string[]): Verbs {
  const { prefix, name, kind, facts } = named
  const has = (verb: string): boolean => verbs.includes(verb)
  const itself = definitionOf(facts)
  const deleted = RETURN_DELETED[facts.group]?.includes(facts.kind) === true ? itself : `${META}Status`
  return {
    ...(has('delete')
      ? {
          delete: {
            id: `delete${prefix}${name}`,
            action: 'delete',
            kind,
            parameters: DELETE,
            answers: [OK, ACCEPTED],
            schema: deleted,
            body: `${META}DeleteOptions`,
            consumes: ANY,
          },
        }
      : {}),
    ...readWrite(named, verbs, '', itself, kind),
  }
}

/** get, patch and put of an object or of a subresource. */
function readWrite(
  { prefix, name, facts }: Named,
  verbs: readonly string[],
  suffix: string,
  schema: string,
  kind: Json,
): Verbs {
  const has = (verb: string): boolean => verbs.includes(verb)
  const consumes = facts.custom === true ? PATCHES : [...PATCHES, 'application/strategic-merge-patch+json']
  const base = { kind, schema }
  const get: Operation = {
    ...base,
    id: `read${prefix}${name}${suffix}`,
    action: 'get',
    parameters: ['pretty'],
    answers: [OK],
  }
  const patch: Operation = {
    ...base,
    id: `patch${prefix}${name}${suffix}`,
    action: 'patch',
    parameters: [...WRITE, 'force'],
    answers: [OK, CREATED],
    body: `${META}Patch`,
    consumes,
  }
  const put: Operation = {
    ...base,
    id: `replace${prefix}${name}${suffix}`,
    action: 'put',
    parameters: WRITE,
    answers: [OK, CREATED],
    body: schema,
    consumes: ANY,
  }
  return {
    ...(has('get') ? { get } : {}),
    ...(has('patch') ? { patch } : {}),
    ...(has('update') ? { put } : {}),
  }
}

function ofSubresource(profile: Profile, named: Named, below: SubresourceFacts): Verbs {
  const { prefix, name } = named
  const { group, version } = placeOf(below, named.facts)
  const kind = { group, kind: below.kind, version }
  const suffix = capitalized(below.name)
  // Streams to a node: what goes over them is no object.
  if (below.kind.endsWith('Options')) return {}
  if (below.name === 'log') {
    const log: Operation = {
      id: `read${prefix}${name}Log`,
      action: 'get',
      kind,
      parameters: LOG,
      answers: [OK],
      schema: 'string',
      produces: [...ANSWER, 'text/plain'],
    }
    return { get: log }
  }
  const schema = schemaOf(profile, below, named.facts)
  const post: Operation = {
    id: `create${prefix}${name}${suffix}`,
    action: 'post',
    kind,
    parameters: WRITE,
    answers: [OK, CREATED, ACCEPTED],
    schema,
    body: schema,
    consumes: ANY,
  }
  return {
    ...(below.verbs.includes('create') ? { post } : {}),
    ...readWrite(named, below.verbs, suffix, schema, kind),
  }
}

function placeOf({ kindGroupVersion }: SubresourceFacts, { group, version }: ResourceFacts) {
  const [ofGroup = '', ofVersion] = (kindGroupVersion ?? '').split('/')
  return ofVersion === undefined ? { group, version } : { group: ofGroup, version: ofVersion }
}

/** The definition of a subresource's kind: the resource's own, or one that only such requests know. */
function schemaOf(profile: Profile, below: SubresourceFacts, facts: ResourceFacts): string {
  if (below.kind === facts.kind) return definitionOf(facts)
  const { group, version } = placeOf(below, facts)
  const binding = resourceAt(profile, group, version, `${below.kind.toLowerCase()}s`)
  if (binding !== undefined) return definitionOf(binding)
  return `io.k8s.api.${group === '' ? 'core' : group.split('.')[0]}.${version}.${below.kind}`
}

function watches({ prefix, name, kind, facts }: Named, root: string, below: string, add: Add): void {
  const watch = (id: string, action: string): Verbs => ({
    get: {
      id: `watch${prefix}${id}`,
      action,
      kind,
      parameters: LIST,
      answers: [OK],
      schema: `${META}WatchEvent`,
      produces: STREAM,
    },
  })
  const { plural, namespaced } = facts
  if (facts.custom === true) return
  if (namespaced) add(`${root}/watch/${plural}`, watch(`${facts.kind}ListForAllNamespaces`, 'watchlist'))
  add(`${root}/watch${below}/${plural}`, watch(`${name}List`, 'watchlist'))
  if (facts.verbs.includes('get')) add(`${root}/watch${below}/${plural}/{name}`, watch(name, 'watch'))
}

const pathParameter = (name: string): Json => ({
  name,
  in: 'path',
  required: true,
  schema: { type: 'string', uniqueItems: true },
})
const typeOf = (name: string): string =>
  NUMBERS.includes(name) ? 'integer' : FLAGS.includes(name) ? 'boolean' : 'string'
const queryParameter = (name: string): Json => ({
  name,
  in: 'query',
  schema: { type: typeOf(name), uniqueItems: true },
})

function written(operation: Operation, tag: string): Json {
  const { id, action, kind, parameters, answers, schema, produces = ANSWER, body, consumes = [] } = operation
  const content = (media: readonly string[], of: string): Json =>
    Object.fromEntries(media.map((each) => [each, { schema: of === 'string' ? { type: 'string' } : refTo(of) }]))
  const responses = answers.map(([code, description]) => [code, { description, content: content(produces, schema) }])
  const beside = parameters.filter((name) => name !== 'pretty')
  return {
    tags: [tag],
    operationId: id,
    ...(beside.length === 0 ? {} : { parameters: beside.map(queryParameter) }),
    ...(body === undefined ? {} : { requestBody: { content: content(consumes, body), required: true } }),
    responses: { ...Object.fromEntries(responses), '401': { description: 'Unauthorized' } },
    ...(action === '' ? {} : { 'x-kubernetes-action': action, 'x-kubernetes-group-version-kind': kind }),
  }
}
