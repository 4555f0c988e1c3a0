/** What a pod worker knows: its context, and the small steps that all parts of its life share. */

import { type Address, type Effect, hostOf, send } from '../../../runtime/contract.ts'
import { joined } from '../../lib/joined.ts'
import { parseTime } from '../../lib/time.ts'
import type { EventHappened } from '../../protocol/cache.ts'
import type { Image } from '../../protocol/cri.ts'
import type { KubeletParts, PodWorkerInput, Rejection, Running, StatusSet } from '../../protocol/kubelet.ts'
import { type core, keyOf, type Pod, referenceTo } from '../../protocol/objects.ts'
import { same } from '../same.ts'
import type { ProbeResults, StartErrors } from '../status/container-statuses.ts'
import { isTerminal } from '../status/phase.ts'
import { podStatus } from '../status/pod-status.ts'
import { ticked } from '../ticks.ts'
import type { Actions, Kill } from './actions.ts'
import type { BackOff } from './back-off.ts'
import type { Objects } from './references.ts'
import { fieldPathOf, isDeleting } from './restart.ts'

export interface PodWorkerContext {
  readonly parts: KubeletParts
  readonly pod: Pod
  readonly rejection: Rejection | undefined
  /** Gone from the API, or never there: what runs must end. */
  readonly gone: boolean
  /** Its containers are done, so that the rest ends too (completeSync). */
  readonly completed: boolean
  readonly verdict: Rejection | undefined
  /** What the runtime showed at the last relist. */
  readonly running: Running
  /** Of `running`, what is to be removed: it is no longer shown. */
  readonly removed: readonly string[]
  /** As last told to the status manager. */
  readonly status: core.PodStatus
  readonly probes: ProbeResults
  readonly probed: boolean
  readonly startErrors: StartErrors
  /** Of containers by name, of images by their own names. */
  readonly restartBackOffs: Readonly<Record<string, BackOff>>
  readonly pullBackOffs: Readonly<Record<string, BackOff>>
  readonly pullErrors: Readonly<Record<string, string>>

  /** Something happened that a sync must see. */
  readonly wanted: boolean
  /** When the last sync ended; the next one needs a newer relist. */
  readonly syncedAt: number
  /** When the next sync is planned, after one that failed. */
  readonly retryAt: number
  /** Of the sync under way. */
  readonly view: Running
  readonly actions: Actions
  readonly failed: boolean
  readonly killing: readonly Kill[]
  readonly sandbox: { readonly id: string; readonly ips: readonly string[] } | undefined
  /** Of the container that is being started. */
  readonly containerId: string
  readonly image: Image | undefined
  readonly pullAskedAt: number
  readonly toRead: readonly string[]
  readonly objects: Objects
  readonly mountTries: number
}

const NO_ACTIONS: Actions = { killPod: false, createSandbox: false, attempt: 0, kill: [], start: [] }

export function atBirth({ parts, pod, rejection, found, orphan }: PodWorkerInput): PodWorkerContext {
  return {
    parts,
    pod,
    rejection,
    gone: orphan === true,
    completed: isTerminal(pod.status?.phase),
    verdict: undefined,
    running: found,
    removed: [],
    status: pod.status ?? {},
    probes: {},
    probed: false,
    startErrors: {},
    restartBackOffs: {},
    pullBackOffs: {},
    pullErrors: {},
    wanted: true,
    syncedAt: 0,
    retryAt: 0,
    view: found,
    actions: NO_ACTIONS,
    failed: false,
    killing: [],
    sandbox: undefined,
    containerId: '',
    image: undefined,
    pullAskedAt: 0,
    toRead: [],
    objects: {},
    mountTries: 0,
  }
}

/** `pod-worker/node-1/default/web` → `<role>/node-1/default/web/<below>` */
export const besides = (self: Address, role: string, ...below: readonly string[]): Address =>
  [`${role}/${hostOf(self)}`, ...self.split('/').slice(2), ...below].join('/')

/** The pod is to go: then no sync is begun any more. */
export const isEnding = ({ pod, gone, completed }: PodWorkerContext): boolean => gone || completed || isDeleting(pod)

/** podCache.GetNewerThan: each sync sees a relist that is newer than the end of the last one. */
export const sawRelist = ({ parts, syncedAt }: PodWorkerContext, at: number): boolean =>
  ticked(parts.since, syncedAt, at)

export const eventAbout = (
  { pod, parts }: PodWorkerContext,
  kind: EventHappened['kind'],
  reason: string,
  message: string,
  container?: string,
): Effect =>
  send(parts.recorder, {
    type: 'event.happened',
    about:
      container === undefined ? referenceTo(pod) : joined(referenceTo(pod), { fieldPath: fieldPathOf(pod, container) }),
    kind,
    reason,
    message,
  } satisfies EventHappened)

/** The status as it is now, by what is known; `ending` when nothing will run again. */
export const statusNow = (context: PodWorkerContext, running: Running, ending: boolean, at: number): core.PodStatus =>
  podStatus(
    {
      pod: context.pod,
      running,
      old: context.status,
      startErrors: context.startErrors,
      probes: context.probes,
      probing: context.probed,
      hostIP: context.parts.hostIP,
      ending,
      verdict: context.verdict,
    },
    at,
  )

interface Telling {
  readonly mayRun: boolean
  readonly finished?: boolean
  /** Also when it is the same as before. */
  readonly force?: boolean
}
/** A status that is the same as the last one is not told again (updateStatusInternal). */
export function told(context: PodWorkerContext, status: core.PodStatus, how: Telling): Effect[] {
  if (how.force !== true && same(status, context.status)) return []
  const { mayRun, finished = false } = how
  const event: StatusSet = { type: 'status.set', pod: context.pod, status, mayRun, finished }
  return [send(context.parts.statusManager, event)]
}

/** calculateEffectiveGracePeriod: at least 1 s. */
export function graceSeconds({ pod }: PodWorkerContext): number {
  const { deletionGracePeriodSeconds } = pod.metadata
  return Math.max(1, deletionGracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30)
}

/** ms from now to the end of the pod's `activeDeadlineSeconds`; undefined when it has none. */
export function untilDeadline({ pod, status }: PodWorkerContext, at: number): number | undefined {
  const seconds = pod.spec.activeDeadlineSeconds
  const { startTime } = status
  if (seconds === undefined || startTime === undefined) return undefined
  return Math.max(0, parseTime(startTime) + seconds * 1_000 - at)
}
export const DEADLINE: Rejection = {
  reason: 'DeadlineExceeded',
  message: 'Pod was active on the node longer than the specified deadline',
}

export const keyOfPod = ({ pod }: PodWorkerContext): string => keyOf(pod)
