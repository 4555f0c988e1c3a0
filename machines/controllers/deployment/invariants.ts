/**
 * What must hold of each step of a rollout, in the view that the sync had: the caches may be old, and then so is what
 * is promised here.
 */
import type { ApiRequest } from '../../protocol/api.ts'
import type { Invariant, Step } from '../../protocol/invariants.ts'
import type { Deployment, ReplicaSet } from '../../protocol/objects.ts'
import { replicasOf, wantedReplicas } from './replica-sets.ts'
import { setsOf } from './standing.ts'
import { isRecreate, maxSurge, maxUnavailable } from './surge.ts'
import type { Context } from './sync.ts'

/** A write that gives a ReplicaSet its size. */
interface Resizing {
  readonly name: string
  readonly from: number
  readonly to: number
}

export const invariants: readonly Invariant<Context>[] = [
  { machine: 'deployment', says: 'a Deployment never asks for more pods than its surge allows', broken: surplus },
  { machine: 'deployment', says: 'a rollout never takes away more pods than may be unavailable', broken: shortage },
]

function surplus(step: Step<Context>): string | undefined {
  const { deployment, sets } = step.after
  const resizing = resizingOf(step)
  if (deployment === undefined || resizing === undefined || resizing.to <= resizing.from) return undefined
  const most = replicasOf(deployment) + (isRecreate(deployment) ? 0 : maxSurge(deployment))
  const total = wantedReplicas(sets) - resizing.from + resizing.to
  return total <= most ? undefined : `${inWords(resizing)} makes ${total} pods; ${most} are allowed`
}

function shortage(step: Step<Context>): string | undefined {
  const { deployment, view } = step.after
  const resizing = resizingOf(step)
  if (deployment === undefined || view === undefined || resizing === undefined) return undefined
  if (resizing.to >= resizing.from || !isRolling(step.state)) return undefined
  const seen = setsOf(deployment, view)
  const own = seen.find(({ metadata }) => metadata.name === resizing.name)
  if (own === undefined || healthyTaken(own, resizing.to) === 0) return undefined
  const left = seen.reduce((sum, set) => sum + available(set) - healthyTaken(set, sizeAfter(step, set, resizing)), 0)
  const least = leastAvailable(deployment)
  return left >= least ? undefined : `${inWords(resizing)} leaves ${left} available pods; ${least} must be`
}

/** A change of the Deployment's own size shares out what is there, however little that leaves of each set. */
const isRolling = (state: unknown): boolean => typeof state === 'object' && state !== null && 'rolling' in state

const leastAvailable = (deployment: Deployment): number => replicasOf(deployment) - maxUnavailable(deployment)
const available = ({ status }: ReplicaSet): number => status?.availableReplicas ?? 0

/** How many available pods a set loses by becoming so small: those that are not go first. */
function healthyTaken(set: ReplicaSet, to: number): number {
  const unhealthy = Math.max(0, replicasOf(set) - available(set))
  return Math.max(0, replicasOf(set) - to - unhealthy)
}

/** Earlier writes of the same sync count too. */
function sizeAfter({ after }: Step<Context>, { metadata }: ReplicaSet, { name, to }: Resizing): number {
  if (metadata.name === name) return to
  const now = after.sets.find((set) => set.metadata.name === metadata.name)
  return now === undefined ? 0 : replicasOf(now)
}

function resizingOf({ after, effects }: Step<Context>): Resizing | undefined {
  const effect = effects.find((each) => each.do === 'call' && each.event.type === 'api.request')
  if (effect?.do !== 'call') return undefined
  const { resource, verb, subresource, body } = effect.event as ApiRequest
  if (resource !== 'replicasets.apps' || subresource !== undefined) return undefined
  if (verb !== 'create' && verb !== 'update') return undefined
  const set = body as ReplicaSet
  const known = after.sets.find(({ metadata }) => metadata.name === set.metadata.name)
  return { name: set.metadata.name, from: known === undefined ? 0 : replicasOf(known), to: replicasOf(set) }
}

const inWords = ({ name, from, to }: Resizing): string => `scaling ${name} from ${from} to ${to}`
