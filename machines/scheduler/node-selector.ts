/** Node selector terms: component-helpers/scheduling/corev1/nodeaffinity. */

import { type Labels, type Operator, requirementsMet } from '../lib/selector.ts'
import type { core, Node, Pod } from '../protocol/objects.ts'
import { NO_LABELS } from './labels.ts'

type Term = core.NodeSelectorTerm
type Requirement = core.NodeSelectorRequirement

const requirementOf = ({ key, operator, values = [] }: Requirement) => ({ key, operator: operator as Operator, values })

/** GetRequiredNodeAffinity(pod).Match: the node selector and the required node affinity, both. */
export function matchesRequired({ spec }: Pod, node: Node): boolean {
  const labels: Labels = node.metadata.labels ?? NO_LABELS
  for (const key in spec.nodeSelector) if (labels[key] !== spec.nodeSelector[key]) return false
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  return required === undefined || required.nodeSelectorTerms.some((term) => matches(term, node))
}

/** A term that is empty or has an invalid requirement matches nothing. */
export function matches({ matchExpressions = [], matchFields = [] }: Term, { metadata }: Node): boolean {
  if (matchExpressions.length === 0 && matchFields.length === 0) return false
  const labels: Labels = metadata.labels ?? NO_LABELS
  for (const one of matchExpressions)
    if (invalid(one) !== undefined || !requirementsMet([requirementOf(one)], labels)) return false
  for (const one of matchFields) if (!meetsField(one, metadata.name)) return false
  return true
}

/** The only field is metadata.name, and it takes exactly one value. */
function meetsField({ key, operator, values = [] }: Requirement, name: string): boolean {
  if (key !== 'metadata.name' || values.length !== 1) return false
  return operator === 'In' ? values[0] === name : operator === 'NotIn' && values[0] !== name
}

/** What is wrong with the terms, in the words of the aggregate error of NewPreferredSchedulingTerms; undefined: nothing. */
export function errorIn(terms: readonly Term[]): string | undefined {
  const errors = terms.flatMap(({ matchExpressions = [] }, i) =>
    matchExpressions.flatMap((one, j) => {
      const why = invalid(one)
      return why === undefined ? [] : [`[${i}].matchExpressions[${j}].${why}`]
    }),
  )
  if (errors.length === 0) return undefined
  return errors.length === 1 ? errors[0] : `[${[...new Set(errors)].join(', ')}]`
}

/** labels.NewRequirement, which holds values to the rules of label values: the API server does not for node affinity. */
function invalid({ key, operator, values = [] }: Requirement): string | undefined {
  if ((operator === 'Gt' || operator === 'Lt') && !/^[+-]?\d+$/.test(values[0] ?? ''))
    return `values[0]: Invalid value: "${values[0]}": for 'Gt', 'Lt' operators, the value must be an integer`
  const i = values.findIndex((value) => value !== '' && !LABEL_VALUE.test(value))
  return i < 0 ? undefined : `values[${i}][${key}]: Invalid value: "${values[i]}": ${LABEL_VALUE_RULE}`
}
const LABEL_VALUE = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/
const LABEL_VALUE_RULE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end " +
  "with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is " +
  "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
