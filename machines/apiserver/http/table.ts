/** meta.k8s.io Table: what `kubectl get` prints. apiserver/pkg/endpoints/handlers/response.go, asTable. */
import type { ResourceFacts } from '../../lib/schema.ts'
import { columnsOf, rowOf } from '../../lib/table/index.ts'
import type { ApiObject } from '../../protocol/objects.ts'
import type { Form } from './words.ts'

/** @param headers false from the second event of a watch on: the columns are told once */
export function tableOf(
  facts: ResourceFacts,
  form: Form,
  objects: readonly ApiObject[],
  metadata: Readonly<Record<string, unknown>>,
  now: number,
  headers = true,
): unknown {
  const columns = columnsOf(facts).map(({ name, type, format, priority, description = '' }) => ({
    name,
    type,
    format,
    description,
    priority,
  }))
  return {
    kind: 'Table',
    apiVersion: `meta.k8s.io/${form.metaVersion}`,
    metadata,
    columnDefinitions: headers ? columns : null,
    rows: objects.map((object) => ({ ...rowOf(facts, object, now), object: carried(object, form) })),
  }
}

function carried(object: ApiObject, { includeObject, metaVersion }: Form): unknown {
  if (includeObject === 'Object') return object
  if (includeObject === 'None') return null
  return { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${metaVersion}`, metadata: object.metadata }
}
