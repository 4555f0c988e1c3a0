import { describe, expect, test } from 'vitest'
import { type ResourceFacts, resourceOf, resourceOfKind } from '../../../../../machines/lib/schema.ts'
import { rowOf } from '../../../../../machines/lib/table/rows.ts'
import { rfc3339, rfc3339Micro } from '../../../../../machines/lib/time.ts'
import profile from '../../../../../machines/profiles/v1.32/index.ts'
import { type Json, recorded, WHERE } from '../recordings.ts'

/** About when the recordings were made: one of them has an absolute time. */
const NOW = Date.UTC(2026, 10, 21, 7, 30)
const facts = (name: string): ResourceFacts => resourceOf(profile, name) as ResourceFacts

test('a pod that has ended marks its row', () => {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: { containers: [{ name: 'c' }] },
    status: { phase: 'Succeeded' },
  }
  expect(rowOf(facts('pods'), pod, NOW).conditions).toEqual([
    { type: 'Completed', status: 'True', reason: 'Succeeded', message: 'The pod has completed successfully.' },
  ])
})
test('a kind without a printer shows its name', () => {
  const object = { apiVersion: 'v1', kind: 'Foo', metadata: { name: 'x', creationTimestamp: rfc3339(NOW - 5_000) } }
  const { columns: _columns, ...plain } = facts('limitranges')
  expect(rowOf(plain, object, NOW).cells).toEqual(['x', rfc3339(NOW - 5_000)])
})

interface Case {
  readonly name: string
  readonly category: string
  readonly object: Json
  readonly cells: readonly Json[]
  readonly conditions?: Json
}
/** Kinds that no component knows by type yet are printed by name and age. */
const PRINTED =
  /^(v1\/(Pod$|Node|Service|Namespace|Endpoints|ConfigMap|Secret|ServiceAccount|Event|ReplicationController)|apps\/|discovery|coordination|events)/
const cases = (recorded<Case>('api/tables/rows.jsonl') ?? []).filter(({ category }) => PRINTED.test(category))
describe.skipIf(cases.length === 0)(`the API server's tables (${WHERE})`, () => {
  test.each(cases.map((each) => [each.name, each] as const))('%s', (_name, { object, cells, conditions }) => {
    const at = JSON.parse(
      JSON.stringify(object).replace(/<t([+-])(\d+)s(\.micro)?>/g, (_all, sign, seconds, micro) =>
        instant(sign, seconds, micro),
      ),
    )
    const row = rowOf(resourceOfKind(profile, object.apiVersion, object.kind) as ResourceFacts, at, NOW)
    expect(row.cells.map((cell, i) => (cells[i] === '<age>' ? '<age>' : cell))).toEqual(cells)
    expect(row.conditions).toEqual(conditions)
  })
})

const instant = (sign: string, seconds: string, micro: string | undefined): string => {
  const at = NOW + (sign === '-' ? -1 : 1) * Number(seconds) * 1_000
  return micro === undefined ? rfc3339(at) : rfc3339Micro(at)
}
