/** What `kubectl apply` asks of one object: to be made, to be changed, or nothing (kubectl/pkg/cmd/apply, patcher.go). */
import { joined } from '../lib/joined.ts'
import { threeWayMergePatch } from '../lib/patch/merge.ts'
import { isObject, type Json } from '../lib/patch/outcome.ts'
import { threeWayPatch } from '../lib/patch/strategic-diff.ts'
import type { PatchType } from '../protocol/api.ts'
import type { Applied } from '../protocol/kubectl.ts'
import type { ApiObject } from '../protocol/objects.ts'
import { factsOf } from './naming.ts'

export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/** The object with the annotation that the next apply compares with. */
export function annotated({ object }: Applied): ApiObject {
  const { metadata } = object
  const annotations = { ...metadata.annotations }
  delete annotations[LAST_APPLIED]
  const bare = { ...object, metadata: { ...metadata, annotations } }
  const text = `${JSON.stringify(sorted(bare))}\n`
  return joined(object, { metadata: joined(metadata, { annotations: joined(annotations, { [LAST_APPLIED]: text }) }) })
}

/** The patch that brings the live object to what is applied; undefined when there is nothing to change. */
export function patchFor(applied: Applied, live: ApiObject): { type: PatchType; body: Json } | undefined {
  const modified = annotated(applied) as unknown as Json
  const last = lastApplied(live)
  const facts = factsOf(applied.resource)
  const now = live as unknown as Json
  const body =
    facts === undefined ? threeWayMergePatch(last, modified, now) : threeWayPatch(facts.schema, last, modified, now)
  if (Object.keys(body).length === 0) return undefined
  return { type: facts === undefined ? 'merge' : 'strategic', body }
}

function lastApplied({ metadata }: ApiObject): Json {
  const text = metadata.annotations?.[LAST_APPLIED]
  if (text === undefined) return {}
  const value: unknown = JSON.parse(text)
  return isObject(value) ? value : {}
}

/** Go writes the keys of maps in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isObject(value)) return value
  const keys = Object.keys(value).sort()
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key])]))
}
