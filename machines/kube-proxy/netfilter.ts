/**
 * The kernel's tables of one node: where packets go by the rules that kube-proxy has written. They stay when kube-proxy
 * is gone, and go with the power.
 */
import { setup } from 'xstate'
import { answer, born, verbs } from '../../runtime/contract.ts'
import type { ConnectionOpened, ConnectionRouted } from '../protocol/network.ts'
import { type Affinities, noAffinities, route, type Surroundings } from './route.ts'
import { noRules, type Rules } from './rules.ts'

interface Tables extends Surroundings {
  readonly rules: Rules
  readonly affinities: Affinities
}
/** All rules at once, by reference, as `iptables-restore` writes a whole table. */
export interface RulesWritten {
  readonly type: 'rules.written'
  /** Marks a big value. */
  readonly view: string
  readonly rules: Rules
}
/** A `call` of a kube-proxy that starts: answered by `tables.found`, or refused when the machine has just started. */
export interface TablesSought {
  readonly type: 'tables.sought'
}
export interface TablesFound {
  readonly type: 'tables.found'
}
type Events = RulesWritten | TablesSought | ConnectionOpened
const { update, ask, decide } = verbs<Tables, Events>()

export const netfilter = setup({
  types: { context: {} as Tables, events: {} as Events, input: {} as Surroundings },
  actions: {
    'take the rules': update('rules.written', (_, { rules }) => ({ rules })),
    'tell that it is there': ask('tables.sought', (_, __, { from, call }) =>
      answer(from, call, { type: 'tables.found' }),
    ),
    'route the connection': decide('connection.opened', (tables, connection, { from, call, at, dice }) => {
      const chance = { at, dice, ordinal: connection.ordinal }
      const [to, affinities] = route(tables.rules, tables, connection, tables.affinities, chance)
      return [{ affinities }, answer(from, call, { type: 'connection.routed', to } satisfies ConnectionRouted)]
    }),
  },
}).createMachine({
  id: 'netfilter',
  description: 'Tables have no life of their own: they are as they were written last.',
  context: born((input: Surroundings) => ({ ...input, rules: noRules, affinities: noAffinities })),
  initial: 'empty',
  on: {
    'tables.sought': { actions: 'tell that it is there' },
    'connection.opened': { actions: 'route the connection' },
  },
  states: {
    empty: {
      description: 'No proxy has written yet: pods are reached, services are not.',
      on: { 'rules.written': { target: 'programmed', actions: 'take the rules' } },
    },
    programmed: { on: { 'rules.written': { actions: 'take the rules' } } },
  },
})
