/** Old labels are kept equal to the ones that took their place (reconcileNodeLabels). */
import type { Node } from '../../protocol/objects.ts'

const PAIRS = [
  ['kubernetes.io/os', 'beta.kubernetes.io/os'],
  ['kubernetes.io/arch', 'beta.kubernetes.io/arch'],
] as const

/** Labels to be set, or undefined when all are right. */
export function missingLabels({ metadata }: Node): Readonly<Record<string, string>> | undefined {
  const wrong = PAIRS.flatMap(([stable, beta]) => {
    const value = metadata.labels?.[stable]
    return value === undefined || metadata.labels?.[beta] === value ? [] : [[beta, value] as const]
  })
  return wrong.length === 0 ? undefined : Object.fromEntries(wrong)
}
