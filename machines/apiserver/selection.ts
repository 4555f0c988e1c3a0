/** What a list or a watch selects of a resource: by namespace, by labels, by fields. Plain data. */
import type { ResourceFacts } from '../lib/schema.ts'
import {
  type FieldTerm,
  parseFieldSelector,
  parseLabelSelector,
  type Requirement,
  requirementsMet,
} from '../lib/selector.ts'
import type { ApiRequest, Status } from '../protocol/api.ts'
import type { ApiObject } from '../protocol/objects.ts'
import { fieldOf, unsupported } from './fields.ts'
import { badRequest } from './statuses.ts'

export interface Selection {
  readonly namespace: string | undefined
  readonly labels: readonly Requirement[]
  readonly fields: readonly FieldTerm[]
  /** The one node, and the one name, that the fields ask for: what can be looked up instead of searched. */
  readonly node: string | undefined
  readonly name: string | undefined
}
export const EVERYTHING: Selection = { namespace: undefined, labels: [], fields: [], node: undefined, name: undefined }

export const isEverything = (selection: Selection): boolean =>
  selection.namespace === undefined && isUnfiltered(selection)
/** Whether nothing but the namespace narrows it. */
export const isUnfiltered = ({ labels, fields }: Selection): boolean => labels.length === 0 && fields.length === 0

/** @returns the selection, or the Status that says why it cannot be understood. */
export function selectionOf({ namespace, options }: ApiRequest, facts: ResourceFacts): Selection | Status {
  if (options?.labelSelector === undefined && options?.fieldSelector === undefined) {
    return namespace === undefined ? EVERYTHING : { ...EVERYTHING, namespace }
  }
  const labels = parseLabelSelector(options.labelSelector ?? '')
  if (labels.error !== undefined) return badRequest(labels.error)
  const fields = parseFieldSelector(options.fieldSelector ?? '')
  if (fields.error !== undefined) return badRequest(fields.error)
  const { terms } = fields.value
  for (const { field } of terms) {
    const why = unsupported(facts.name, facts.kind, field)
    if (why !== undefined) return badRequest(why)
  }
  const wanted = (name: string): string | undefined => terms.find(({ field, equal }) => field === name && equal)?.value
  const node = facts.name === 'pods' ? wanted('spec.nodeName') : undefined
  return {
    namespace,
    labels: labels.value.requirements,
    fields: terms,
    node: node === '' ? undefined : node,
    name: wanted('metadata.name'),
  }
}
export const isSelection = (selection: Selection | Status): selection is Selection => !('code' in selection)

export function selects(selection: Selection, object: ApiObject): boolean {
  if (selection.namespace !== undefined && selection.namespace !== object.metadata.namespace) return false
  if (selection.labels.length > 0 && !requirementsMet(selection.labels, object.metadata.labels)) return false
  return selection.fields.every(({ field, value, equal }) => (fieldOf(object, field) === value) === equal)
}
