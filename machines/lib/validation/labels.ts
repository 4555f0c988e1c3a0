/** Rules for labels, annotations and label selectors (apimachinery/pkg/apis/meta/v1/validation). */
import type { LabelSelector } from '../../protocol/objects.ts'
import { complain, type Found, forbidden, invalid, required, tooLong } from './causes.ts'
import { labelValue, qualifiedName } from './formats.ts'

type Labels = Readonly<Record<string, string>>

export const checkLabelName = (found: Found, field: string, name: string): void =>
  complain(found, field, name, qualifiedName(name))

export function checkLabels(found: Found, field: string, labels: Labels | undefined): void {
  if (labels === undefined || rightLabels.has(labels)) return
  const before = found.length
  for (const key in labels) {
    checkLabelName(found, field, key)
    complain(found, field, labels[key], labelValue(labels[key] as string))
  }
  if (found.length === before && Object.isFrozen(labels)) rightLabels.add(labels)
}
/** What was found right, frozen, stays so: most labels come back with every update of their object. */
const rightLabels = new WeakSet<Labels>()
const rightAnnotations = new WeakSet<Labels>()

const MOST_ANNOTATIONS = 256 * 1_024
export function checkAnnotations(found: Found, field: string, annotations: Labels | undefined): void {
  if (annotations === undefined || rightAnnotations.has(annotations)) return
  const before = found.length
  let size = 0
  for (const key in annotations) {
    complain(found, field, key, qualifiedName(key.toLowerCase()))
    size += key.length + (annotations[key] as string).length
  }
  if (size > MOST_ANNOTATIONS) found.push(tooLong(field, MOST_ANNOTATIONS))
  if (found.length === before && Object.isFrozen(annotations)) rightAnnotations.add(annotations)
}

export function checkLabelSelector(found: Found, field: string, selector: LabelSelector | undefined): void {
  if (selector === undefined) return
  checkLabels(found, `${field}.matchLabels`, selector.matchLabels)
  for (const [i, requirement] of (selector.matchExpressions ?? []).entries()) {
    checkRequirement(found, `${field}.matchExpressions[${i}]`, requirement)
  }
}

/** One requirement of a selector; node selectors have two more operators and free values. */
export function checkRequirement(
  found: Found,
  field: string,
  {
    key,
    operator,
    values = [],
  }: { readonly key: string; readonly operator: string; readonly values?: readonly string[] },
  ofNodes = false,
): void {
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length === 0)
      found.push(required(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'"))
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length > 0) {
      found.push(forbidden(`${field}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"))
    }
  } else if (ofNodes && (operator === 'Gt' || operator === 'Lt')) {
    if (values.length !== 1) {
      found.push(required(`${field}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'"))
    }
  } else found.push(invalid(`${field}.operator`, operator, 'not a valid selector operator'))
  checkLabelName(found, `${field}.key`, key)
  if (!ofNodes)
    for (const [i, value] of values.entries()) complain(found, `${field}.values[${i}]`, value, labelValue(value))
}

/** Whether LabelSelectorAsSelector can make sense of it. */
export const isUsable = (selector: LabelSelector | undefined): boolean => {
  const found: Found = []
  for (const requirement of selector?.matchExpressions ?? []) checkRequirement(found, '', requirement)
  checkLabels(found, '', selector?.matchLabels)
  return found.length === 0
}
