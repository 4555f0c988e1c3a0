/** A recorded scenario of the controllers, as the README of the recordings describes it. */
import type { ApiObject } from '../../../machines/protocol/objects.ts'

export type Json = Readonly<Record<string, unknown>>
export interface Trace {
  readonly name: string
  readonly category: string
  readonly namespace: string
  /** Seconds. */
  readonly duration: number
  readonly steps: readonly Step[]
  readonly objects: readonly Recorded[]
  readonly events: readonly RecordedEvent[]
  readonly requests: readonly Request[]
  /** `Kind/name`, or `Kind/namespace/name` outside the scenario's own namespace. */
  readonly final: readonly string[]
  readonly notes?: readonly string[]
}
export type Request = readonly [t: number, who: string, verb: string, resource: string, name: string, code: number]
export interface Recorded {
  readonly kind: string
  readonly name: string
  readonly namespace?: string
  readonly initial?: Json
  readonly history: readonly Change[]
}
export interface Change {
  readonly n: number
  readonly t: number
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly object?: Json
  readonly patch?: Json
}
export interface RecordedEvent {
  readonly n: number
  readonly t: number
  readonly op: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly type: string
  readonly reason: string
  readonly message: string
  readonly component: string
  readonly object: string
}
export interface Step {
  readonly t: number
  readonly op: string
  readonly kind: string
  readonly name: string
  readonly namespace?: string
  readonly code?: number
  readonly reply?: { readonly message?: string; readonly reason?: string }
  /** Of the token in the reply. */
  readonly claims?: Json
  readonly object?: ApiObject
  readonly patch?: unknown
  readonly type?: string
  readonly subresource?: string
  readonly replicas?: number
  readonly propagationPolicy?: 'Orphan' | 'Background' | 'Foreground'
  readonly gracePeriodSeconds?: number
  readonly ready?: boolean
  readonly exitCode?: number
  readonly status?: string
}

/** One state of one object: what both a recording and a replay come to. */
export interface Version {
  /** Order over the whole scenario. */
  readonly n: number
  /** Seconds since its beginning. */
  readonly t: number
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly object: Json
}
/** The whole life of one object, in order. */
export type Life = readonly Version[]
/** What happened in a scenario. */
export interface Story {
  readonly lives: readonly Life[]
  readonly events: readonly Told[]
}
/** One writing of an Event. */
export interface Told {
  readonly t: number
  readonly type: string
  readonly reason: string
  readonly message: string
  readonly component: string
  /** `Kind/name` */
  readonly object: string
}

/** The recorded story: merge patches applied. */
export function storyOf(trace: Trace): Story {
  const lives = trace.objects.map(lifeOf)
  return { lives, events: trace.events.filter(({ op }) => op !== 'DELETED') }
}

function lifeOf({ initial, history }: Recorded): Life {
  const versions: Version[] = []
  let state: Json = initial ?? {}
  if (initial !== undefined) versions.push({ n: -1, t: 0, type: 'ADDED', object: initial })
  for (const { n, t, type, object, patch } of history) {
    state = object ?? (patched(state, patch ?? {}) as Json)
    versions.push({ n, t, type, object: state })
  }
  return versions
}

/** A JSON merge patch. */
function patched(base: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch
  const result: Record<string, unknown> =
    typeof base === 'object' && base !== null && !Array.isArray(base) ? { ...base } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key]
    else result[key] = patched(result[key], value)
  }
  return result
}
