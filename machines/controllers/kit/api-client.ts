/**
 * The API server as a rate-limited client sees it (client-go's flowcontrol: `--kube-api-qps`, `--kube-api-burst`):
 * requests of one client pass at once while there are tokens, then in order, each when its token has come.
 *
 * It stands between a controller's objects and the API server under an address of its own, so that no chart knows
 * whether it is limited. What never came through is answered as a client reports a broken connection: by 503.
 */
import { setup } from 'xstate'
import { type Address, answer, born, type CallLost, call, type Effect, verbs, wake } from '../../../runtime/contract.ts'
import { Tree } from '../../../runtime/tree.ts'
import type { ApiAnswered, ApiRequest } from '../../protocol/api.ts'
import { emptyFifo, type Fifo, put, take } from './fifo.ts'
import { fullBucket, type Rate, reserved, type TokenBucket } from './token-bucket.ts'

export interface ApiClientInput extends Rate {
  readonly apiserver: Address
}
interface Asker {
  readonly from: Address
  readonly call: number
}
interface Context extends ApiClientInput {
  readonly bucket: TokenBucket
  /** What waits for its token, in order. */
  readonly waiting: Fifo<Asker & { readonly request: ApiRequest }>
  /** Who waits for an answer, by line. */
  readonly open: Tree<Asker>
  /** Lines used so far. */
  readonly lines: number
}
interface TokenCame {
  readonly type: 'token.came'
}
type Events = ApiRequest | ApiAnswered | CallLost | TokenCame

const { decide, when } = verbs<Context, Events>()

export const apiClient = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as ApiClientInput },
  guards: {
    'it is the last that waits': when(({ waiting }) => waiting.size === 1),
    'a token is there': when(
      ({ bucket, perSecond, burst }, _, { at }) => reserved(bucket, { perSecond, burst }, at)[1] === 0,
    ),
  },
  actions: {
    'pass it on': decide('api.request', (context, request, { from, call, at }) => {
      const [bucket] = reserved(context.bucket, context, at)
      const [change, effects] = passed(context, { from, call, request })
      return [{ bucket, ...change }, effects]
    }),
    'let it wait': decide('api.request', (context, request, { from, call }) => [
      { waiting: put(context.waiting, { from, call, request }) },
      [],
    ]),
    'reserve a token': decide((context, _, { at }) => {
      const [bucket, waitMs] = reserved(context.bucket, context, at)
      return [{ bucket }, [wake('token', waitMs, { type: 'token.came' } satisfies TokenCame)]]
    }),
    'pass on who waited longest': decide((context) => {
      const next = take(context.waiting)
      if (next === undefined) return [{}, []]
      const [change, effects] = passed(context, next[0])
      return [{ waiting: next[1], ...change }, effects]
    }),
    'hand the answer back': decide('api.answered', ({ open }, reply, { line }) => handedBack(open, line, reply)),
    'say that it was lost': decide('call.lost', ({ open }, { line, reason }) => handedBack(open, line, lost(reason))),
  },
}).createMachine({
  id: 'api-client',
  description: 'A rate limiter only lets through or holds back: what became of a request is known by who asked.',
  context: born((input: ApiClientInput, { at }) => ({
    ...input,
    bucket: fullBucket(input, at),
    waiting: emptyFifo<Asker & { readonly request: ApiRequest }>(),
    open: Tree.of<Asker>(),
    lines: 0,
  })),
  initial: 'passing',
  on: {
    'api.answered': { actions: 'hand the answer back' },
    'call.lost': { actions: 'say that it was lost' },
  },
  states: {
    passing: {
      on: {
        'api.request': [
          { guard: 'a token is there', actions: 'pass it on' },
          { target: 'throttling', actions: ['let it wait', 'reserve a token'] },
        ],
      },
    },
    throttling: {
      description: 'The bucket is empty. The first that waits has its token reserved; the others wait behind it.',
      on: {
        'api.request': { actions: 'let it wait' },
        'token.came': [
          { guard: 'it is the last that waits', target: 'passing', actions: 'pass on who waited longest' },
          { actions: ['pass on who waited longest', 'reserve a token'] },
        ],
      },
    },
  },
})

function passed({ apiserver, open, lines }: Context, { from, call: asked, request }: Asker & { request: ApiRequest }) {
  const line = `${lines}`
  const change = { open: open.set(line, { from, call: asked }), lines: lines + 1 }
  return [change, [call(apiserver, request, line)]] as const
}

function handedBack(
  open: Tree<Asker>,
  line: string,
  reply: ApiAnswered,
): readonly [Partial<Context>, readonly Effect[]] {
  const asker = open.get(line)
  if (asker === undefined) return [{}, []]
  return [{ open: open.delete(line) }, [answer(asker.from, asker.call, reply)]]
}

const lost = (reason: CallLost['reason']): ApiAnswered => ({
  type: 'api.answered',
  code: 503,
  status: {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    code: 503,
    reason: 'ServiceUnavailable',
    message: reason === 'refused' ? 'connection refused' : 'unexpected EOF',
  },
})
