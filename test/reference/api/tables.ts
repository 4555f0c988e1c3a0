/** The rows that the API server prints of objects. */
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { type ResourceFacts, resourceOfKind } from '../../../machines/lib/schema.ts'
import { rowOf } from '../../../machines/lib/table/rows.ts'
import { rfc3339, rfc3339Micro } from '../../../machines/lib/time.ts'
import profile from '../../../machines/profiles/v1.32/index.ts'
import type { ApiObject } from '../../../machines/protocol/objects.ts'
import { cases } from '../family.ts'
import { linesOf } from '../folder.ts'

interface Case {
  readonly name: string
  readonly category: string
  readonly object: ApiObject & { readonly apiVersion: string; readonly kind: string }
  readonly cells: readonly unknown[]
  readonly conditions?: unknown
}
/** About when the recordings were made: one of them has an absolute time. */
const NOW = Date.UTC(2026, 10, 21, 7, 30)
/** Kinds that no component knows by type yet are printed by name and age. */
const PRINTED =
  /^(v1\/(Pod$|Node|Service|Namespace|Endpoints|ConfigMap|Secret|ServiceAccount|Event|ReplicationController)|apps\/|discovery|coordination|events|policy)/

export const tables = cases(
  'api',
  'tables',
  (folder) => linesOf<Case>(join(folder, 'api/tables/rows.jsonl'))?.filter(({ category }) => PRINTED.test(category)),
  ({ name, object, cells, conditions }) => {
    const facts = resourceOfKind(profile, object.apiVersion, object.kind) as ResourceFacts
    const row = rowOf(facts, timed(object), NOW)
    const ours = row.cells.map((cell, i) => (cells[i] === '<age>' ? '<age>' : cell))
    const differ = (what: string, mine: unknown, theirs: unknown): string[] =>
      isDeepStrictEqual(mine, theirs) ? [] : [`${what} ${JSON.stringify(mine)} are not ${JSON.stringify(theirs)}`]
    return {
      name,
      differences: [...differ('cells', ours, cells), ...differ('conditions', row.conditions, conditions)],
    }
  },
)

const timed = <T>(object: T): T =>
  JSON.parse(
    JSON.stringify(object).replace(/<t([+-])(\d+)s(\.micro)?>/g, (_all, sign, seconds, micro) => {
      const at = NOW + (sign === '-' ? -1 : 1) * Number(seconds) * 1_000
      return micro === undefined ? rfc3339(at) : rfc3339Micro(at)
    }),
  ) as T
