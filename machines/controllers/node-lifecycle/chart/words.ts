/** The words that the regions of the chart of a node are written in. */
import { setup } from 'xstate'
import { draw } from '../../../../runtime/contract.ts'
import { REQUEST_TIMEOUT_MS } from '../../../lib/requests.ts'
import type { NodeHealthInput } from '../words.ts'
import { actions } from './actions.ts'
import { type Context, type Events, lasting } from './events.ts'
import { guards } from './guards.ts'

/** retrySleepTime */
const RETRY_MS = 20
/** UpdateTaintBackoff */
const TAINT_RETRY_MS = 100

export const words = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as NodeHealthInput },
  delays: {
    'request timeout': REQUEST_TIMEOUT_MS,
    'retry sleep': RETRY_MS,
    'taint back-off': lasting(
      ({ conflicts }, _, { dice }) => TAINT_RETRY_MS * (1 + draw(dice, 'taint back-off', conflicts) / 2 ** 32),
    ),
  },
  guards,
  actions,
})
