/**
 * The extenders that have a say in one phase of an attempt are asked, one after the other: each hears what the ones
 * before left. Then the scheduling loop, which waits, is told what came of it.
 */
import { setup } from 'xstate'
import { type Address, born, type CallLost, call, send, verbs } from '../../runtime/contract.ts'
import { type ExtenderAnswered, extenderAt } from '../protocol/extender.ts'
import type { Pod } from '../protocol/objects.ts'
import { type Extender, heard, question, type Round, urlOf } from './extender.ts'

export interface ExtenderRoundInput {
  readonly pod: Pod
  readonly extenders: readonly Extender[]
  /** What they are asked about. */
  readonly round: Round
  readonly scheduler: Address
}
/** What came of it; told to the scheduler. */
export interface ExtendersHeard {
  readonly type: 'extenders.heard'
  readonly round: Round
  /** Why the round failed; undefined: it did not. */
  readonly error: string | undefined
}
interface Context extends ExtenderRoundInput {
  readonly error: string | undefined
}
type Events = ExtenderAnswered | CallLost

const { update, ask, when, lasting } = verbs<Context, Events>()

export const extenderRound = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as ExtenderRoundInput },
  delays: { 'extender timeout': lasting((context) => next(context).httpTimeoutMs) },
  guards: {
    'nobody is left to be asked': when(({ extenders, round }) => extenders.length === 0 || isDecided(round)),
  },
  actions: {
    'ask the next extender': ask((context) => {
      const { pod, round } = context
      return call(extenderAt(next(context).urlPrefix), question(next(context), pod, round), 'extender')
    }),
    'take its answer': update('extender.answered', (context, reply) => {
      const found = heard(next(context), context.round, reply)
      return typeof found === 'string' ? without(context, found) : { ...without(context), round: found }
    }),
    'note that it cannot be reached': update('call.lost', (context, { reason }) =>
      without(context, `Post "${urlNow(context)}": connection ${reason}`),
    ),
    'note that it does not answer': update((context) =>
      without(context, `Post "${urlNow(context)}": context deadline exceeded`),
    ),
    'tell the scheduler': ask(({ scheduler, round, error }) =>
      send(scheduler, { type: 'extenders.heard', round, error } satisfies ExtendersHeard),
    ),
  },
}).createMachine({
  id: 'extender-round',
  context: born((input: ExtenderRoundInput) => ({ error: undefined, ...input })),
  initial: 'deciding',
  states: {
    deciding: {
      always: [
        {
          guard: 'nobody is left to be asked',
          target: 'over',
          description: 'Or one that must not be ignored failed, or no node is left.',
        },
        { target: 'asking' },
      ],
    },
    asking: {
      entry: 'ask the next extender',
      on: {
        'extender.answered': { target: 'deciding', actions: 'take its answer' },
        'call.lost': { target: 'deciding', actions: 'note that it cannot be reached' },
      },
      after: { 'extender timeout': { target: 'deciding', actions: 'note that it does not answer' } },
    },
    over: { entry: 'tell the scheduler', type: 'final' },
  },
})

const next = ({ extenders }: Context): Extender => extenders[0] as Extender
const urlNow = (context: Context): string => {
  const { phase } = context.round
  return urlOf(next(context), next(context)[`${phase}Verb`])
}
const isDecided = (round: Round): boolean =>
  round.phase === 'preempt' ? Object.keys(round.victims).length === 0 : round.nodes.length === 0

/** A failure ends the round, unless it may be ignored. Scores are never worth a failure. */
function without(context: Context, error?: string): Pick<Context, 'extenders' | 'error'> {
  const { extenders, round } = context
  if (error === undefined || next(context).ignorable || round.phase === 'prioritize')
    return { extenders: extenders.slice(1), error: undefined }
  return { extenders: [], error }
}
