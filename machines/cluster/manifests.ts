/**
 * Manifests as users write them: one file, many YAML documents, lists unrolled. What cannot be understood is told with
 * its place, and nothing of a bad file is used.
 */
import {
  isCollection,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  type Node,
  type ParsedNode,
  parseAllDocuments,
  type YAMLMap,
} from 'yaml'
import { parseQuantity } from '../lib/quantity.ts'
import { type Profile, type ResourceFacts, resourceOfKind, type Schema } from '../lib/schema.ts'
import type { Applied } from '../protocol/kubectl.ts'
import type { ApiObject } from '../protocol/objects.ts'

/** Something wrong in a text: where, what, and what to write instead. */
export interface Problem {
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly column: number
  /** The field, `spec.replicas`; `''` when the text itself is broken. */
  readonly path: string
  readonly message: string
}
export interface Manifests {
  readonly objects: readonly Applied[]
  readonly problems: readonly Problem[]
}

/** `shop.yaml:3:5: spec.replicas: …`, as compilers do. */
export const inWords = ({ file, line, column, path, message }: Problem): string =>
  `${file}:${line}:${column}: ${path === '' ? '' : `${path}: `}${message}`

/** kubectl reads YAML 1.1: an unquoted `y` is true. JSON is YAML. */
export function readManifests(text: string, file: string, profile: Profile): Manifests {
  const lines = new LineCounter()
  const documents = parseAllDocuments(text, { version: '1.1', lineCounter: lines, prettyErrors: false, merge: true })
  const read: Reading = { file, lines, profile, objects: [], problems: [] }
  for (const document of 'empty' in documents ? [] : documents) {
    for (const { pos, message } of document.errors) complain(read, pos[0], '', message)
    if (document.errors.length > 0 || document.contents === null || !isNode(document.contents)) continue
    take(read, document.contents as ParsedNode, '', (node) => node.toJS(document))
  }
  return { objects: read.problems.length === 0 ? read.objects : [], problems: read.problems }
}

/**
 * Where a field of an object is written, or the innermost part of it that is; from 1.
 * @param path as the API names it: `spec.containers[0].image`
 * @returns undefined when the object is not in the text
 */
export function placeOf(
  text: string,
  { kind, name }: { readonly kind: string; readonly name: string },
  path: string,
): Pick<Problem, 'line' | 'column'> | undefined {
  const lines = new LineCounter()
  const documents = parseAllDocuments(text, { version: '1.1', lineCounter: lines, merge: true })
  const roots = ('empty' in documents ? [] : documents).flatMap(({ contents }) => objectsIn(contents))
  let at = roots.find((node) => textAt(node, 'kind') === kind && node.getIn(['metadata', 'name']) === name)
  if (at === undefined) return undefined
  for (const [, field, index] of path.matchAll(/([\w/-]+)|\[(\d+)\]/g)) {
    const below: unknown = isCollection(at) ? at.get(index === undefined ? field : Number(index), true) : undefined
    if (!isNode(below)) break
    at = below as YAMLMap
  }
  const { line, col } = lines.linePos(start(at))
  return { line, column: col }
}

function objectsIn(node: unknown): readonly YAMLMap[] {
  if (!isMap(node)) return []
  const items = node.get('items', true)
  return textAt(node, 'kind')?.endsWith('List') === true && isCollection(items)
    ? items.items.flatMap(objectsIn)
    : [node]
}

interface Reading {
  readonly file: string
  readonly lines: LineCounter
  readonly profile: Profile
  readonly objects: Applied[]
  readonly problems: Problem[]
}
type ToJs = (node: Node) => unknown

function complain({ file, lines, problems }: Reading, offset: number, path: string, message: string): void {
  const { line, col } = lines.linePos(offset)
  problems.push({ file, line, column: col, path, message })
}

function take(read: Reading, node: Node, path: string, js: ToJs): void {
  if (isScalar(node) && node.value === null) return
  if (!isMap(node))
    return complain(read, start(node), path, 'is no object; every document has apiVersion, kind and metadata')
  const kind = textAt(node, 'kind')
  if (kind?.endsWith('List') === true && isCollection(node.get('items', true))) return items(read, node, path, js)
  const facts = factsOf(read, node, path, kind)
  if (facts === undefined) return
  const object = js(node) as ApiObject
  check(read, node, facts.schema, path)
  if (!nameIn(read, node, path)) return
  read.objects.push({ resource: facts.name, object: settled(object, facts) })
}

function items(read: Reading, list: Node, path: string, js: ToJs): void {
  const inside = isMap(list) ? list.get('items', true) : undefined
  if (!isCollection(inside)) return
  inside.items.forEach((item, i) => take(read, item as Node, `${path === '' ? '' : `${path}.`}items[${i}]`, js))
}

