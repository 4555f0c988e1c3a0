/** What a kube-scheduler process is made of: see `leading-process`, which starts it. */
import { type Address, hostOf } from '../../runtime/contract.ts'
import type { User } from '../protocol/api.ts'
import type { EventRecorderInput, ReflectorInput } from '../protocol/cache.ts'
import type { ResourceName } from '../protocol/objects.ts'
import { type SchedulerInput, WATCHED } from './cycle.ts'
import { permitPlugin } from './permits.ts'

interface Part {
  readonly address: Address
  readonly machine: string
  readonly input: unknown
}
export interface SchedulerParts {
  /** Runs from the start of the process. */
  readonly always: readonly Part[]
  /** Runs while this process leads. The loop comes first: the reflectors tell it what they know. */
  readonly leading: readonly Part[]
}
/** What a composition may set; `readConfiguration` reads it from what users write. */
export type Settings = Pick<SchedulerInput, 'profile' | 'profiles' | 'client' | 'backOff' | 'extenders'>

/** What a Permit plugin of one's own is told at birth. */
export interface PermitPluginInput {
  readonly apiserver: Address
  readonly user: User
}

export const SCHEDULER_USER: User = {
  name: 'system:kube-scheduler',
  groups: ['system:authenticated'],
}

/** @param permitPlugins the ids of machines that are asked for permits */
export function parts(
  host: string,
  apiserver: Address,
  settings: Settings = {},
  permitPlugins: readonly string[] = [],
): SchedulerParts {
  const scheduler = `scheduler/${host}`
  const input: SchedulerInput = { apiserver, user: SCHEDULER_USER, recorder: recorderOf(host), ...settings }
  return {
    always: [recording(host, apiserver)],
    leading: [
      ...permitPlugins.map((machine) => ({
        address: permitPlugin(host, machine),
        machine,
        input: { apiserver, user: SCHEDULER_USER } satisfies PermitPluginInput,
      })),
      { address: scheduler, machine: 'scheduler', input },
      ...WATCHED.map((resource) => reflector(resource, apiserver, scheduler)),
    ],
  }
}

function recording(host: string, apiserver: Address): Part {
  const input: EventRecorderInput = { apiserver, user: SCHEDULER_USER, component: 'default-scheduler' }
  return { address: recorderOf(host), machine: 'event-recorder', input }
}

export const recorderOf = (host: string): Address => `event-recorder/${host}/kube-scheduler`

function reflector(resource: ResourceName, apiserver: Address, scheduler: Address): Part {
  const input: ReflectorInput = {
    apiserver,
    user: SCHEDULER_USER,
    resource,
    indexes: [],
    subscribers: [{ to: scheduler }],
    // Pods that are over use nothing: to the scheduler they are deleted.
    ...(resource === 'pods' ? { fieldSelector: 'status.phase!=Succeeded,status.phase!=Failed' } : {}),
  }
  return { address: `reflector/${hostOf(scheduler)}/kube-scheduler/${resource}`, machine: 'reflector', input }
}
