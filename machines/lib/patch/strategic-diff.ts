/** The patches that `kubectl apply` and controllers compute (strategicpatch.CreateTwoWayMergePatch and …ThreeWay…). */
import { goText, sameJson } from '../go-text.ts'
import type { Schema } from '../schema.ts'
import { checkKey, DIRECTIVE, deduplicated, inOrder, keyOf } from './element-order.ts'
import { isObject, type Json } from './outcome.ts'
import { DELETE_FROM, fieldOf, mergeKeyOf, mergeMap, RETAIN_KEYS, SET_ORDER, strategyOf } from './strategic.ts'

interface DiffOptions {
  readonly setOrder: boolean
  readonly ignoreDeletions: boolean
  readonly ignoreAdditions: boolean
  readonly retainKeys: boolean
}
type List = readonly unknown[]
type Open = Record<string, unknown>

/** The strategic patch that turns one object into another. */
export const strategicDiff = (schema: Schema, from: unknown, to: unknown): Json =>
  diffMaps(from as Json, to as Json, schema, {
    setOrder: true,
    ignoreDeletions: false,
    ignoreAdditions: false,
    retainKeys: false,
  })

/** Additions and changes from live to modified, deletions from what was applied last to modified. */
export function threeWayPatch(schema: Schema, lastApplied: unknown, modified: unknown, live: unknown): Json {
  const options: DiffOptions = { setOrder: true, ignoreDeletions: true, ignoreAdditions: false, retainKeys: false }
  const delta = diffMaps(live as Json, modified as Json, schema, options)
  const deletions = diffMaps((lastApplied ?? {}) as Json, modified as Json, schema, {
    ...options,
    ignoreDeletions: false,
    ignoreAdditions: true,
  })
  return mergeMap(deletions, delta, schema, { asPatch: true })
}

function diffMaps(from: Json, to: Json, schema: Schema, options: DiffOptions): Json {
  const patch: Open = {}
  for (const [key, value] of Object.entries(to)) diffField(patch, key, from, value, schema, options)
  if (!options.ignoreDeletions) for (const key of Object.keys(from)) if (!(key in to)) patch[key] = null
  if (options.retainKeys) retained(patch, from, to)
  return patch
}

function retained(patch: Open, from: Json, to: Json): void {
  const keys = Object.keys(to).filter((key) => to[key] !== null)
  const differs = Object.keys(patch).length > 0 || Object.keys(to).some((key) => !(key in from))
  if (keys.length > 0 && differs) patch[RETAIN_KEYS] = keys.sort()
}

function diffField(patch: Open, key: string, from: Json, value: unknown, schema: Schema, options: DiffOptions): void {
  const was = from[key]
  const field = fieldOf(schema, key)
  if (key in from && isObject(was) && isObject(value)) diffMap(patch, key, was, value, field, options)
  else if (key in from && Array.isArray(was) && Array.isArray(value)) diffList(patch, key, was, value, field, options)
  else if (!options.ignoreAdditions && !(key in from && sameJson(was, value))) patch[key] = value
}

function diffMap(
  patch: Open,
  key: string,
  was: Json,
  value: Json,
  field: Schema | undefined,
  options: DiffOptions,
): void {
  const { strategy, retainKeys } = strategyOf(field)
  if (strategy === 'replace') {
    if (!options.ignoreAdditions) patch[key] = value
    return
  }
  const inner = diffMaps(was, value, field ?? {}, { ...options, retainKeys })
  if (Object.keys(inner).length > 0) patch[key] = inner
}

function diffList(
  patch: Open,
  key: string,
  was: List,
  value: List,
  field: Schema | undefined,
  options: DiffOptions,
): void {
  const { strategy, retainKeys } = strategyOf(field)
  if (strategy !== 'merge') {
    if (!options.ignoreAdditions && !sameJson(was, value)) patch[key] = value
    return
  }
  if (was.length === 0) {
    if (value.length > 0 && !options.ignoreAdditions) patch[key] = value
    return
  }
  if (isObject(was[0] ?? value[0])) diffMapLists(patch, key, was, value, field as Schema, { ...options, retainKeys })
  else diffScalarLists(patch, key, was, value, options)
}

function diffScalarLists(patch: Open, key: string, was: List, value: List, options: DiffOptions): void {
  const added = options.ignoreAdditions
    ? []
    : sorted(
        value.filter((item) => !was.includes(item)),
        '',
      )
  const gone = options.ignoreDeletions
    ? []
    : deduplicated(
        sorted(
          was.filter((item) => !value.includes(item)),
          '',
        ),
      )
  if (added.length > 0) patch[key] = inOrder(added, value, '')
  if (gone.length > 0) patch[`${DELETE_FROM}/${key}`] = gone
  const reordered = !options.ignoreAdditions && !sameJson(was, value)
  if (options.setOrder && value.length > 0 && (gone.length > 0 || reordered)) patch[`${SET_ORDER}/${key}`] = value
}

function diffMapLists(patch: Open, key: string, was: List, value: List, field: Schema, options: DiffOptions): void {
  const mergeKey = mergeKeyOf(field)
  for (const item of [...was, ...value]) checkKey(item, mergeKey)
  const [changed, gone] = diffElements(was, value, field.items ?? {}, mergeKey, options)
  const list = [...inOrder(changed, value, mergeKey), ...gone]
  if (list.length > 0) patch[key] = list
  const sameOrder =
    was.length === value.length && was.every((item, i) => keyOf(item, mergeKey) === keyOf(value[i], mergeKey))
  const moved = !options.ignoreAdditions && (list.length > 0 || !sameOrder)
  if (options.setOrder && value.length > 0 && (moved || (!options.ignoreDeletions && list.length > 0))) {
    patch[`${SET_ORDER}/${key}`] = value.map((item) => ({ [mergeKey]: keyOf(item, mergeKey) }))
  }
}

function diffElements(
  was: List,
  value: List,
  items: Schema,
  mergeKey: string,
  options: DiffOptions,
): readonly [List, List] {
  const changed: unknown[] = []
  const gone: unknown[] = []
  for (const item of sorted(value, mergeKey) as readonly Json[]) {
    const before = was.find((each) => keyOf(each, mergeKey) === item[mergeKey])
    if (before === undefined) {
      if (!options.ignoreAdditions) changed.push(item)
      continue
    }
    const inner = diffMaps(before as Json, item, items, options)
    if (Object.keys(inner).length > 0) changed.push({ ...inner, [mergeKey]: item[mergeKey] })
  }
  if (options.ignoreDeletions) return [changed, gone]
  for (const item of sorted(was, mergeKey)) {
    const key = keyOf(item, mergeKey)
    if (!value.some((each) => keyOf(each, mergeKey) === key)) gone.push({ [DIRECTIVE]: 'delete', [mergeKey]: key })
  }
  return [changed, gone]
}

/** By the text of the key, as upstream compares. */
function sorted(list: List, mergeKey: string): List {
  const text = (item: unknown): string => goText(keyOf(item, mergeKey))
  return [...list].sort((a, b) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0))
}