function factsOf(read: Reading, node: Node, path: string, kind: string | undefined): ResourceFacts | undefined {
  const apiVersion = textAt(node, 'apiVersion')
  if (apiVersion === undefined || kind === undefined) {
    const missing = apiVersion === undefined ? 'apiVersion' : 'kind'
    complain(read, start(node), path, `${missing} is missing; write for example "apiVersion: v1" and "kind: Pod"`)
    return undefined
  }
  const facts = resourceOfKind(read.profile, apiVersion, kind)
  if (facts === undefined) complain(read, start(node), path, unknownKind(read.profile, apiVersion, kind))
  return facts
}

function unknownKind(profile: Profile, apiVersion: string, kind: string): string {
  const same = profile.resources.filter((facts) => facts.kind.toLowerCase() === kind.toLowerCase())
  const instead = same.map((facts) => `apiVersion: ${facts.apiVersion}, kind: ${facts.kind}`)
  const hint =
    instead.length === 0 ? 'own kinds are given with the option `resources`' : `did you mean ${instead.join(' or ')}?`
  return `no kind "${kind}" in "${apiVersion}"; ${hint}`
}

function nameIn(read: Reading, node: Node, path: string): boolean {
  const metadata = isMap(node) ? node.get('metadata', true) : undefined
  const named =
    isMap(metadata) && (textAt(metadata, 'name') !== undefined || textAt(metadata, 'generateName') !== undefined)
  if (!named)
    complain(read, start(metadata ?? node), join(path, 'metadata.name'), 'is missing; every object has a name')
  return named
}

/** Namespaced objects without a namespace go into `default`, as with an unconfigured kubectl. */
function settled(object: ApiObject, { namespaced }: ResourceFacts): ApiObject {
  if (!namespaced || object.metadata.namespace !== undefined) return object
  return { ...object, metadata: { ...object.metadata, namespace: 'default' } }
}

/** Unknown fields and wrong types, where they stand: the server would say so too, but without the line. */
function check(read: Reading, node: Node, schema: Schema, path: string): void {
  if (isScalar(node) && node.value === null) return
  if (schema['x-kubernetes-preserve-unknown-fields'] === true) return
  if (isMap(node)) return checkMap(read, node, schema, path)
  if (isCollection(node)) {
    if (schema.type !== undefined && schema.type !== 'array') return wrongType(read, node, schema, path, 'a list')
    const { items: of } = schema
    if (of !== undefined) node.items.forEach((item, i) => check(read, item as Node, of, `${path}[${i}]`))
    return
  }
  if (isScalar(node)) checkScalar(read, node, node.value, schema, path)
}

function checkMap(read: Reading, node: Node, schema: Schema, path: string): void {
  if (schema.type !== undefined && schema.type !== 'object') return wrongType(read, node, schema, path, 'a map')
  if (!isMap(node) || (schema.properties === undefined && schema.additionalProperties === undefined)) return
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? String(key.value) : ''
    const below = schema.properties?.[name] ?? schema.additionalProperties
    if (below === undefined) complain(read, start(key), join(path, name), unknownField(name, schema))
    else if (isNode(value)) check(read, value, below, join(path, name))
  }
}

function unknownField(name: string, { properties = {} }: Schema): string {
  const known = Object.keys(properties)
  const near =
    known.find((each) => each.toLowerCase() === name.toLowerCase()) ?? known.find((each) => oneOff(each, name))
  return near === undefined
    ? `unknown field; there are ${known.slice(0, 12).join(', ')}`
    : `unknown field; did you mean "${near}"?`
}

/** Whether one text becomes the other by one letter more, less or other, or two swapped. */
function oneOff(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false
  let i = 0
  while (i < a.length && a[i] === b[i]) i++
  const [restA, restB] = [a.slice(i), b.slice(i)]
  const swapped = restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2)
  return swapped || restA.slice(1) === restB || restA === restB.slice(1) || restA.slice(1) === restB.slice(1)
}

function checkScalar(read: Reading, node: Node, value: unknown, schema: Schema, path: string): void {
  const { type, format } = schema
  if (format === 'quantity' && (typeof value === 'string' || typeof value === 'number') && !parseQuantity(value))
    return complain(read, start(node), path, `"${value}" is no quantity; write for example 100m, 0.5, 64Mi or 2Gi`)
  const either = schema['x-kubernetes-int-or-string'] === true || format === 'int-or-string' || format === 'quantity'
  if (type === undefined || (either && (typeof value === 'string' || typeof value === 'number'))) return
  const is = typeof value
  if (type === 'integer' ? Number.isInteger(value) : type === is) return
  wrongType(read, node, schema, path, `the ${is} ${JSON.stringify(value)}`)
}

function wrongType(read: Reading, node: Node, { type }: Schema, path: string, is: string): void {
  const article = type === 'object' || type === 'array' || type === 'integer' ? 'an' : 'a'
  const quote = type === 'string' ? '; put it in quotes' : ''
  complain(read, start(node), path, `must be ${article} ${type}, not ${is}${quote}`)
}

const start = (node: unknown): number => (isNode(node) ? (node.range?.[0] ?? 0) : 0)
const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`)

function textAt(node: Node, key: string): string | undefined {
  const value = isMap(node) ? node.get(key) : undefined
  return typeof value === 'string' && value !== '' ? value : undefined
}
