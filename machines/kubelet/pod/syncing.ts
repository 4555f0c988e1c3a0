/** The steps of one sync of a pod before its containers (kubelet.go, SyncPod; kuberuntime_manager.go, SyncPod). */
import { type Address, call, type Decided, draw, type Effect, send, spawn } from '../../../runtime/contract.ts'
import { get } from '../../lib/requests.ts'
import type { CriFailed, CriRequest, PodSandboxRun } from '../../protocol/cri.ts'
import type {
  ContainerKillerInput,
  ContainerSeen,
  PodRelisted,
  ProbeResulted,
  ProbeWorkerInput,
} from '../../protocol/kubelet.ts'
import type { core } from '../../protocol/objects.ts'
import { awaitsReadiness, idOf } from '../status/container-statuses.ts'
import { withProbe } from '../status/pod-status.ts'
import { untilTickFrom } from '../ticks.ts'
import { actionsFor, endsAfter, type Kill, killAll } from './actions.ts'
import { sandboxConfig } from './container-config.ts'
import { filesOf, keysOfPullSecrets, keysOfVolumes } from './references.ts'
import { containerNamed, containersOf, isDeleting, merged, superseded } from './restart.ts'
import { besides, eventAbout, graceSeconds, type PodWorkerContext, statusNow, told } from './worker.ts'

type Context = PodWorkerContext

/** The runtime, as a relist has just shown it. What newer containers supersede is thrown away. */
export function seen(context: Context, { changed, whole }: PodRelisted): Decided<Context> {
  const before = whole === true ? { sandboxes: [], containers: [] } : context.running
  const running = merged(before, changed, context.removed)
  const news = changed.containers.length + changed.sandboxes.length > 0 || whole === true
  const old = superseded(running)
  const { wanted, removed } = context
  if (old.length === 0) return [{ running, wanted: wanted || news }, []]
  const event = { type: 'remains.unwanted', containers: old, sandboxes: [] }
  return [
    { running, wanted: wanted || news, removed: [...removed, ...old] },
    [send(context.parts.containerDeletor, event)],
  ]
}

/** What is known now is what this sync goes by; the status that follows is told first. */
export function begun(context: Context, self: Address, at: number): Decided<Context> {
  const view = merged(context.running, { sandboxes: [], containers: [] }, context.removed)
  const status = statusNow(context, context.running, false, at)
  const sandbox = view.sandboxes.find(({ state }) => state === 'READY')
  const change: Partial<Context> = {
    wanted: false,
    view,
    status,
    running: view,
    removed: [],
    failed: false,
    sandbox: sandbox === undefined ? undefined : { id: sandbox.id, ips: sandbox.ips },
  }
  const telling = told(context, status, { mayRun: true })
  return [change, [...telling, ...(context.probed ? shown({ ...context, ...change }, self, true) : [])]]
}

export const PROBES = ['liveness', 'readiness', 'startup'] as const
const probesOf = (container: core.Container) => PROBES.filter((kind) => container[`${kind}Probe`] !== undefined)

/** probeManager.AddPod: before the first container is started. */
export const probeWorkers = ({ pod, parts }: Context, self: Address): Effect[] =>
  containersOf(pod).flatMap((container) =>
    probesOf(container).map((kind) => {
      const input: ProbeWorkerInput = { parts, worker: self, pod, container, kind }
      return spawn(besides(self, 'probe-worker', container.name, kind), 'probe-worker', input)
    }),
  )

/** The probe workers are shown the statuses of their containers; of one container only, when it is named. */
export function shown({ pod, status, probes }: Context, self: Address, trigger: boolean, only?: string): Effect[] {
  const all = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])]
  return containersOf(pod).flatMap((container) => {
    if (only !== undefined && container.name !== only) return []
    const own = all.find(({ name }) => name === container.name)
    const asks = trigger && own !== undefined && awaitsReadiness(container, own, probes)
    return probesOf(container).map((kind) =>
      send(besides(self, 'probe-worker', container.name, kind), {
        type: 'container.seen',
        status: own,
        podIP: status.podIP ?? '',
        trigger: asks && kind === 'readiness',
        deleting: isDeleting(pod),
      } satisfies ContainerSeen),
    )
  })
}

/** After a restart of the kubelet there are containers before there are probe workers. */
export const alreadyShown = (context: Context, self: Address): Effect[] =>
  context.view.containers.length === 0 ? [] : shown(context, self, false)

/** A probe settled. Readiness and startup are written at once; all but a liveness success want a sync. */
export function resulted(
  context: Context,
  { containerId, kind, result }: ProbeResulted,
  self: Address,
  at: number,
): Decided<Context> {
  const probes = { ...context.probes, [containerId]: { ...context.probes[containerId], [kind]: result } }
  const holds = result === 'success'
  const change = kind === 'readiness' ? { ready: holds } : { started: holds }
  const id = `containerd://${containerId}`
  const status = kind === 'liveness' ? context.status : withProbe(context.pod, context.status, id, change, at)
  const after = { ...context, probes, status }
  const name = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])].find(
    ({ containerID }) => idOf(containerID) === containerId,
  )?.name
  return [
    { probes, status, wanted: context.wanted || kind !== 'liveness' || !holds },
    [
      ...told(context, status, { mayRun: true }),
      ...(kind === 'startup' && holds ? shown(after, self, false, name) : []),
    ],
  ]
}

