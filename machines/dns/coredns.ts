/**
 * CoreDNS: answers names from what it knows of services and endpoints.
 *
 * Modelled on CoreDNS with kubeadm's Corefile: not ready before its caches are filled; asked to stop, it goes on to
 * answer for the five seconds of `lameduck`.
 */
import { setup } from 'xstate'
import { type Address, answer, born, type Delivery, spawn, verbs } from '../../runtime/contract.ts'
import type { CacheChanged, ReflectorInput } from '../protocol/cache.ts'
import type { DnsAnswered, DnsQuery } from '../protocol/network.ts'
import { emptyZone, resolve, type Zone } from './resolve.ts'
import { changed } from './zone.ts'

/** What CoreDNS is told at birth (machine `coredns`). */
export interface CorednsInput {
  readonly host: string
  readonly apiserver: Address
  /** `cluster.local` */
  readonly domain: string
}
/** SIGTERM. */
export interface CorednsStop {
  readonly type: 'coredns.stop'
}
interface Context extends CorednsInput {
  readonly zone: Zone
  readonly filled: readonly string[]
}
type Events = CacheChanged | DnsQuery | CorednsStop
const { update, ask, when } = verbs<Context, Events>()

const RESOURCES = ['services', 'endpointslices.discovery.k8s.io'] as const
const NOT_READY: DnsAnswered = { type: 'dns.answered', code: 'SERVFAIL', answers: [] }

function reflectors({ host, apiserver }: Context, _: unknown, { self }: Delivery) {
  return RESOURCES.map((resource) => {
    const input: ReflectorInput = {
      apiserver,
      user: {
        name: 'system:serviceaccount:kube-system:coredns',
        groups: ['system:serviceaccounts', 'system:authenticated'],
      },
      resource,
      indexes: [],
      subscribers: [{ to: self }],
    }
    return spawn(`reflector/${host}/coredns/${resource}`, 'reflector', input)
  })
}

export const coredns = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as CorednsInput },
  delays: { lameduck: 5_000 },
  guards: { 'both caches are filled': when(({ filled }) => filled.length === RESOURCES.length) },
  actions: {
    'start the reflectors': ask(reflectors),
    'take the changes': update('cache.changed', ({ zone, filled }, event) => ({
      zone: changed(zone, event),
      filled: event.filled && !filled.includes(event.resource) ? [...filled, event.resource] : filled,
    })),
    'answer the query': ask('dns.query', ({ zone }, query, { from, call }) => answer(from, call, resolve(zone, query))),
    'say that it cannot tell yet': ask('dns.query', (_, __, { from, call }) => answer(from, call, NOT_READY)),
  },
}).createMachine({
  id: 'coredns',
  description: 'Answers the names of the cluster.',
  context: born((input: CorednsInput) => ({ ...input, zone: emptyZone(input.domain), filled: [] })),
  initial: 'loading',
  entry: 'start the reflectors',
  on: { 'cache.changed': { actions: 'take the changes' } },
  states: {
    loading: {
      description: 'Its caches are not filled: it would deny names that exist.',
      always: { guard: 'both caches are filled', target: 'serving' },
      on: { 'dns.query': { actions: 'say that it cannot tell yet' }, 'coredns.stop': 'stopped' },
    },
    serving: {
      on: { 'dns.query': { actions: 'answer the query' }, 'coredns.stop': 'lameDuck' },
    },
    lameDuck: {
      description: 'No longer ready, so that clients find another one, but still answering those that have not.',
      on: { 'dns.query': { actions: 'answer the query' } },
      after: { lameduck: 'stopped' },
    },
    stopped: { type: 'final' },
  },
})
