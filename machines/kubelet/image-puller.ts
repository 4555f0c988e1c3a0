/** Pulls images, one after another for the whole node (`serializeImagePulls`, pkg/kubelet/images/puller.go). */
import { setup } from 'xstate'
import { type Address, answer, born, type CallLost, call, send, verbs } from '../../runtime/contract.ts'
import type { CriAnswered, CriFailed, Image } from '../protocol/cri.ts'
import type { ImagePulled, ImagePullFailed, ImageWanted } from '../protocol/kubelet.ts'
import { failureOf, rpcText } from './pod/syncing.ts'

export interface ImagePullerInput {
  readonly runtime: Address
  /** Is told when the node has one image more. */
  readonly nodeStatus: Address
}
interface Context extends ImagePullerInput {
  readonly queue: readonly Wish[]
  readonly beganAt: number
}
interface Wish {
  readonly image: string
  readonly from: Address
  readonly call: number
}
type Events = ImageWanted | CriAnswered | CriFailed | CallLost

const { update, ask, decide, when } = verbs<Context, Events>()

const answered = ({ queue }: Context, event: ImagePulled | ImagePullFailed) => {
  const [wish, ...rest] = queue as readonly [Wish, ...Wish[]]
  return [{ queue: rest }, [answer(wish.from, wish.call, event)]] as const
}

export const imagePuller = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as ImagePullerInput },
  guards: { 'an image is wanted': when(({ queue }) => queue.length > 0) },
  actions: {
    'queue it': update('image.wanted', ({ queue }, { image }, { from, call }) => ({
      queue: [...queue, { image, from, call }],
    })),
    'pull the first': decide(({ queue, runtime }, _, { at }) => [
      { beganAt: at },
      call(runtime, { type: 'cri.request', call: 'PullImage', image: queue[0]?.image ?? '' }, 'pull'),
    ]),
    'answer that it is here': decide('cri.answered', (context, { reply }, { at }) => {
      const { image } = reply as { image: Image }
      return answered(context, { type: 'image.pulled', image, pullMs: at - context.beganAt })
    }),
    'tell the status of the node': ask(({ nodeStatus }) => send(nodeStatus, { type: 'images.changed' })),
    'answer that it failed': decide((context, event) =>
      answered(context, { type: 'image.pullFailed', error: pullError(event) }),
    ),
  },
}).createMachine({
  id: 'image-puller',
  description: 'A queue of one worker: it pulls, or there is nothing to pull.',
  context: born((input) => ({ ...input, queue: [], beganAt: 0 })),
  initial: 'idle',
  on: { 'image.wanted': { actions: 'queue it' } },
  states: {
    idle: { always: { guard: 'an image is wanted', target: 'pulling' } },
    pulling: {
      entry: 'pull the first',
      on: {
        'cri.answered': { target: 'idle', actions: ['answer that it is here', 'tell the status of the node'] },
        'cri.failed': { target: 'idle', actions: 'answer that it failed' },
        'call.lost': { target: 'idle', actions: 'answer that it failed' },
      },
    },
  },
})

/** The remote image service strips the code of unknown errors, since it says nothing. */
function pullError(event: { readonly type: string }): string {
  const { code, error } = failureOf(event)
  return code === 'Unknown' ? error : rpcText({ code, error })
}
