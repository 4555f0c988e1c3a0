/**
 * A process of which only one works at a time: kube-controller-manager, kube-scheduler. Some of its parts start with it,
 * the others when it becomes the leader. Who loses the lead exits (with code 1): the init system starts it anew.
 */
import { setup } from 'xstate'
import { type Address, born, hostOf, spawn, verbs } from '../../../runtime/contract.ts'
import { uidOf } from '../../lib/names.ts'
import type { User } from '../../protocol/api.ts'
import type { LeaderElectorInput, LeadershipGained, LeadershipLost } from '../../protocol/cache.ts'

/** An actor of a process: `{ address: 'reflector/cp-1/kube-scheduler/pods', machine: 'reflector', input }`. */
export interface Part {
  readonly address: Address
  readonly machine: string
  readonly input: unknown
}
export interface LeadingProcessInput {
  /** Name of the Lease in kube-system. */
  readonly lease: string
  readonly apiserver: Address
  readonly user: User
  /** The event recorder that is told who became leader; one of the parts that always run. */
  readonly recorder: Address
  readonly always: readonly Part[]
  readonly leading: readonly Part[]
}
type Events = LeadershipGained | LeadershipLost

const { ask } = verbs<LeadingProcessInput, Events>()

export const leadingProcess = setup({
  types: { context: {} as LeadingProcessInput, events: {} as Events, input: {} as LeadingProcessInput },
  actions: {
    'start what always runs': ask(({ always }) => started(always)),
    'start the elector': ask((context, _, { self, dice }) => {
      const { lease, apiserver, user, recorder } = context
      const input: LeaderElectorInput = { apiserver, user, lease, recorder, identity: identity(self, dice), tell: self }
      return spawn(`leader-elector/${hostOf(self)}/${lease}`, 'leader-elector', input)
    }),
    'start what a leader runs': ask(({ leading }) => started(leading)),
  },
}).createMachine({
  id: 'leading-process',
  context: born((input: LeadingProcessInput) => input),
  entry: ['start what always runs', 'start the elector'],
  initial: 'standingBy',
  states: {
    standingBy: { on: { 'leadership.gained': 'leading' } },
    leading: { entry: 'start what a leader runs', on: { 'leadership.lost': 'exited' } },
    exited: { type: 'final' },
  },
})

const started = (parts: readonly Part[]) => parts.map(({ address, machine, input }) => spawn(address, machine, input))

/** `<hostname>_<uuid>`, new for each life of the process. */
const identity = (self: Address, dice: number): string => `${hostOf(self)}_${uidOf(dice, 'identity')}`
