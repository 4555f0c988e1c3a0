/**
 * kube-proxy: keeps the node's tables in step with services and their endpoints.
 *
 * Modelled on cmd/kube-proxy and pkg/proxy/iptables of v1.32: nothing is written before both caches are filled; then
 * every change asks for a sync, which the bounded-frequency runner holds back.
 */
import { setup } from 'xstate'
import {
  type Address,
  born,
  type CallLost,
  call,
  type Delivery,
  send,
  spawn,
  spawnProcess,
  verbs,
} from '../../runtime/contract.ts'
import type { CacheChanged, ReflectorInput } from '../protocol/cache.ts'
import { type Known, noted, nothingKnown, synced } from './changes.ts'
import type { Place } from './endpoints.ts'
import type { RulesWritten, TablesFound } from './netfilter.ts'
import type { Mode, Surroundings } from './route.ts'
import { noRules, type Rules } from './rules.ts'
import { fullBucket, type Tokens, taken, waitMs } from './runner.ts'

/** What kube-proxy is told at birth (machine `kube-proxy`). */
export interface KubeProxyInput {
  readonly node: string
  readonly nodeIP: string
  readonly apiserver: Address
  readonly mode: Mode
  /** kubeadm's usual ranges when not told. */
  readonly clusterCIDR?: string
  readonly serviceCIDR?: string
  readonly zone?: string
}
interface Context extends KubeProxyInput {
  readonly known: Known
  readonly filled: readonly string[]
  readonly rules: Rules
  readonly syncs: number
  readonly tokens: Tokens
}
type Events = CacheChanged | TablesFound | CallLost
const { update, ask, decide, when, lasting } = verbs<Context, Events>()

const RESOURCES = ['services', 'endpointslices.discovery.k8s.io'] as const
/** iptables-restore of a small table. */
const WRITE_MS = 30

const tablesAt = ({ node }: Context): Address => `netfilter/${node}`
const placeOf = ({ node, zone }: Context): Place => ({ node, zone })

function reflectors({ node, apiserver }: Context, _: unknown, { self }: Delivery) {
  return RESOURCES.map((resource) => {
    const input: ReflectorInput = {
      apiserver,
      user: { name: 'system:kube-proxy', groups: ['system:authenticated'] },
      resource,
      indexes: [],
      subscribers: [{ to: self }],
    }
    return spawn(`reflector/${node}/kube-proxy/${resource}`, 'reflector', input)
  })
}

export const kubeProxy = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as KubeProxyInput },
  delays: {
    'time to write the rules': WRITE_MS,
    'rest of the minimum sync period': lasting(({ tokens }, _, { at }) => waitMs(tokens, at)),
    'answer time-out': 1_000,
  },
  guards: {
    'both caches are filled': when(({ filled }) => filled.length === RESOURCES.length),
    'something has changed': when(({ known }) => known.dirty.size > 0),
    'a sync is allowed now': when(({ tokens }, _, { at }) => waitMs(tokens, at) === 0),
  },
  actions: {
    'look for the tables': ask((context) => call(tablesAt(context), { type: 'tables.sought' }, 'tables')),
    'make the tables': ask((context) => {
      const { mode, nodeIP, clusterCIDR = '10.244.0.0/16', serviceCIDR = '10.96.0.0/12' } = context
      return spawnProcess(tablesAt(context), 'netfilter', {
        mode,
        nodeIP,
        clusterCIDR,
        serviceCIDR,
      } satisfies Surroundings)
    }),
    'start the reflectors': ask(reflectors),
    'note the changes': update('cache.changed', ({ known, filled }, event) => ({
      known: noted(known, event),
      filled: event.filled && !filled.includes(event.resource) ? [...filled, event.resource] : filled,
    })),
    'make the rules': update((context, _, { at }) => {
      const [rules, known] = synced(context.rules, context.known, placeOf(context))
      return { rules, known, tokens: taken(context.tokens, at) }
    }),
    'write the rules': decide((context) => {
      const { rules, syncs } = context
      const event: RulesWritten = { type: 'rules.written', view: `rules@${syncs + 1}`, rules }
      return [{ syncs: syncs + 1 }, send(tablesAt(context), event)]
    }),
  },
}).createMachine({
  id: 'kube-proxy',
  description: 'Makes services reachable on one node.',
  context: born((input: KubeProxyInput, { at }) => ({
    ...input,
    known: nothingKnown,
    filled: [],
    rules: noRules,
    syncs: 0,
    tokens: fullBucket(at),
  })),
  initial: 'findingTables',
  states: {
    findingTables: {
      description: 'The tables outlive a kube-proxy; after a boot there are none.',
      entry: 'look for the tables',
      on: {
        'tables.found': 'waitingForCaches',
        'call.lost': { target: 'waitingForCaches', actions: 'make the tables' },
      },
      after: { 'answer time-out': 'waitingForCaches' },
    },
    waitingForCaches: {
      description: 'What was written before stays in force until all services and endpoints are known.',
      entry: 'start the reflectors',
      always: { guard: 'both caches are filled', target: 'syncing' },
      on: { 'cache.changed': { actions: 'note the changes' } },
    },
    syncing: {
      description: 'iptables-restore or nft is at work with the rules as they were when it began.',
      entry: 'make the rules',
      on: { 'cache.changed': { actions: 'note the changes' } },
      after: { 'time to write the rules': { target: 'synced', actions: 'write the rules' } },
    },
    synced: {
      description: 'The tables say what the caches say.',
      always: [{ guard: 'something has changed', target: 'dirty' }],
      on: { 'cache.changed': { actions: 'note the changes' } },
    },
    dirty: {
      description: 'The runner lets two syncs pass at once, then one per minimum sync period.',
      always: { guard: 'a sync is allowed now', target: 'syncing' },
      on: { 'cache.changed': { actions: 'note the changes' } },
      after: { 'rest of the minimum sync period': 'syncing' },
    },
  },
})
