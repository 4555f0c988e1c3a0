/** The words that the parts of the chart are written in. */
import { setup } from 'xstate'
import { REQUEST_TIMEOUT_MS } from '../clients.ts'
import type { Context, Input } from '../context.ts'
import { ELECTION_MS, HEARTBEAT_MS } from '../raft/election.ts'
import { LOOK_MS } from '../roles/head-start.ts'
import { nextTurnMs } from '../watching.ts'
import { actions } from './actions.ts'
import { type Events, lasting } from './events.ts'
import { guards } from './guards.ts'

export const words = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as Input },
  delays: {
    'request timeout': REQUEST_TIMEOUT_MS,
    'read index retry': 500,
    'election timeout': ELECTION_MS,
    'look at the leader': HEARTBEAT_MS,
    'look at the connections': LOOK_MS,
    'probe timeout': 100,
    'bootstrap timeout': 2_000,
    farewell: 10 * HEARTBEAT_MS,
    'next turn of the watch loop': lasting(nextTurnMs),
  },
  guards,
  actions,
})
