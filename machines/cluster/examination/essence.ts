/**
 * What of the objects in a cluster tells one end from another: all but who wrote when and under which number. Names
 * that were generated, uids and instants differ from run to run; who belongs to whom does not.
 */
import { isAlive, latestOf } from '../../etcd/mvcc/store.ts'
import type { ApiObject } from '../../protocol/objects.ts'
import type { Cluster } from '../cluster.ts'
import { membersOf } from '../layout.ts'
import { newestStore } from '../objects.ts'

/** Leases and Events tell of the way; the Endpoints of the API itself, of who serves it. */
const OF_THE_WAY =
  /^\/registry\/(leases|events|masterleases)\/|^\/registry\/(services\/endpoints|endpointslices)\/default\/kubernetes$/

/** The volume of a pod's token, named by the API server. */
const DRAWN = /^(kube-api-access-)[a-z0-9]{5}$/
const OF_EVERY_WAY = ['resourceVersion', 'generation', 'observedGeneration', 'managedFields']
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/

/** One text an object, in order. @param free fields that tell of the way too */
export function essenceOf({ world, options }: Cluster, free: readonly string[] = []): readonly string[] {
  const all: ApiObject[] = []
  newestStore(world, membersOf(options))?.keys.each((history, key) => {
    const latest = latestOf(history)
    const object = latest.value as Partial<ApiObject> | undefined
    if (isAlive(latest) && object?.metadata !== undefined && !OF_THE_WAY.test(key)) all.push(object as ApiObject)
  })
  const names = namesIn(all)
  const without = new Set([...OF_EVERY_WAY, ...free])
  return all.map((object) => essence(object, names, without)).sort()
}

/** By uid and by generated name: what an object is called in every run. */
function namesIn(objects: readonly ApiObject[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  for (const { kind, metadata } of objects) {
    const { uid = '', name } = metadata
    const base = generatedFrom(kind, metadata)
    const lasting = base === undefined ? name : `${base}*`
    names.set(uid, `uid of ${kind} ${lasting}`)
    if (base !== undefined) names.set(name, lasting)
  }
  return names
}

/** Of a mirrored slice that was written again nothing tells it but the Service whose it is. */
const generatedFrom = (kind: string, { generateName, labels = {} }: ApiObject['metadata']): string | undefined =>
  generateName ?? (kind === 'EndpointSlice' ? `${labels['kubernetes.io/service-name']}-` : undefined)

function essence(object: ApiObject, names: ReadonlyMap<string, string>, without: ReadonlySet<string>): string {
  return JSON.stringify(object, (key, value: unknown) => {
    if (key === 'conditions' && Array.isArray(value)) return value.toSorted(byType)
    if (typeof value === 'string')
      return INSTANT.test(value) ? 'an instant' : (names.get(value) ?? value.replace(DRAWN, '$1*'))
    return isRecord(value) ? inOrder(value, without) : value
  })
}
/** In which order they came about tells of the way. */
const byType = (a: { readonly type?: string }, b: { readonly type?: string }): number =>
  (a.type ?? '') < (b.type ?? '') ? -1 : 1
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
/** Nothing is the same as an empty one. */
function inOrder(
  value: Readonly<Record<string, unknown>>,
  without: ReadonlySet<string>,
): Record<string, unknown> | undefined {
  const entries = Object.entries(value).filter(([key]) => !without.has(key))
  return entries.length === 0 ? undefined : Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** What one end has and the other has not, in sentences. */
export function difference(is: readonly string[], should: readonly string[]): readonly string[] {
  const [more, less] = [without(is, should), without(should, is)]
  const said: string[] = []
  const left = [...more]
  for (const text of less) {
    const i = left.findIndex((other) => titleOf(other) === titleOf(text))
    if (i < 0) said.push(`missing is ${titleOf(text)}`)
    else
      said.push(...left.splice(i, 1).flatMap((other) => differing(JSON.parse(other), JSON.parse(text), titleOf(text))))
  }
  return [...said, ...left.map((text) => `there is ${titleOf(text)}`)]
}

function titleOf(text: string): string {
  const { kind, metadata } = JSON.parse(text) as ApiObject
  return `${kind} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`
}

/** Every field that differs, by its path. */
function differing(is: unknown, should: unknown, path: string): readonly string[] {
  if (!isRecord(is) || !isRecord(should)) {
    const [a, b] = [JSON.stringify(is), JSON.stringify(should)]
    return a === b ? [] : [`${path} is ${a}, not ${b}`]
  }
  return [...new Set([...Object.keys(is), ...Object.keys(should)])].flatMap((key) =>
    differing(is[key], should[key], `${path}.${key}`),
  )
}

function without(all: readonly string[], others: readonly string[]): readonly string[] {
  const left = new Map<string, number>()
  for (const text of others) left.set(text, (left.get(text) ?? 0) + 1)
  return all.filter((text) => {
    const count = left.get(text) ?? 0
    left.set(text, count - 1)
    return count <= 0
  })
}
