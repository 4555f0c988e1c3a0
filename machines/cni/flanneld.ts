/**
 * flannel's daemon on one node: waits until the node has its range of pod addresses, then configures the network for the
 * container runtime (the real one writes /etc/cni/net.d, which containerd watches). Nodes reach each other's pods.
 */
import { setup } from 'xstate'
import { type Address, born, type SendRefused, send, spawn, verbs } from '../../runtime/contract.ts'
import type { User } from '../protocol/api.ts'
import type { CacheChanged, ReflectorInput } from '../protocol/cache.ts'
import type { Node } from '../protocol/objects.ts'
import type { CniConfigured } from '../protocol/workload.ts'

export interface FlanneldInput {
  readonly node: string
  readonly apiserver: Address
  readonly runtime: Address
}
interface Context extends FlanneldInput {
  readonly podCIDR: string
}
type Events = CacheChanged | SendRefused
const { update, ask, when } = verbs<Context, Events>()

const USER: User = {
  name: 'system:serviceaccount:kube-flannel:flannel',
  groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-flannel', 'system:authenticated'],
}

export const flanneld = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as FlanneldInput },
  delays: { 'retry period': 1_000 },
  guards: {
    'the node has another range now': when('cache.changed', ({ node, podCIDR }, event) => {
      const range = rangeOf(node, event)
      return range !== '' && range !== podCIDR
    }),
  },
  actions: {
    'watch the node': ask(({ node, apiserver }, _, { self }) =>
      spawn(`reflector/${node}/flanneld/nodes`, 'reflector', {
        apiserver,
        user: USER,
        resource: 'nodes',
        fieldSelector: `metadata.name=${node}`,
        indexes: [],
        subscribers: [{ to: self }],
      } satisfies ReflectorInput),
    ),
    'note the range': update('cache.changed', ({ node }, event) => ({ podCIDR: rangeOf(node, event) })),
    'configure the network': ask(({ runtime, podCIDR }) =>
      send(runtime, { type: 'cni.configured', podCIDR } satisfies CniConfigured),
    ),
  },
}).createMachine({
  id: 'flanneld',
  description: 'flannel on one node: gives its container runtime the range of pod addresses.',
  context: born((input: FlanneldInput) => ({ ...input, podCIDR: '' })),
  entry: 'watch the node',
  initial: 'waitingForRange',
  on: {
    'cache.changed': { guard: 'the node has another range now', target: '.configured', actions: 'note the range' },
  },
  states: {
    waitingForRange: { description: 'spec.podCIDR comes from the node IPAM controller.' },
    configured: { entry: 'configure the network', on: { 'send.refused': 'runtimeIsDown' } },
    runtimeIsDown: { after: { 'retry period': 'configured' } },
  },
})

const rangeOf = (node: string, { cache }: CacheChanged): string =>
  (cache.objects.get(node) as Node | undefined)?.spec?.podCIDR ?? ''
