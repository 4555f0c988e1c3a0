/**
 * Strategic merge patch (k8s.io/apimachinery/pkg/util/strategicpatch): lists of maps are merged by their key, and
 * directives say what cannot be said by values: `$patch`, `$retainKeys`, `$setElementOrder/…`,
 * `$deleteFromPrimitiveList/…`. What the patch does not touch is shared with the document.
 */
import { goText } from '../go-text.ts'
import type { Schema } from '../schema.ts'
import {
  badType,
  checkKey,
  DIRECTIVE,
  deduplicated,
  indexOf,
  keyOf,
  noMergeKey,
  ordered,
  partition,
} from './element-order.ts'
import { badRequest, isObject, type Json, outcomeOf, type Patched, Refused, unexplained } from './outcome.ts'

export const RETAIN_KEYS = '$retainKeys'
export const SET_ORDER = '$setElementOrder'
export const DELETE_FROM = '$deleteFromPrimitiveList'

/** `asPatch` merges two patches into one: lists of directives and nulls are kept. */
export interface MergeOptions {
  readonly asPatch: boolean
}
type Open = Record<string, unknown>
type List = readonly unknown[]

export function strategicPatched(schema: Schema, document: unknown, patch: unknown): Patched {
  if (!isObject(patch))
    return { error: badRequest('json: cannot unmarshal into Go value of type map[string]interface {}') }
  return outcomeOf(() => mergeMap(document as Json, patch, schema, { asPatch: false }))
}

/** `merge` or `replace` (or nothing), and whether keys are retained: the strategies of a field. */
export function strategyOf(schema: Schema | undefined): { readonly strategy: string; readonly retainKeys: boolean } {
  const written = schema?.['x-kubernetes-patch-strategy']
  if (written === undefined) return NO_STRATEGY
  const strategies = written.split(',')
  return {
    retainKeys: strategies.includes('retainKeys'),
    strategy: strategies.find((each) => each !== 'retainKeys') ?? '',
  }
}
const NO_STRATEGY = { retainKeys: false, strategy: '' }
export const fieldOf = (schema: Schema, key: string): Schema | undefined =>
  schema.properties?.[key] ?? schema.additionalProperties
export const mergeKeyOf = (schema: Schema | undefined): string => schema?.['x-kubernetes-patch-merge-key'] ?? ''

export function mergeMap(original: Json | undefined, written: Json, schema: Schema, options: MergeOptions): Json {
  if (DIRECTIVE in written) return directed(written)
  const result: Open = { ...original }
  const patch = hasDirectives(written) ? carriedOut(written, result, schema, options) : written
  for (const key of Object.keys(patch)) mergeField(result, key, patch[key], schema, options)
  return result
}
const hasDirectives = (patch: Json): boolean => Object.keys(patch).some((key) => key.startsWith('$'))

/** Does what the directives for the whole map say. @returns the fields that are left */
function carriedOut(written: Json, result: Open, schema: Schema, options: MergeOptions): Json {
  const patch: Open = { ...written }
  retainKeys(result, patch, options)
  for (const key of Object.keys(patch)) {
    if (key.startsWith(SET_ORDER)) setElementOrder(result, patch, key, schema, options)
  }
  return patch
}

/** A whole map that is replaced or deleted. */
function directed(patch: Json): Json {
  const { [DIRECTIVE]: directive, ...rest } = patch
  if (directive === 'replace') return rest
  if (directive === 'delete') return {}
  throw badDirective(directive, patch)
}
const badDirective = (directive: unknown, patch: Json): Refused =>
  new Refused(unexplained(`unknown patch type: ${goText(directive)} in map: ${goText(patch)}`))

