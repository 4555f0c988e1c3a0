/** A machine: it boots, then keeps its units running until it loses power. */
import { setup } from 'xstate'
import { born, spawn, verbs } from '../../runtime/contract.ts'
import type { HostInput, UnitInput } from '../protocol/host.ts'

type Never = { readonly type: 'never' }
const { ask, lasting } = verbs<HostInput, Never>()

export const host = setup({
  types: { context: {} as HostInput, events: {} as Never, input: {} as HostInput },
  delays: { 'boot time': lasting(({ bootMs }) => bootMs) },
  actions: {
    'start its units': ask(({ units }, _, { self }) =>
      units.map((unit) => spawn(unitAddress(self, unit), 'unit', unit)),
    ),
  },
}).createMachine({
  id: 'host',
  description: 'One machine with its init system. It is off when this actor is not there.',
  context: born((input: HostInput) => input),
  initial: 'booting',
  states: {
    booting: {
      description: 'Firmware, kernel, init: nothing of the cluster runs yet.',
      after: { 'boot time': 'running' },
    },
    running: {
      tags: 'at rest',
      entry: 'start its units',
      description: 'Each unit is an actor that restarts its process.',
    },
  },
})

/** `unit/node-1/kubelet` keeps `kubelet/node-1` running. */
const unitAddress = (self: string, { address }: UnitInput): string =>
  `unit/${self.slice('host/'.length)}/${address.slice(0, address.indexOf('/'))}`
