/** One pull of an image: asks the registry, loads the layers, unpacks them. Several askers share it. */
import { setup } from 'xstate'
import { type Address, born, send, verbs } from '../../../runtime/contract.ts'
import type { PullOutcome } from '../../protocol/workload.ts'
import { PULL_REFUSED_MS } from './timings.ts'

/** What a pull is told at birth (machine `image-pull`). */
export interface ImagePullInput {
  readonly runtime: Address
  readonly image: string
  readonly outcome: PullOutcome
  /** Of which this is the so-maniest pull on this node, from 0: a flaky registry fails the first two. */
  readonly attempt: number
  readonly loadMs: number
}
export interface PullFinished {
  readonly type: 'pull.finished'
  readonly image: string
  readonly outcome: Exclude<PullOutcome, 'flaky'>
}
type Never = { readonly type: 'never' }
const { ask, when, lasting } = verbs<ImagePullInput, Never>()

const FLAKY_FAILURES = 2

const outcomeOf = ({ outcome, attempt }: ImagePullInput): PullFinished['outcome'] =>
  outcome !== 'flaky' ? outcome : attempt < FLAKY_FAILURES ? 'missing' : 'well'
const finished = (pull: ImagePullInput, outcome: PullFinished['outcome']) =>
  send(pull.runtime, { type: 'pull.finished', image: pull.image, outcome } satisfies PullFinished)

export const imagePull = setup({
  types: { context: {} as ImagePullInput, events: {} as Never, input: {} as ImagePullInput },
  delays: {
    'time of the registry': PULL_REFUSED_MS,
    'time to load': lasting(({ loadMs }) => Math.max(0, loadMs - PULL_REFUSED_MS)),
  },
  guards: { 'the registry has it': when((pull) => outcomeOf(pull) === 'well') },
  actions: {
    'tell that it is there': ask((pull) => finished(pull, 'well')),
    'tell why not': ask((pull) => finished(pull, outcomeOf(pull))),
  },
}).createMachine({
  id: 'image-pull',
  context: born((input: ImagePullInput) => input),
  initial: 'resolving',
  states: {
    resolving: {
      description: 'HEAD of the manifest: does the registry know the name, and may we have it?',
      after: {
        'time of the registry': [{ guard: 'the registry has it', target: 'loading' }, { target: 'failed' }],
      },
    },
    loading: {
      description: 'Layers are loaded and unpacked.',
      after: { 'time to load': 'done' },
    },
    failed: { type: 'final', entry: 'tell why not' },
    done: { type: 'final', entry: 'tell that it is there' },
  },
})
