/** One requirement of a selector, and whether labels meet it (k8s.io/apimachinery/pkg/labels.Requirement). */
export type Labels = Readonly<Record<string, string>>
export type Parsed<T> =
  | { readonly value: T; readonly error?: undefined }
  | { readonly error: string; readonly value?: undefined }

export type Operator = 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt'
export interface Requirement {
  readonly key: string
  readonly operator: Operator
  readonly values: readonly string[]
}

/** One requirement, by the labels of an object. */
export function requirementMet({ key, operator, values }: Requirement, labels: Labels | undefined): boolean {
  const label = labels?.[key]
  switch (operator) {
    case 'In':
      return label !== undefined && values.includes(label)
    case 'NotIn':
      return label === undefined || !values.includes(label)
    case 'Exists':
      return label !== undefined
    case 'DoesNotExist':
      return label === undefined
    case 'Gt':
    case 'Lt':
      return label !== undefined && values.length === 1 && ordered(operator, label, values[0] as string)
    default:
      return false
  }
}

function ordered(operator: 'Gt' | 'Lt', label: string, value: string): boolean {
  if (!WHOLE_NUMBER.test(label) || !WHOLE_NUMBER.test(value)) return false
  return operator === 'Gt' ? BigInt(label) > BigInt(value) : BigInt(label) < BigInt(value)
}
export const WHOLE_NUMBER = /^-?\d+$/

/** All requirements of the list are met. */
export const requirementsMet = (requirements: readonly Requirement[], labels: Labels | undefined): boolean =>
  requirements.every((requirement) => requirementMet(requirement, labels))
