/**
 * A client that makes one request after the other: resolves the name, opens a connection through its node's tables,
 * speaks to the container that gets it, and counts what came of it. For scenarios: `no request fails during the rollout`.
 */
import { setup } from 'xstate'
import { type Address, born, type CallLost, call, hangUp, verbs } from '../../runtime/contract.ts'
import type {
  ClientInput,
  ConnectionOpened,
  ConnectionRouted,
  DnsAnswered,
  DnsQuery,
  Endpoint,
  HttpAnswered,
  HttpRequest,
  PodFound,
  PodSought,
} from '../protocol/network.ts'
import { candidates, isAddress, nodeOf, parseUrl } from './url.ts'

/** Why a request failed. */
export type Failure = 'name' | 'refused' | 'timed out' | 'reset' | 'status'
export interface Counts {
  readonly succeeded: number
  readonly failed: number
  readonly by: Readonly<Partial<Record<Failure, number>>>
  /** How often each address answered well. */
  readonly from: Readonly<Record<string, number>>
}
interface Context extends ClientInput {
  readonly made: number
  /** Names that are yet to be tried. */
  readonly names: readonly string[]
  readonly ip: string
  readonly destinationIp: string
  readonly endpoint: Endpoint | undefined
  readonly containers: readonly Address[]
  readonly counts: Counts
}
type Events = DnsAnswered | ConnectionRouted | PodFound | HttpAnswered | CallLost
const { update, ask, when, lasting } = verbs<Context, Events>()

const LINE = 'request'
const failedBy = ({ counts }: Context, why: Failure): Partial<Context> => ({
  counts: { ...counts, failed: counts.failed + 1, by: { ...counts.by, [why]: (counts.by[why] ?? 0) + 1 } },
})
const addressIn = ({ answers }: DnsAnswered): string | undefined => answers.find(({ record }) => record === 'A')?.value

