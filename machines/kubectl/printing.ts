/** What `kubectl get` and `kubectl rollout history` print of an answer. */
import { columnsOf } from '../lib/table/columns.ts'
import { aligned, printedTable } from '../lib/table/printed.ts'
import { rowOf } from '../lib/table/rows.ts'
import type { ApiAnswered } from '../protocol/api.ts'
import type { KubectlCommand, Named } from '../protocol/kubectl.ts'
import type { ApiObject } from '../protocol/objects.ts'
import { revisionOf } from './changes.ts'
import { factsOf, spoken } from './naming.ts'

const CHANGE_CAUSE = 'kubernetes.io/change-cause'

/** The lines of a table; of nothing, that there is nothing. */
export function tableOf(command: KubectlCommand, { object, list }: ApiAnswered, now: number): readonly string[] {
  const objects = object === undefined ? (list?.objects.values() ?? []) : [object]
  if (command.command === 'rollout history') return historyOf(command, objects)
  const facts = command.command === 'get' ? factsOf(command.resource) : undefined
  if (facts === undefined) return objects.map(({ metadata }) => metadata.name)
  if (objects.length === 0)
    return [
      `No resources found${command.command === 'get' && command.namespace !== undefined ? ` in ${command.namespace} namespace.` : ''}`,
    ]
  return linesOf(
    printedTable(
      columnsOf(facts),
      objects.map((each) => rowOf(facts, each, now)),
    ),
  )
}

function historyOf({ resource, name }: Named, sets: readonly ApiObject[]): readonly string[] {
  const own = sets.filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.name === name))
  const rows = [...own].sort((a, b) => revisionOf(a) - revisionOf(b))
  const cells = rows.map((set) => [String(revisionOf(set)), set.metadata.annotations?.[CHANGE_CAUSE] ?? '<none>'])
  return [spoken(resource, name), ...linesOf(aligned([['REVISION', 'CHANGE-CAUSE'], ...cells]))]
}

const linesOf = (text: string): readonly string[] => text.trimEnd().split('\n')
