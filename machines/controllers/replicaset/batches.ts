/** What becomes of the creations and deletions of a sync: what is unseen from now on, what failed, what is to be told. */
import type { ApiAnswered } from '../../protocol/api.ts'
import type { EventHappened } from '../../protocol/cache.ts'
import type { ApiObject, Pod } from '../../protocol/objects.ts'
import { type Expectations, unseen } from '../kit/expectations.ts'
import { happened } from '../kit/sync.ts'
import type { Failure } from './status.ts'

export interface Work {
  /** Answers that are still to come. */
  readonly open: number
  readonly failure: Failure | undefined
  readonly expectations: Expectations
}
export type Outcome = readonly [change: Work, told: readonly EventHappened[]]

/** What client-go says when there was no answer. */
export const NO_ANSWER: Readonly<Record<'refused' | 'reset' | 'late', string>> = {
  refused: 'connection refused',
  reset: 'unexpected EOF',
  late: 'context deadline exceeded',
}

export function created(work: Work, set: ApiObject, reply: ApiAnswered, at: number): Outcome {
  const { open, failure, expectations } = work
  // In a namespace that is ending nothing can be made: no failure, and nothing to tell.
  if (isTerminating(reply)) return [{ ...work, open: open - 1 }, []]
  if (reply.code >= 300 || reply.object === undefined) return notCreated(work, set, reply.status?.message ?? '')
  const creations = [...expectations.creations, unseen(reply.object)]
  return [
    { open: open - 1, failure, expectations: { ...expectations, creations, since: at } },
    [happened(set, 'Normal', 'SuccessfulCreate', `Created pod: ${reply.object.metadata.name}`)],
  ]
}

export const notCreated = (work: Work, set: ApiObject, message: string): Outcome => [
  { ...work, open: work.open - 1, failure: work.failure ?? { message } },
  [happened(set, 'Warning', 'FailedCreate', `Error creating: ${message}`)],
]

/** A pod that was not there any more is no failure, but nobody will see it go either. */
export function deleted(work: Work, set: ApiObject, pod: Pod, reply: ApiAnswered): Outcome {
  if (reply.code < 300)
    return [
      { ...work, open: work.open - 1 },
      [happened(set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`)],
    ]
  if (reply.code !== 404) return notDeleted(work, set, pod, reply.status?.message ?? '')
  return [{ ...work, open: work.open - 1, expectations: without(work.expectations, pod) }, []]
}

export const notDeleted = (work: Work, set: ApiObject, pod: Pod, message: string): Outcome => [
  {
    open: work.open - 1,
    failure: work.failure ?? { message },
    expectations: without(work.expectations, pod),
  },
  [happened(set, 'Warning', 'FailedDelete', `Error deleting: ${message}`)],
]

function without({ creations, deletions, since }: Expectations, { metadata }: Pod): Expectations {
  return { creations, deletions: deletions.filter(({ uid }) => uid !== metadata.uid), since }
}

const isTerminating = ({ status }: ApiAnswered): boolean =>
  (status?.details?.causes ?? []).some(({ reason }) => reason === 'NamespaceTerminating')