function retainKeys(result: Open, patch: Open, { asPatch }: MergeOptions): void {
  if (!(RETAIN_KEYS in patch)) return
  const retained = patch[RETAIN_KEYS]
  delete patch[RETAIN_KEYS]
  if (asPatch) {
    result[RETAIN_KEYS] ??= retained
    return
  }
  if (!Array.isArray(retained)) throw badRetainKeys()
  for (const [key, value] of Object.entries(patch)) {
    const isPlain = value !== null && !key.startsWith(DELETE_FROM) && !key.startsWith(SET_ORDER)
    if (isPlain && !retained.includes(key)) throw badRetainKeys()
  }
  for (const key of Object.keys(result)) if (!retained.includes(key)) delete result[key]
}
const badRetainKeys = (): Refused => new Refused(badRequest('invalid patch format of retainKeys'))

/** mergePatchIntoOriginal: merges the list that the directive is about, and puts it in that order. */
function setElementOrder(result: Open, patch: Open, key: string, schema: Schema, options: MergeOptions): void {
  const order = patch[key]
  delete patch[key]
  if (options.asPatch) result[key] ??= order
  if (!Array.isArray(order)) throw new Refused(unexplained(badType('[]interface {}', order)))
  const name = nameBehind(key, 'setElementOrder list')
  const field = fieldOf(schema, name)
  const mergeKey = mergeKeyOf(field)
  const [live, given] = [asList(result[name]), asList(patch[name])]
  delete patch[name]
  checkOrder(given ?? [], order, mergeKey)
  if (live === undefined && given === undefined) return
  const merged =
    given === undefined
      ? (live as List)
      : live === undefined
        ? (withoutDirectives(given) as List)
        : mergeList(live, given, field, false, options)
  const [named, rest] = partition(merged, order, mergeKey)
  result[name] = ordered(named, rest, order, live ?? [], mergeKey)
}

function asList(value: unknown): List | undefined {
  if (value === undefined || Array.isArray(value)) return value
  throw new Refused(unexplained(badType('[]interface {}', value)))
}

function nameBehind(key: string, what: string): string {
  const slash = key.indexOf('/')
  if (slash < 0) throw new Refused(badRequest(`invalid patch format of ${what}`))
  return key.slice(slash + 1)
}

/** Items of the patch must come in the order of the directive. */
function checkOrder(given: List, order: List, mergeKey: string): void {
  if (order.length === 0 || given.length === 0) return
  const items = mergeKey === '' ? given : given.filter((item) => isObject(item) && item[DIRECTIVE] !== 'delete')
  let at = 0
  for (const item of items) {
    if (isObject(item) && DIRECTIVE in item) continue
    if (mergeKey !== '') checkKey(item, mergeKey)
    while (at < order.length && keyOf(order[at], mergeKey) !== keyOf(item, mergeKey)) at++
    if (at++ >= order.length) {
      throw new Refused(
        unexplained(
          `The order in patch list:\n${goText(given)}\n doesn't match ${SET_ORDER} list:\n${goText(order)}\n`,
        ),
      )
    }
  }
}

function mergeField(result: Open, written: string, value: unknown, schema: Schema, options: MergeOptions): void {
  const isDeletion = written.startsWith(DELETE_FROM)
  if (isDeletion && options.asPatch) {
    result[written] = value
    return
  }
  const key = isDeletion ? nameBehind(written, 'primitive list') : written
  if (value === null) {
    delete result[key]
    if (!options.asPatch) return
  }
  const was = result[key]
  if (!(key in result) || kindOf(was) !== kindOf(value)) {
    if (!isDeletion) put(result, key, options.asPatch ? value : withoutNulls(value))
    return
  }
  const field = fieldOf(schema, key)
  if (Array.isArray(value)) result[key] = mergeList(was as List, value, field, isDeletion, options)
  else if (!isObject(value)) result[key] = value
  else
    result[key] = strategyOf(field).strategy === 'replace' ? value : mergeMap(was as Json, value, field ?? {}, options)
}

const kindOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value)

function put(result: Open, key: string, value: unknown): void {
  const kept = withoutDirectives(value)
  if (kept === undefined) delete result[key]
  else result[key] = kept
}