export const client = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as ClientInput },
  delays: {
    'time between requests': lasting(({ everyMs }) => everyMs),
    'time-out': lasting(({ timeoutMs }) => timeoutMs),
  },
  guards: {
    'all requests are made': when(({ requests, made }) => requests > 0 && made >= requests),
    'an address is told': when(({ url }) => isAddress(parseUrl(url).host)),
    'the name has an address': when('dns.answered', (_, answered) => addressIn(answered) !== undefined),
    'there are other names to try': when(({ names }) => names.length > 1),
    'it is refused': when('connection.routed', (_, { to }) => to === 'refused'),
    'it is dropped': when('connection.routed', (_, { to }) => to === 'dropped'),
    'nobody has the address': when('pod.found', (_, { containers }) => containers.length === 0),
    'another container may listen': when(
      'http.answered',
      ({ containers }, { status }) => status === 0 && containers.length > 1,
    ),
    'nobody listens': when('http.answered', (_, { status }) => status === 0),
    'the answer is good': when('http.answered', (_, { status }) => status < 400),
  },
  actions: {
    'begin a request': update(({ made, url, search }) => {
      const { host } = parseUrl(url)
      return {
        made: made + 1,
        names: candidates(host, search),
        destinationIp: host,
        containers: [],
        endpoint: undefined,
      }
    }),
    'ask for the name': ask(({ dns, names }) =>
      call(dns, { type: 'dns.query', name: names[0] ?? '', record: 'A' } satisfies DnsQuery, LINE),
    ),
    'try the next name': update(({ names }) => ({ names: names.slice(1) })),
    'take the address': update('dns.answered', (_, answered) => ({ destinationIp: addressIn(answered) ?? '' })),
    'open the connection': ask(({ tables, ip, destinationIp, url, made }) => {
      const { port } = parseUrl(url)
      const opened: ConnectionOpened = {
        type: 'connection.opened',
        protocol: 'TCP',
        sourceIp: ip,
        destinationIp,
        port,
        ordinal: made,
      }
      return call(tables, opened, LINE)
    }),
    'take the endpoint': update('connection.routed', (_, { to }) => ({
      endpoint: typeof to === 'string' ? undefined : to,
    })),
    'look for the pod': ask(({ endpoint, nodes, node }) =>
      call(
        `containerd/${endpoint?.node ?? nodeOf(endpoint?.ip ?? '', nodes) ?? node}`,
        { type: 'pod.sought', ip: endpoint?.ip ?? '' } satisfies PodSought,
        LINE,
      ),
    ),
    'take the containers': update('pod.found', (_, { containers }) => ({ containers })),
    'pass this container by': update(({ containers }) => ({ containers: containers.slice(1) })),
    'send the request': ask(({ containers, endpoint, url }) => {
      const request: HttpRequest = { type: 'http.request', port: endpoint?.port ?? 0, path: parseUrl(url).path }
      return call(containers[0] ?? '', request, LINE)
    }),
    'hang up': ask(() => hangUp(LINE)),
    'count a success': update(({ counts, endpoint }) => {
      const { ip = '' } = endpoint ?? {}
      return {
        counts: {
          ...counts,
          succeeded: counts.succeeded + 1,
          from: { ...counts.from, [ip]: (counts.from[ip] ?? 0) + 1 },
        },
      }
    }),
    'count an unknown name': update((context) => failedBy(context, 'name')),
    'count a refusal': update((context) => failedBy(context, 'refused')),
    'count a time-out': update((context) => failedBy(context, 'timed out')),
    'count a broken connection': update('call.lost', (context, { reason }) => failedBy(context, reason)),
    'count a bad answer': update((context) => failedBy(context, 'status')),
  },
}).createMachine({
  id: 'client',
  description: 'Makes requests and counts what came of them.',
  context: born((input: ClientInput) => ({
    ...input,
    made: 0,
    names: [],
    destinationIp: '',
    endpoint: undefined,
    containers: [],
    counts: { succeeded: 0, failed: 0, by: {}, from: {} },
  })),
  initial: 'beginning',
  states: {
    beginning: {
      entry: 'begin a request',
      always: [{ guard: 'an address is told', target: 'requesting.connecting' }, { target: 'requesting' }],
    },
    requesting: {
      initial: 'resolving',
      exit: 'hang up',
      after: { 'time-out': { target: 'resting', actions: 'count a time-out' } },
      on: { 'call.lost': { target: 'resting', actions: 'count a broken connection' } },
      states: {
        resolving: {
          entry: 'ask for the name',
          on: {
            'dns.answered': [
              { guard: 'the name has an address', target: 'connecting', actions: 'take the address' },
              {
                guard: 'there are other names to try',
                target: 'resolving',
                reenter: true,
                actions: 'try the next name',
              },
              { target: '#client.resting', actions: 'count an unknown name' },
            ],
          },
        },
        connecting: {
          entry: 'open the connection',
          on: {
            'connection.routed': [
              { guard: 'it is refused', target: '#client.resting', actions: 'count a refusal' },
              { guard: 'it is dropped', target: 'waitingInVain' },
              { target: 'finding', actions: 'take the endpoint' },
            ],
          },
        },
        finding: {
          description: 'The packet travels to the node that has the address.',
          entry: 'look for the pod',
          on: {
            'pod.found': [
              { guard: 'nobody has the address', target: 'waitingInVain' },
              { target: 'waiting', actions: 'take the containers' },
            ],
          },
        },
        waiting: {
          description: 'The request is sent.',
          entry: 'send the request',
          on: {
            'http.answered': [
              {
                guard: 'another container may listen',
                target: 'waiting',
                reenter: true,
                actions: 'pass this container by',
              },
              { guard: 'nobody listens', target: '#client.resting', actions: 'count a refusal' },
              { guard: 'the answer is good', target: '#client.resting', actions: 'count a success' },
              { target: '#client.resting', actions: 'count a bad answer' },
            ],
          },
        },
        waitingInVain: { description: 'Nobody will answer; only the time-out tells.' },
      },
    },
    resting: {
      always: { guard: 'all requests are made', target: 'done' },
      after: { 'time between requests': 'beginning' },
    },
    done: { tags: 'at rest', description: 'Stays, so that its counts can be read.' },
  },
})
