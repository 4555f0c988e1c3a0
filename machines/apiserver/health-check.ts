/**
 * One look at /readyz: a server is well when etcd answers it a read that a quorum has confirmed, and in time
 * (apiserver/pkg/storage/storagebackend/factory: newETCD3HealthCheck). A server whose member is cut off from the others
 * serves what it remembers, and no load balancer should lead anybody there.
 */
import { setup } from 'xstate'
import { type Address, answer, born, type CallLost, call, verbs } from '../../runtime/contract.ts'
import type { ApiHealthAnswered } from '../protocol/api.ts'
import type { EtcdAnswered, EtcdFailed } from '../protocol/etcd.ts'
import { HEALTH } from './etcd-calls.ts'

export interface HealthCheckInput {
  readonly client: Address
  readonly call: number
  /** The member that the server is connected to. */
  readonly member: Address
}
type Events = EtcdAnswered | EtcdFailed | CallLost
const { ask } = verbs<HealthCheckInput, Events>()

const say = ({ client, call: number }: HealthCheckInput, ok: boolean) =>
  answer(client, number, { type: 'api.healthAnswered', ok } satisfies ApiHealthAnswered)

export const apiHealthCheck = setup({
  types: { context: {} as HealthCheckInput, events: {} as Events, input: {} as HealthCheckInput },
  // --etcd-healthcheck-timeout and --etcd-readycheck-timeout
  delays: { 'health check timeout': 2_000 },
  actions: {
    'ask etcd': ask(({ member }) => call(member, HEALTH, 'etcd')),
    'say that it is well': ask((context) => say(context, true)),
    'say that it is not well': ask((context) => say(context, false)),
  },
}).createMachine({
  id: 'api-health-check',
  context: born((input: HealthCheckInput) => input),
  initial: 'asking',
  states: {
    asking: {
      entry: 'ask etcd',
      on: { 'etcd.answered': 'well', 'etcd.failed': 'unwell', 'call.lost': 'unwell' },
      after: { 'health check timeout': 'unwell' },
    },
    well: { entry: 'say that it is well', type: 'final' },
    unwell: { entry: 'say that it is not well', type: 'final' },
  },
})
