/** Labels and what selects them, with what the scheduler adds to selectors: node selector terms and their errors. */
import type { LabelSelector } from '../protocol/objects.ts'

export type Labels = Readonly<Record<string, string>>
export const NO_LABELS: Labels = {}

interface Requirement {
  readonly key: string
  readonly operator: string
  readonly values?: readonly string[]
}

/** metav1.LabelSelectorAsSelector(…).Matches: an absent selector matches nothing, an empty one everything. */
export function selects(selector: LabelSelector | undefined, labels: Labels): boolean {
  if (selector === undefined) return false
  for (const key in selector.matchLabels) if (labels[key] !== selector.matchLabels[key]) return false
  return (selector.matchExpressions ?? []).every((requirement) => meets(requirement as Requirement, labels))
}

/** labels.Requirement.Matches. */
export function meets({ key, operator, values = [] }: Requirement, labels: Labels): boolean {
  const value = labels[key]
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    default:
      return value !== undefined && compares(operator, integer(value), integer(values[0] ?? ''))
  }
}

function compares(operator: string, value: number | undefined, than: number | undefined): boolean {
  if (value === undefined || than === undefined) return false
  return operator === 'Gt' ? value > than : operator === 'Lt' && value < than
}

/** As strconv.ParseInt reads it. */
const integer = (text: string): number | undefined => (/^[+-]?\d+$/.test(text) ? Number(text) : undefined)

export const isEmpty = (selector: LabelSelector): boolean =>
  Object.keys(selector.matchLabels ?? {}).length === 0 && (selector.matchExpressions ?? []).length === 0