/** A map with a directive is no value: undefined. What holds none is shared. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) {
    const kept = mapped(value, withoutDirectives)
    return kept.includes(undefined) ? kept.filter((item) => item !== undefined) : kept
  }
  if (!isObject(value)) return value
  return DIRECTIVE in value ? undefined : filtered(value, withoutDirectives)
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return mapped(value, withoutNulls)
  return isObject(value) ? filtered(value, (item) => (item === null ? undefined : withoutNulls(item))) : value
}

/** The same list when nothing in it changes. */
function mapped(list: List, change: (item: unknown) => unknown): List {
  const next = list.map(change)
  return next.every((item, i) => item === list[i]) ? list : next
}

/** The same map when nothing in it changes; an entry that becomes undefined is left out. */
function filtered(map: Json, change: (value: unknown) => unknown): Json {
  let changed: Record<string, unknown> | undefined
  for (const key of Object.keys(map)) {
    const next = change(map[key])
    if (next === map[key]) continue
    changed ??= { ...map }
    if (next === undefined) delete changed[key]
    else changed[key] = next
  }
  return changed ?? map
}

function mergeList(
  live: List,
  patch: List,
  field: Schema | undefined,
  isDeletion: boolean,
  options: MergeOptions,
): List {
  if (!isDeletion && strategyOf(field).strategy !== 'merge') return patch
  if (live.length === 0 && patch.length === 0) return live
  checkElements([...live, ...patch])
  if (!isObject(live[0] ?? patch[0])) return mergeScalars(live, patch, isDeletion, options)
  const mergeKey = mergeKeyOf(field)
  if (mergeKey === '')
    throw new Refused(unexplained(`cannot merge lists without merge key for ${field?.definition ?? ''}`))
  const [kept, given] = specialElements(live, patch, mergeKey)
  const merged = mergeElements(kept, given, mergeKey, field?.items ?? {}, options)
  const [named, rest] = partition(merged, given, mergeKey)
  return ordered(named, rest, given, kept, mergeKey)
}

function checkElements(items: List): void {
  if (Array.isArray(items[0])) throw new Refused({ code: 422, reason: '', message: 'lists of lists are not supported' })
  if (items.some((item) => kindOf(item) !== kindOf(items[0]))) {
    throw new Refused(unexplained(`list element types are not identical: ${goText([items])}`))
  }
}

function mergeScalars(live: List, patch: List, isDeletion: boolean, { asPatch }: MergeOptions): List {
  if (isDeletion && !asPatch) return live.filter((item) => !patch.includes(item))
  const [named, rest] = partition(deduplicated([...live, ...patch]), patch, '')
  return ordered(named, rest, patch, live, '')
}

/** Elements with a directive: deletes what they name, or replaces the whole list by the others. */
function specialElements(live: List, patch: List, mergeKey: string): readonly [List, List] {
  const plain: unknown[] = []
  let kept = live
  let isReplaced = false
  for (const item of patch as readonly Json[]) {
    const directive = item[DIRECTIVE]
    if (directive === undefined) plain.push(item)
    else if (directive === 'replace') isReplaced = true
    else if (directive === 'merge') throw new Refused(unexplained('merging lists cannot yet be specified in the patch'))
    else if (directive !== 'delete') throw badDirective(directive, item)
    else if (!(mergeKey in item)) throw new Refused(unexplained(noMergeKey(item, mergeKey)))
    else kept = kept.filter((each) => keyOf(each, mergeKey) !== item[mergeKey])
  }
  return isReplaced ? [plain, []] : [kept, plain]
}

function mergeElements(live: List, patch: List, mergeKey: string, items: Schema, options: MergeOptions): List {
  const merged = [...live]
  for (const item of patch as readonly Json[]) {
    if (!(mergeKey in item)) throw new Refused(unexplained(noMergeKey(item, mergeKey)))
    const at = indexOf(merged, item, mergeKey)
    if (at < 0) merged.push(item)
    else merged[at] = mergeMap(merged[at] as Json, item, items, options)
  }
  return merged
}
