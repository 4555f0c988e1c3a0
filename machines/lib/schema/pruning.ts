/** Drops what a schema does not know; nothing else is changed. Bodies are read with `decoded`, which does more. */
import type { Schema } from '../schema.ts'

export interface Pruned {
  readonly value: unknown
  /** Paths of what was dropped: `spec.x`, `spec.containers[0].y`. */
  readonly dropped: readonly string[]
}

export const pruned = (schema: Schema, object: unknown): unknown => prunedAt(schema, object, '', [])

/** The same, telling what was dropped. */
export function pruning(schema: Schema, object: unknown): Pruned {
  const dropped: string[] = []
  return { value: prunedAt(schema, object, '', dropped), dropped }
}

function prunedAt(schema: Schema, value: unknown, path: string, dropped: string[]): unknown {
  if (Array.isArray(value)) return prunedList(schema, value, path, dropped)
  if (typeof value !== 'object' || value === null) return value
  const kept: Record<string, unknown> = {}
  let same = true
  for (const [key, item] of Object.entries(value)) {
    const at = path === '' ? key : `${path}.${key}`
    const known = schema.properties?.[key] ?? schema.additionalProperties
    if (
      known === undefined &&
      schema.properties !== undefined &&
      schema['x-kubernetes-preserve-unknown-fields'] !== true
    ) {
      dropped.push(at)
      same = false
      continue
    }
    kept[key] = known === undefined ? item : prunedAt(known, item, at, dropped)
    if (kept[key] !== item) same = false
  }
  return same ? value : kept
}

function prunedList({ items }: Schema, value: readonly unknown[], path: string, dropped: string[]): unknown {
  if (items === undefined) return value
  const kept = value.map((item, i) => prunedAt(items, item, `${path}[${i}]`, dropped))
  return kept.every((item, i) => item === value[i]) ? value : kept
}