export function decided({ pod, view, probes }: Context): Partial<Context> {
  const actions = actionsFor(pod, view, probes)
  return { actions: actions.killPod ? { ...actions, kill: killAll(pod, view) } : actions }
}

/** One killer for each container, at once; those of sidecars wait for the others. */
export function killers(context: Context, kills: readonly Kill[], self: Address): Effect[] {
  const { pod, parts, status } = context
  return kills.flatMap((kill) => {
    const { name, containerId, message } = kill
    const input: ContainerKillerInput = {
      parts,
      worker: self,
      pod,
      name,
      containerId,
      podIP: status.podIP ?? '',
      graceSeconds: graceFor(context, kill),
      after: endsAfter(pod, name, kills),
    }
    return [
      eventAbout(context, 'Normal', 'Killing', message === '' ? `Stopping container ${name}` : message, name),
      spawn(besides(self, 'container-killer', name), 'container-killer', input),
    ]
  })
}

/** A failed probe may have a grace period of its own (setTerminationGracePeriod). */
function graceFor(context: Context, { name, by }: Kill): number {
  const { pod } = context
  if (by === undefined) return graceSeconds(context)
  const own = containerNamed(pod, name)[`${by}Probe`]?.terminationGracePeriodSeconds
  return own ?? pod.spec.terminationGracePeriodSeconds ?? 30
}

export const toRuntime = ({ parts }: Context, request: CriRequest): Effect => call(parts.runtime, request, 'runtime')

export const standing = ({ view }: Context): string | undefined =>
  view.sandboxes.find(({ state }) => state === 'READY')?.id

export const stopSandbox = (context: Context): Effect =>
  toRuntime(context, { type: 'cri.request', call: 'StopPodSandbox', podSandboxId: standing(context) ?? '' })

export function makeSandbox(context: Context): Effect[] {
  const { pod, actions, view } = context
  const config = sandboxConfig(pod, actions.attempt)
  const text = 'Pod sandbox changed, it will be killed and re-created.'
  return [
    ...(view.sandboxes.length > 0 ? [eventAbout(context, 'Normal', 'SandboxChanged', text)] : []),
    toRuntime(context, { type: 'cri.request', call: 'RunPodSandbox', config }),
  ]
}
export const made = (reply: PodSandboxRun): Partial<Context> => ({
  sandbox: { id: reply.podSandboxId, ips: reply.ips },
})

/** gRPC's own text of an error. */
export const rpcText = ({ code, error }: Pick<CriFailed, 'code' | 'error'>): string =>
  `rpc error: code = ${code} desc = ${error}`

/** What went wrong with a call to the runtime: its answer, a broken connection, or silence. */
export function failureOf(event: { readonly type: string }): Pick<CriFailed, 'code' | 'error'> {
  if (event.type === 'cri.failed') return event as CriFailed
  if (event.type !== 'call.lost') return { code: 'DeadlineExceeded', error: 'context deadline exceeded' }
  return {
    code: 'Unavailable',
    error:
      'connection error: desc = "transport: Error while dialing: ' +
      'dial unix /run/containerd/containerd.sock: connect: connection refused"',
  }
}

/** The queue of the sync loop: 10 to 15 s after a failure, then at its next tick. */
const ERROR_BACK_OFF_MS = 10_000
const JITTER_MS = 5_000
export function settled({ failed, parts }: Context, dice: number, at: number): Partial<Context> {
  if (!failed) return { syncedAt: at, retryAt: 0 }
  const jitter = (draw(dice, 'retry', Math.floor(at / 1_000)) * JITTER_MS) / 2 ** 32
  const due = at + ERROR_BACK_OFF_MS + jitter
  return { syncedAt: at, retryAt: at + untilTickFrom(parts.since, due, at) }
}

/** The objects that the pod's volumes are made of are read one by one, anew at every sync that starts something. */
export const volumesToRead = ({ pod }: Context): Partial<Context> => ({
  toRead: [...keysOfVolumes(pod), ...keysOfPullSecrets(pod)],
})
export function readNext({ toRead, parts, pod }: Context): Effect[] {
  const key = toRead[0]
  if (key === undefined) return []
  const [resource, name] = key.split('/') as [string, string]
  return [call(parts.apiserver, get(parts.user, { resource, namespace: pod.metadata.namespace, name }), 'api')]
}

/** Why a volume cannot be mounted, with its name. */
export function mountProblem({ pod, objects }: Context): string | undefined {
  for (const volume of pod.spec.volumes ?? []) {
    const files = filesOf(volume, objects)
    if ('error' in files) return `MountVolume.SetUp failed for volume "${volume.name}" : ${files.error}`
  }
  return undefined
}
/** getPullSecretsForPod: a pull may succeed without them. */
export function pullSecretsEvent(context: Context): Effect[] {
  const missing = keysOfPullSecrets(context.pod).filter((key) => context.objects[key] === undefined)
  if (missing.length === 0) return []
  const names = missing.map((key) => key.slice('secrets/'.length)).join(', ')
  const text = `Unable to retrieve some image pull secrets (${names}); attempting to pull the image may not succeed.`
  return [eventAbout(context, 'Warning', 'FailedToRetrieveImagePullSecret', text)]
}
/** The volume manager tries again after 0.5 s, 1 s, 2 s … up to 2 min 2 s (goroutinemap's exponential back-off). */
export const mountBackOffMs = ({ mountTries }: Context): number =>
  Math.min(500 * 2 ** Math.max(0, mountTries - 1), 122_000)
