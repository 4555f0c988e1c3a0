/** The steps of ending a pod (kubelet.go, SyncTerminatingPod and SyncTerminatedPod). */
import { type Address, type Decided, type Effect, send, stop } from '../../../runtime/contract.ts'
import type { ContainerStatus } from '../../protocol/cri.ts'
import type { PodStopped, PodTerminated } from '../../protocol/kubelet.ts'
import { finalStatus } from '../status/pod-status.ts'
import { containersOf, merged } from './restart.ts'
import { PROBES, toRuntime } from './syncing.ts'
import { besides, eventAbout, keyOfPod, type PodWorkerContext, statusNow, told } from './worker.ts'

type Context = PodWorkerContext

/** Its containers may still run: a terminal phase is kept back by the status manager. */
export function endBegun(context: Context, at: number): Decided<Context> {
  const status = statusNow(context, context.running, false, at)
  const change = { status, view: context.running }
  return [change, context.gone ? [] : told(context, status, { mayRun: true })]
}

/** What has exited, asked of the runtime itself, not awaited from a relist. */
export const askForRemains = (context: Context): Effect =>
  toRuntime(context, { type: 'cri.request', call: 'ListContainers', podUid: context.pod.metadata.uid ?? '' })

export function remainsSeen(context: Context, containers: readonly ContainerStatus[], at: number): Decided<Context> {
  const stopped = context.running.sandboxes.map((sandbox) => ({ ...sandbox, state: 'NOTREADY' as const }))
  const running = merged(context.running, { sandboxes: stopped, containers }, context.removed)
  const status = statusNow(context, running, true, at)
  const ended: Partial<Context> = { running, view: running, status, syncedAt: at }
  const free: PodStopped = { type: 'pod.stopped', key: keyOfPod(context), uid: context.pod.metadata.uid ?? '' }
  return [ended, [send(context.parts.kubelet, free), ...(context.gone ? [] : told(context, status, { mayRun: false }))]]
}

/** SyncTerminatedPod: the last status is told even when it is the same, so that the API may delete the pod. */
export function finished(context: Context, at: number): Decided<Context> {
  const status = finalStatus(context.pod, statusNow(context, context.running, true, at), at)
  const terminated: PodTerminated = {
    type: 'pod.terminated',
    key: keyOfPod(context),
    uid: context.pod.metadata.uid ?? '',
  }
  const telling = context.gone ? [] : told(context, status, { mayRun: false, finished: true, force: true })
  return [{ status, syncedAt: at }, [...telling, send(context.parts.kubelet, terminated)]]
}

export const finishedAgain = (context: Context): Effect[] =>
  told(context, context.status, { mayRun: false, finished: true, force: true })

/** probeManager.StopLivenessAndStartup, and RemovePod for the rest. */
export const stopProbes = (context: Context, self: Address, kinds: readonly (typeof PROBES)[number][]): Effect[] =>
  context.probed
    ? containersOf(context.pod).flatMap((container) =>
        kinds
          .filter((kind) => container[`${kind}Probe`] !== undefined)
          .map((kind) => stop(besides(self, 'probe-worker', container.name, kind))),
      )
    : []

export const discard = ({ parts, running }: Context): Effect[] =>
  running.containers.length + running.sandboxes.length === 0
    ? []
    : [
        send(parts.containerDeletor, {
          type: 'remains.unwanted',
          containers: running.containers.map(({ id }) => id),
          sandboxes: running.sandboxes.map(({ id }) => id),
        }),
      ]

export const deadlineEvent = (context: Context): Effect =>
  eventAbout(context, 'Normal', 'DeadlineExceeded', 'Pod was active on the node longer than the specified deadline')
