/** What stands in a namespace's status while it is deleted (pkg/controller/namespace/deletion/status_condition_utils.go). */
import { rfc3339 } from '../../lib/time.ts'
import type { core } from '../../protocol/objects.ts'

type Condition = core.NamespaceCondition

/** What came of one pass over the content. */
export interface Outcome {
  /** Objects left, by `plural.group`. */
  readonly remaining: Readonly<Record<string, number>>
  /** Objects that each finalizer holds. */
  readonly finalizers: Readonly<Record<string, number>>
  readonly failures: readonly string[]
}
export const nothingYet: Outcome = { remaining: {}, finalizers: {}, failures: [] }

interface Finding {
  readonly type: string
  readonly status: 'True' | 'False'
  readonly reason: string
  readonly message: string
}
const fine = (type: string, reason: string, message: string): Finding => ({ type, status: 'False', reason, message })
const bad = (type: string, reason: string, message: string): Finding => ({ type, status: 'True', reason, message })

const findings = ({ remaining, finalizers, failures }: Outcome): readonly Finding[] => [
  fine('NamespaceDeletionDiscoveryFailure', 'ResourcesDiscovered', 'All resources successfully discovered'),
  fine(
    'NamespaceDeletionGroupVersionParsingFailure',
    'ParsedGroupVersions',
    'All legacy kube types successfully parsed',
  ),
  failures.length === 0
    ? fine(
        'NamespaceDeletionContentFailure',
        'ContentDeleted',
        'All content successfully deleted, may be waiting on finalization',
      )
    : bad(
        'NamespaceDeletionContentFailure',
        'ContentDeletionFailed',
        `Failed to delete all resource types, ${failures.length} remaining: ${[...failures].sort().join(', ')}`,
      ),
  hasNone(remaining)
    ? fine('NamespaceContentRemaining', 'ContentRemoved', 'All content successfully removed')
    : bad(
        'NamespaceContentRemaining',
        'SomeResourcesRemain',
        `Some resources are remaining: ${listed(remaining, (name, count) => `${name} has ${count} resource instances`)}`,
      ),
  hasNone(finalizers)
    ? fine('NamespaceFinalizersRemaining', 'ContentHasNoFinalizers', 'All content-preserving finalizers finished')
    : bad(
        'NamespaceFinalizersRemaining',
        'SomeFinalizersRemain',
        `Some content in the namespace has finalizers remaining: ${listed(finalizers, (name, count) => `${name} in ${count} resource instances`)}`,
      ),
]

/** @returns the conditions as they should be, or undefined when they are. */
export function conditionsAfter(
  current: readonly Condition[] | undefined,
  outcome: Outcome,
  at: number,
): readonly Condition[] | undefined {
  let changed = false
  const next = [...(current ?? [])]
  for (const finding of findings(outcome)) {
    const place = next.findIndex(({ type }) => type === finding.type)
    const old = next[place]
    if (old?.status === finding.status && old.message === finding.message && old.reason === finding.reason) continue
    changed = true
    const lastTransitionTime = old?.status === finding.status ? old.lastTransitionTime : rfc3339(at)
    const condition: Condition = { ...finding, ...(lastTransitionTime === undefined ? {} : { lastTransitionTime }) }
    if (place < 0) next.push(condition)
    else next[place] = condition
  }
  return changed ? next : undefined
}

const hasNone = (counts: Readonly<Record<string, number>>): boolean => Object.keys(counts).length === 0
const listed = (counts: Readonly<Record<string, number>>, sentence: (name: string, count: number) => string): string =>
  Object.entries(counts)
    .map(([name, count]) => sentence(name, count))
    .sort()
    .join(', ')
