/** Tables as `kubectl get` prints them. */
import type { Cluster } from '../machines/cluster/cluster.ts'
import { resourceOfShortName } from '../machines/lib/schema.ts'
import { columnsOf } from '../machines/lib/table/columns.ts'
import { aligned } from '../machines/lib/table/printed.ts'
import { rowOf } from '../machines/lib/table/rows.ts'
import { paint } from './terminal.ts'

/** One table a resource that has objects, over all namespaces, with a heading. */
export function tables(cluster: Cluster, resources: readonly string[]): string {
  const printed = resources.flatMap((resource) => {
    const text = table(cluster, resource)
    return text === undefined ? [] : [paint('bold', `$ kubectl get ${resource} -A`), text, '']
  })
  return printed.join('\n')
}

/** Of all namespaces, so that namespaced things have a column for theirs. */
export function table(cluster: Cluster, resource: string): string | undefined {
  const facts = resourceOfShortName(cluster.profile, resource)
  const objects = cluster.get(resource)
  if (facts === undefined || objects.length === 0) return undefined
  const now = cluster.world.clock('cp-1')
  const columns = columnsOf(facts)
  const shown = columns.flatMap(({ priority }, i) => (priority === 0 ? [i] : []))
  const rows = objects.map((object) => shown.map((i) => String(rowOf(facts, object, now).cells[i] ?? '')))
  const heads = shown.map((i) => (columns[i]?.name ?? '').toUpperCase())
  if (!facts.namespaced) return aligned([heads, ...rows]).trimEnd()
  const namespaces = objects.map(({ metadata }) => metadata.namespace ?? '')
  return aligned([['NAMESPACE', ...heads], ...rows.map((row, i) => [namespaces[i] ?? '', ...row])]).trimEnd()
}
