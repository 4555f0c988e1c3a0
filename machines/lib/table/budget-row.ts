/** Rows of PodDisruptionBudgets. */
import type { PodDisruptionBudget } from '../../protocol/objects.ts'
import { age } from './age.ts'
import type { Cell } from './rows.ts'

export function budgetCells({ metadata, spec, status }: PodDisruptionBudget, now: number): readonly Cell[] {
  return [
    metadata.name,
    String(spec?.minAvailable ?? 'N/A'),
    String(spec?.maxUnavailable ?? 'N/A'),
    status?.disruptionsAllowed ?? 0,
    age(metadata.creationTimestamp, now),
  ]
}
