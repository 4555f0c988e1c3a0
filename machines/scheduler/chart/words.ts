/** The words that the parts of the chart are written in. */
import { setup } from 'xstate'
import { REQUEST_TIMEOUT_MS } from '../../lib/requests.ts'
import { admitted } from '../client-limit.ts'
import { type Attempt, type SchedulerContext, type SchedulerInput } from '../cycle.ts'
import { firstFlushable } from '../queue.ts'
import { feasibleNodesToFind } from '../sampling.ts'
import { actions } from './actions.ts'
import { type Events, lasting } from './events.ts'
import { guards } from './guards.ts'

/** What an attempt costs: fitted to the algorithm's speed in the recordings (100 to 5,000 nodes). */
const ATTEMPT_MS = 0.3
const ATTEMPT_PER_NODE_MS = 0.0013
const BACK_OFF_FLUSH_MS = 1_000
const UNSCHEDULABLE_FLUSH_MS = 30_000

export const words = setup({
  types: { context: {} as SchedulerContext, events: {} as Events, input: {} as SchedulerInput },
  delays: {
    'scheduling attempt': lasting(({ cache, attempt }) => {
      const { percentageOfNodesToScore } = (attempt as Attempt).profile
      const nodes = feasibleNodesToFind(cache.order.places.size, percentageOfNodesToScore)
      return ATTEMPT_MS + ATTEMPT_PER_NODE_MS * nodes
    }),
    'client rate limit': lasting(({ client }, _, { at }) => admitted(client, at)[0]),
    'request timeout': REQUEST_TIMEOUT_MS,
    'back-off flush': lasting(({ startedAt }, _, { at }) => untilTick(startedAt, at, BACK_OFF_FLUSH_MS)),
    'flush of unschedulable pods': lasting(({ startedAt, queue }, _, { at }) => {
      const due = Math.max(at, firstFlushable(queue) ?? at)
      return due - at + untilTick(startedAt, due, UNSCHEDULABLE_FLUSH_MS)
    }),
  },
  guards,
  actions,
})

/** Up to the next of the regular ticks since the start; never now. */
const untilTick = (startedAt: number, at: number, everyMs: number): number =>
  everyMs - ((((at - startedAt) % everyMs) + everyMs) % everyMs)
