/** Labels, and selectors of them that select everything. */
import type { Labels } from '../lib/selector.ts'
import type { LabelSelector } from '../protocol/objects.ts'

export const NO_LABELS: Labels = {}

/** labels.Selector.Empty: it asks for nothing, so it selects everything. */
export const isEmpty = (selector: LabelSelector): boolean =>
  Object.keys(selector.matchLabels ?? {}).length === 0 && (selector.matchExpressions ?? []).length === 0
