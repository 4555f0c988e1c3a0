/**
 * Permit plugins of one's own, which are machines: asked once a node is reserved for a pod, each allows it, rejects it, or
 * lets it wait (RunPermitPlugins). Those of the default profile: none.
 */
import { type Address, call, type Effect, hostOf } from '../../runtime/contract.ts'
import { durationText } from '../lib/duration.ts'
import type { PermitAnswered, PermitAsked } from '../protocol/extender.ts'
import { forget } from './cache.ts'
import type { Attempt, SchedulerContext } from './cycle.ts'
import { EXTENDER } from './extender.ts'
import { revertedWrites } from './volume-binding-progress.ts'

/** Whose permit is still to come, and until when. */
export interface Permit {
  readonly plugin: string
  readonly timeoutMs: number
  readonly until: number
}
/** maxTimeout in framework/runtime. */
const LONGEST_MS = 900_000

export const permitPlugin = (host: string, name: string): Address => `permit-plugin/${host}/${name}`

/** The plugins of the profile that were not asked yet. */
export const leftToAsk = ({ profile, permitted }: Attempt): readonly string[] =>
  profile.plugins.permit.map(({ name }) => name).slice(permitted)

export function nextAsked({ attempt }: SchedulerContext, self: Address): readonly Effect[] {
  const { key, pod, node } = attempt as Attempt
  const waiter = `binding-cycle/${hostOf(self)}/${key}`
  const asked: PermitAsked = { type: 'permit.asked', pod: pod.pod, node: node as string, waiter }
  return leftToAsk(attempt as Attempt)
    .slice(0, 1)
    .map((name) => call(permitPlugin(hostOf(self), name), asked, 'permit'))
}

export function permitNoted(
  attempt: Attempt,
  { verdict, message = '', timeoutMs = LONGEST_MS }: PermitAnswered,
  at: number,
): Attempt {
  const [plugin = ''] = leftToAsk(attempt)
  const asked = { ...attempt, permitted: attempt.permitted + 1 }
  if (verdict === 'allow') return asked
  const longest = Math.min(timeoutMs, LONGEST_MS)
  const permit: Permit = { plugin, timeoutMs: longest, until: at + longest }
  if (verdict === 'wait') return { ...asked, permits: [...attempt.permits, permit] }
  return {
    ...asked,
    rejectedBy: [EXTENDER],
    nominate: '',
    failure: { reason: 'Unschedulable', message: refusal(message) },
  }
}

/** A plugin that cannot be asked failed. */
export function permitFailed(attempt: Attempt, why: string): Attempt {
  const [plugin] = leftToAsk(attempt)
  const message = `running Permit plugin "${plugin}": ${why}`
  return { ...attempt, rejectedBy: [], nominate: '', failure: { reason: 'SchedulerError', message } }
}

/** FitError of the one node that was chosen. */
export const refusal = (message: string): string => `0/1 nodes are available: 1 ${message}.`

/** What a pod is told whose permit came too late. */
export const tooLate = ({ plugin, timeoutMs }: Permit): string =>
  `rejected due to timeout after waiting ${durationText(timeoutMs)} at plugin ${plugin}`

/** Unreserve and ForgetPod: the place is free again. */
export function placeGivenBack({ cache, attempt }: SchedulerContext): Partial<SchedulerContext> {
  const { key, pod } = attempt as Attempt
  const without = forget(cache, key)
  return { cache: { ...without, storage: revertedWrites(without.storage, pod.pod) } }
}
