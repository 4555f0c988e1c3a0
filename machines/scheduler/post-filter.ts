/** What DefaultPreemption says of a pod that fits nowhere: whom it would evict, or why that would not help. */
import { counted, histogram } from './diagnosis.ts'
import { nominatedTo } from './nominations.ts'
import { type Candidate, cheapest, type DryRun, dryRun, ineligible, nodesToTry, type Tried } from './preemption.ts'
import { frameworkOf } from './registry.ts'

const NO_HELP = 'Preemption is not helpful for scheduling'

export interface PostFiltered {
  /** The `preemption: …` at the end of the message; '' when victims make room, or nobody was asked. */
  readonly message: string
  /** Nodes on which the pod would fit without some pods of lower priority. */
  readonly candidates: readonly Candidate[]
  /** Those of them that cost least: any of them may be taken. */
  readonly best: readonly Candidate[]
  /** Why victims would not help. */
  readonly rejected: DryRun['rejected']
  /** Where the pod is nominated to if no candidate is taken: '' clears its nomination, undefined leaves it alone. */
  readonly nominate: string | undefined
  /** Nothing can help, so that the nomination of the pod itself is cleared even before its failure is reported. */
  readonly hopeless: boolean
}
const NOTHING: PostFiltered = {
  message: '',
  candidates: [],
  best: [],
  rejected: {},
  nominate: undefined,
  hopeless: false,
}

/** @param offset draws where the dry run begins, of so many nodes */
export function postFiltered(tried: Tried, offset: (nodes: number) => number = () => 0): PostFiltered {
  if (!frameworkOf(tried.profile).preempts) return NOTHING
  const why = ineligible(tried)
  if (why !== undefined) return { ...NOTHING, message: `preemption: ${why}` }
  const nodes = nodesToTry(tried)
  const found = dryRun(tried, nodes, nodes.length === 0 ? 0 : offset(nodes.length))
  const { candidates, rejected } = found
  if (candidates.length > 0) return { ...NOTHING, candidates, rejected, best: cheapest(candidates) }
  const error = Object.values(rejected).find(({ code }) => code === 'Error')
  if (error !== undefined) return { ...NOTHING, message: `preemption: ${error.reasons.join(', ')}` }
  const hopeless = nodes.length === 0 && nominatedTo(tried.pod.pod) !== ''
  return { ...NOTHING, message: inWords(tried.snapshot.order.places.size, rejected), rejected, nominate: '', hopeless }
}

/** FitError.Error() of the dry run. */
function inWords(nodes: number, rejected: DryRun['rejected']): string {
  const rejections = Object.values(rejected)
  const counts = counted(rejections)
  const others = nodes - rejections.length
  if (others > 0) counts.set(NO_HELP, (counts.get(NO_HELP) ?? 0) + others)
  return `preemption: 0/${nodes} nodes are available: ${histogram(counts)}.`
}
