/**
 * What a control plane brings along itself: the system namespaces, the system priority classes, the Service `kubernetes`
 * and its endpoints. pkg/controlplane/controller/{systemnamespaces,kubernetesservice}, poststart hooks.
 */
import { setup } from 'xstate'
import { type Address, born, type CallLost, call, verbs } from '../../runtime/contract.ts'
import { create } from '../lib/requests.ts'
import type { ApiAnswered, ApiRequest } from '../protocol/api.ts'

export interface BootstrapInput {
  readonly server: Address
  readonly ip: string
}
interface Context {
  readonly server: Address
  /** What is still to be made sure of, in order. */
  readonly left: readonly ApiRequest[]
}
type Events = ApiAnswered | CallLost
const { update, ask, when } = verbs<Context, Events>()

export const apiserverBootstrap = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as BootstrapInput },
  delays: { 'answer timeout': 60_000, 'retry pause': 1_000 },
  guards: {
    'nothing is left': when(({ left }) => left.length === 0),
    'it exists now': when('api.answered', (_, { code }) => code < 300 || code === 409),
  },
  actions: {
    'create the next one': ask(({ server, left }) => call(server, left[0] as ApiRequest, 'create')),
    'strike it off': update(({ left }) => ({ left: left.slice(1) })),
  },
}).createMachine({
  id: 'apiserver-bootstrap',
  context: born(({ server, ip }: BootstrapInput): Context => ({ server, left: firstObjects(ip) })),
  initial: 'checking',
  states: {
    checking: {
      always: [{ guard: 'nothing is left', target: 'done' }, { target: 'creating' }],
    },
    creating: {
      description: 'Another API server may be first: that it exists already is as good.',
      entry: 'create the next one',
      on: {
        'api.answered': [
          { guard: 'it exists now', target: 'checking', actions: 'strike it off' },
          { target: 'pausing' },
        ],
        'call.lost': 'pausing',
      },
      after: { 'answer timeout': 'pausing' },
    },
    pausing: { after: { 'retry pause': 'creating' } },
    done: { type: 'final' },
  },
})

const SELF = { name: 'system:apiserver', groups: ['system:masters'] }
const NAMESPACES = ['kube-system', 'kube-public', 'default', 'kube-node-lease']
const SECURE_PORT = 6443

export function firstObjects(ip: string): readonly ApiRequest[] {
  return [
    ...NAMESPACES.map((name) =>
      made('namespaces', undefined, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }),
    ),
    priorityClass('system-node-critical', 2_000_001_000, NODE_CRITICAL),
    priorityClass('system-cluster-critical', 2_000_000_000, CLUSTER_CRITICAL),
    made('services', 'default', kubernetesService),
    made('endpoints', 'default', endpoints(ip)),
    made('endpointslices.discovery.k8s.io', 'default', endpointSlice(ip)),
  ]
}

interface Body {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string }
}
const made = (resource: string, namespace: string | undefined, body: Body): ApiRequest => ({
  ...create(SELF, { resource, namespace, name: body.metadata.name }, body),
})

const NODE_CRITICAL = 'Used for system critical pods that must not be moved from their current node.'
const CLUSTER_CRITICAL =
  'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.'
const priorityClass = (name: string, value: number, description: string): ApiRequest =>
  made('priorityclasses.scheduling.k8s.io', undefined, {
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name },
    value,
    description,
  } as Body)

const PORT = { name: 'https', port: SECURE_PORT, protocol: 'TCP' }
const kubernetesService = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'kubernetes', namespace: 'default', labels: { component: 'apiserver', provider: 'kubernetes' } },
  spec: {
    clusterIP: '10.96.0.1',
    ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: SECURE_PORT }],
    sessionAffinity: 'None',
    type: 'ClusterIP',
  },
}
const endpoints = (ip: string) => ({
  apiVersion: 'v1',
  kind: 'Endpoints',
  metadata: { name: 'kubernetes', namespace: 'default', labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
  subsets: [{ addresses: [{ ip }], ports: [PORT] }],
})
const endpointSlice = (ip: string) => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: 'kubernetes', namespace: 'default', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
  addressType: 'IPv4',
  endpoints: [{ addresses: [ip], conditions: { ready: true } }],
  ports: [PORT],
})
