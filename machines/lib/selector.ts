/**
 * Selectors: by labels as objects hold them (metav1.LabelSelector), by labels and fields as a query writes them
 * (k8s.io/apimachinery/pkg/labels, pkg/fields), and by node selector terms.
 */
import type { core, LabelSelector } from '../protocol/objects.ts'
import { type Labels, type Operator, type Requirement, requirementMet } from './selector/requirement.ts'

export { type FieldQuery, type FieldTerm, parseFieldSelector } from './selector/field-query.ts'
export { type LabelQuery, parseLabelSelector } from './selector/label-query.ts'
export { type Labels, type Operator, type Parsed, type Requirement, requirementsMet } from './selector/requirement.ts'

/** Every label of the map is there with that value. An empty map matches all. */
export function selectorMatches(selector: Labels, labels: Labels | undefined): boolean {
  for (const key of Object.keys(selector)) if (labels?.[key] !== selector[key]) return false
  return true
}

/** metav1.LabelSelectorAsSelector: an empty selector matches everything, an absent one nothing. */
export function labelsMatch(selector: LabelSelector | undefined, labels: Labels | undefined): boolean {
  if (selector === undefined || selector === null) return false
  if (selector.matchLabels !== undefined && !selectorMatches(selector.matchLabels, labels)) return false
  const { matchExpressions } = selector
  if (!matchExpressions) return true
  return matchExpressions.every(({ key, operator, values = [] }) =>
    requirementMet({ key, operator: operator as Operator, values }, labels),
  )
}

/**
 * One of the terms matches (component-helpers nodeaffinity). A term without expressions and fields matches nothing;
 * fields know `metadata.name` alone.
 */
export function nodeSelectorTermsMatch(
  terms: readonly core.NodeSelectorTerm[],
  node: { metadata: { name?: string; labels?: Labels } },
): boolean {
  return terms.some((term) => nodeSelectorTermMatches(term, node))
}
export function nodeSelectorTermMatches(
  { matchExpressions = [], matchFields = [] }: core.NodeSelectorTerm,
  { metadata }: { metadata: { name?: string; labels?: Labels } },
): boolean {
  if (matchExpressions.length === 0 && matchFields.length === 0) return false
  return (
    matchExpressions.every((each) => requirementMet(requirementOf(each), metadata.labels ?? {})) &&
    matchFields.every((each) => requirementMet(requirementOf(each), { 'metadata.name': metadata.name ?? '' }))
  )
}

const requirementOf = ({ key, operator, values = [] }: core.NodeSelectorRequirement): Requirement => ({
  key,
  operator: operator as Operator,
  values,
})

/** labels.Selector.String: `app=web,tier in (a,b),!legacy`, sorted by key; `''` when it selects everything. */
export function formatLabelSelector(selector: LabelSelector | undefined): string {
  const exact = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => [key, `${key}=${value}`] as const)
  const sets = (selector?.matchExpressions ?? []).map(
    ({ key, operator, values = [] }) => [key, expression(key, operator, values)] as const,
  )
  return [...exact, ...sets]
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, text]) => text)
    .join(',')
}

function expression(key: string, operator: string, values: readonly string[]): string {
  if (operator === 'Exists') return key
  if (operator === 'DoesNotExist') return `!${key}`
  return `${key} ${operator === 'In' ? 'in' : 'notin'} (${[...values].sort().join(',')})`
}
