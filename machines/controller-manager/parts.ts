/**
 * What kube-controller-manager consists of on one host, as data: the reflectors that its controllers share, and for
 * each controller its event recorder, its rate-limited client and itself.
 */
import type { Address } from '../../runtime/contract.ts'
import type { CacheNeed, Member } from '../controllers/kit/controller.ts'
import type { LeadingProcessInput, Part } from '../controllers/kit/leading-process.ts'
import { serviceAccount } from '../controllers/kit/service-account.ts'
import type { Rate } from '../controllers/kit/token-bucket.ts'
import type { User } from '../protocol/api.ts'
import type { ControllerInput, EventRecorderInput, IndexName, ReflectorInput, Subscriber } from '../protocol/cache.ts'
import type { ResourceName } from '../protocol/objects.ts'

export const PROCESS = 'kube-controller-manager'
export const USER: User = { name: 'system:kube-controller-manager', groups: ['system:authenticated'] }
/** `--kube-api-qps`, `--kube-api-burst`: of each controller's client. */
export const CLIENT_RATE: Rate = { perSecond: 20, burst: 30 }

export interface Options {
  /** The limit of each controller's client; `undefined`: none. */
  readonly rate: Rate | undefined
  /** What single controllers are told beyond the rest, by their names: their flags. */
  readonly flags?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/** The input of the process (machine `leading-process`) on a host. */
export const controllerManager = (
  host: string,
  apiserver: Address,
  members: readonly Member[],
  options: Options = { rate: CLIENT_RATE },
): LeadingProcessInput => ({
  lease: PROCESS,
  apiserver,
  user: USER,
  recorder: recorderOf(host, PROCESS),
  always: [recorder(host, apiserver, PROCESS, USER)],
  leading: parts(host, apiserver, members, options),
})

/** What runs while it leads: controllers first, so that all are there when their caches come. */
export const parts = (
  host: string,
  apiserver: Address,
  members: readonly Member[],
  options: Options = { rate: CLIENT_RATE },
): readonly Part[] => [
  ...distinct(members.flatMap((member) => controllerParts(host, apiserver, member, options))),
  ...reflectors(host, apiserver, members),
]

/** Two controllers that report as one component share its recorder. */
const distinct = (all: readonly Part[]): readonly Part[] => [
  ...new Map(all.map((part) => [part.address, part])).values(),
]

function controllerParts(host: string, apiserver: Address, member: Member, { rate, flags }: Options): readonly Part[] {
  const { name, component = `${name}-controller`, serviceAccount: account = `${name}-controller`, asProcess } = member
  const user = asProcess === true ? USER : serviceAccount(account)
  const client = rate === undefined ? apiserver : `api-client/${host}/${name}-controller`
  const input: ControllerInput = {
    apiserver: client,
    user,
    recorder: recorderOf(host, component),
    reflectors: `reflector/${host}/${PROCESS}`,
    ...flags?.[name],
  }
  return [
    recorder(host, apiserver, component, user),
    ...(rate === undefined ? [] : [{ address: client, machine: 'api-client', input: { ...rate, apiserver } }]),
    { address: `${name}-controller/${host}`, machine: `${name}-controller`, input },
  ]
}

const recorderOf = (host: string, component: string): Address => `event-recorder/${host}/${component}`

function recorder(host: string, apiserver: Address, component: string, user: User): Part {
  const input: EventRecorderInput = { apiserver, user, component }
  return { address: recorderOf(host, component), machine: 'event-recorder', input }
}

/** One reflector a resource, with every index that somebody wants. */
function reflectors(host: string, apiserver: Address, members: readonly Member[]): readonly Part[] {
  const wanted = new Map<ResourceName, { readonly to: Address; readonly need: CacheNeed }[]>()
  for (const { name, caches } of members)
    for (const need of caches) {
      const others = wanted.get(need.resource) ?? []
      wanted.set(need.resource, [...others, { to: `${name}-controller/${host}`, need }])
    }
  return [...wanted].map(([resource, wants]) => {
    const indexes = [...new Set<IndexName>(wants.flatMap(({ need }) => need.indexes ?? []))].sort()
    const subscribers = wants.map(({ to, need: { only } }): Subscriber => (only === undefined ? { to } : { to, only }))
    const input: ReflectorInput = { apiserver, user: USER, resource, indexes, subscribers }
    return { address: `reflector/${host}/${PROCESS}/${resource}`, machine: 'reflector', input }
  })
}
