/**
 * kwok's controller (sigs.k8s.io/kwok v0.7.0, pkg/kwok/controllers): kubelets that nobody runs. It manages the Nodes
 * with the annotation `kwok.x-k8s.io/node: fake`: an actor for each of them, one for its lease, and one for all pods.
 */
import { setup } from 'xstate'
import { type Address, born, type Delivery, type Effect, send, spawn, stop, verbs } from '../../runtime/contract.ts'
import { Tree } from '../../runtime/tree.ts'
import { uidOf } from '../lib/names.ts'
import type { User } from '../protocol/api.ts'
import type { CacheChanged, Delta, ReflectorInput } from '../protocol/cache.ts'
import type { FakeNodeChanged, FakeNodeReleased, KwokInput } from '../protocol/kwok.ts'
import type { Node } from '../protocol/objects.ts'
import type { KwokNodeInput } from './node.ts'
import type { KwokPodsInput } from './pods.ts'

/** `--manage-nodes-with-annotation-selector` */
const [ANNOTATION, FAKE] = ['kwok.x-k8s.io/node', 'fake']
const USER: User = {
  name: 'system:serviceaccount:kube-system:kwok-controller',
  groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system', 'system:authenticated'],
}

interface Context extends KwokInput {
  /** Who holds the leases: another one in each life of the process. */
  readonly identity: string
  readonly managed: Tree<true>
}
type Events = CacheChanged
const { ask, decide } = verbs<Context, Events>()

export const kwok = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as KwokInput },
  actions: {
    'start its parts': ask((context, _, { self }) => parts(context, self)),
    'take nodes on and let them go': decide('cache.changed', (context, { deltas }) => looked(context, deltas)),
  },
}).createMachine({
  id: 'kwok',
  description: 'kwok: fake kubelets for the nodes that ask for them.',
  context: born((input: KwokInput, { dice }: Delivery) => ({
    ...input,
    identity: `${input.host}_${uidOf(dice, 'identity')}`,
    managed: Tree.of<true>(),
  })),
  entry: 'start its parts',
  initial: 'waitingForNodes',
  states: {
    waitingForNodes: {
      on: { 'cache.changed': { target: 'managing', actions: 'take nodes on and let them go' } },
    },
    managing: {
      description: 'What becomes of a node stands in the chart of its own actor.',
      on: { 'cache.changed': { actions: 'take nodes on and let them go' } },
    },
  },
})

const podsAt = ({ host }: Context): Address => `kwok-pods/${host}`
const nodeAt = ({ host }: Context, node: string): Address => `kwok-node/${host}/${node}`
const reflectorAt = ({ host }: Context, resource: string): Address => `reflector/${host}/kwok/${resource}`

/** Pods of all nodes are watched and those of others left alone; no client of it has a rate limit. */
function parts(context: Context, self: Address): readonly Effect[] {
  const { apiserver, cidr, host } = context
  const reflector = (resource: string, tell: readonly Address[], rest: Partial<ReflectorInput>): Effect =>
    spawn(reflectorAt(context, resource), 'reflector', {
      apiserver,
      user: USER,
      resource,
      indexes: [],
      subscribers: tell.map((to) => ({ to })),
      ...rest,
    } satisfies ReflectorInput)
  const pods: KwokPodsInput = { apiserver, user: USER, host, cidr }
  return [
    spawn(podsAt(context), 'kwok-pods', pods),
    reflector('leases.coordination.k8s.io', [], { namespace: 'kube-node-lease' }),
    reflector('pods', [podsAt(context)], { fieldSelector: 'spec.nodeName!=' }),
    reflector('nodes', [self], {}),
  ]
}

function looked(context: Context, deltas: readonly Delta[]): readonly [Partial<Context>, readonly Effect[]] {
  let { managed } = context
  const effects: Effect[] = []
  for (const { key, was, now } of deltas) {
    const isNew = was?.metadata.uid !== now?.metadata.uid
    if (managed.has(key) && isNew) {
      managed = managed.delete(key)
      effects.push(...released(context, key))
    }
    if (now === undefined) continue
    if (managed.has(key)) effects.push(send(nodeAt(context, key), changedTo(now as Node)))
    else if (isFake(now as Node)) {
      managed = managed.set(key, true)
      effects.push(takenOn(context, now as Node))
    }
  }
  return [{ managed }, effects]
}

const isFake = ({ metadata }: Node): boolean => metadata.annotations?.[ANNOTATION] === FAKE
const changedTo = (node: Node): FakeNodeChanged => ({ type: 'fakeNode.changed', node })

function takenOn(context: Context, node: Node): Effect {
  const { apiserver, identity, host, nodeIP, nodeName, nodePort, cidr } = context
  const input: KwokNodeInput = {
    apiserver,
    user: USER,
    kwok: { apiserver, host, nodeIP, nodeName, nodePort, cidr },
    node,
    identity,
    leases: reflectorAt(context, 'leases.coordination.k8s.io'),
    pods: podsAt(context),
  }
  return spawn(nodeAt(context, node.metadata.name), 'kwok-node', input)
}

/** The actor of its lease ends with it; the Lease is left to the garbage collector: the node owns it. */
const released = (context: Context, node: string): readonly Effect[] => [
  stop(nodeAt(context, node)),
  send(podsAt(context), { type: 'fakeNode.released', node } satisfies FakeNodeReleased),
]
