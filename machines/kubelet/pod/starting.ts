/** The steps of starting one container (kuberuntime_container.go, startContainer; image_manager.go; handlers.go). */
import { type Address, call, type Decided, type Effect, hostOf } from '../../../runtime/contract.ts'
import { durationText } from '../../lib/duration.ts'
import type { ExecResult, ProbeAnswered } from '../../protocol/cri.ts'
import type { ImagePulled } from '../../protocol/kubelet.ts'
import type { core } from '../../protocol/objects.ts'
import { backsOff, backsOffSince, longer } from './back-off.ts'
import { containerConfig, podText, rootComplaint } from './container-config.ts'
import type { Addresses } from './environment.ts'
import { invalidName, pulledText, pullPolicy } from './images.ts'
import { keysOfEnvironment } from './references.ts'
import { containerNamed, isSidecar, newest } from './restart.ts'
import { toRuntime } from './syncing.ts'
import { eventAbout, type PodWorkerContext } from './worker.ts'

type Context = PodWorkerContext

export const startingName = ({ actions }: Context): string => actions.start[0] ?? ''
export const starting = (context: Context): core.Container => containerNamed(context.pod, startingName(context))
const imageOf = (context: Context): string => starting(context).image ?? ''

const about = (context: Context, kind: 'Normal' | 'Warning', reason: string, message: string): Effect =>
  eventAbout(context, kind, reason, message, startingName(context))

/** On to the next one; an init container that did not start keeps those after it from starting. */
function passed(context: Context, failed: boolean): Partial<Context> {
  const container = starting(context)
  const init = (context.pod.spec.initContainers ?? []).includes(container)
  const stop = failed && init && !isSidecar(container)
  return { actions: { ...context.actions, start: stop ? [] : context.actions.start.slice(1) } }
}
export const started = (context: Context): Partial<Context> => {
  const { [startingName(context)]: _, ...startErrors } = context.startErrors
  return { startErrors, ...passed(context, false) }
}
/** It did not start; the sync goes on with the next container and fails in the end. */
export const notStarted = (context: Context, reason: string, message: string): Partial<Context> => ({
  ...passed(context, true),
  failed: true,
  startErrors: { ...context.startErrors, [startingName(context)]: { reason, message } },
})
/** With the Event that says so. */
export const failedToStart = (context: Context, reason: string, message: string, text = message): Decided<Context> => [
  notStarted(context, reason, message),
  [about(context, 'Warning', 'Failed', `Error: ${text}`)],
]

/** doBackOff: a container that ended is not restarted too soon. */
export function isBackingOff(context: Context, at: number): boolean {
  const since = endedAt(context)
  return since !== undefined && backsOffSince(context.restartBackOffs[startingName(context)], since, at)
}
/** Of the last one that the view shows as exited: one that this sync has just killed does not count yet. */
const endedAt = (context: Context): number | undefined =>
  context.view.containers.find(({ metadata, state }) => metadata.name === startingName(context) && state === 'EXITED')
    ?.finishedAt
export function lengthened(context: Context, at: number): Partial<Context> {
  const name = startingName(context)
  const since = endedAt(context)
  if (since === undefined) return {}
  const backOff = longer(context.restartBackOffs[name], since, at)
  return { restartBackOffs: { ...context.restartBackOffs, [name]: backOff } }
}
export function crashLoops(context: Context): Decided<Context> {
  const name = startingName(context)
  const where = podText(context.pod)
  const wait = durationText(context.restartBackOffs[name]?.ms ?? 0)
  return [
    notStarted(context, 'CrashLoopBackOff', `back-off ${wait} restarting failed container=${name} pod=${where}`),
    [about(context, 'Warning', 'BackOff', `Back-off restarting failed container ${name} in pod ${where}`)],
  ]
}

export const hasInvalidImage = (context: Context): boolean => invalidName(imageOf(context)) !== undefined
export function invalidImage(context: Context): Decided<Context> {
  const image = imageOf(context)
  const text = `Failed to apply default image tag "${image}": ${invalidName(image)}`
  return [
    notStarted(context, 'InvalidImageName', text),
    [about(context, 'Warning', 'InspectFailed', text), about(context, 'Warning', 'Failed', 'Error: InvalidImageName')],
  ]
}

export const inspectImage = (context: Context): Effect =>
  toRuntime(context, { type: 'cri.request', call: 'ImageStatus', image: imageOf(context) })

export const needsPull = (context: Context, present: boolean): boolean => {
  const policy = pullPolicy(starting(context))
  return policy === 'Always' || (policy === 'IfNotPresent' && !present)
}
export const isForbiddenToPull = (context: Context, present: boolean): boolean =>
  !present && pullPolicy(starting(context)) === 'Never'
export const pullBacksOff = (context: Context, at: number): boolean =>
  backsOff(context.pullBackOffs[imageOf(context)], at)

export const present = (context: Context): Effect =>
  about(context, 'Normal', 'Pulled', `Container image "${imageOf(context)}" already present on machine`)
export function neverPulled(context: Context): Decided<Context> {
  const text = `Container image "${imageOf(context)}" is not present with pull policy of Never`
  return [
    notStarted(context, 'ErrImageNeverPull', text),
    [
      about(context, 'Warning', 'ErrImageNeverPull', text),
      about(context, 'Warning', 'Failed', 'Error: ErrImageNeverPull'),
    ],
  ]
}
export function pullLater(context: Context): Decided<Context> {
  const image = imageOf(context)
  const text = `Back-off pulling image "${image}"`
  const error = context.pullErrors[image]
  return [
    notStarted(context, 'ImagePullBackOff', error === undefined ? text : `${text}: ${error}`),
    [about(context, 'Normal', 'BackOff', text), about(context, 'Warning', 'Failed', 'Error: ImagePullBackOff')],
  ]
}
export function pull(context: Context, at: number): Decided<Context> {
  const image = imageOf(context)
  const question = call(context.parts.imagePuller, { type: 'image.wanted', image }, 'image')
  return [{ pullAskedAt: at }, [about(context, 'Normal', 'Pulling', `Pulling image "${image}"`), question]]
}
export const pulled = (context: Context, { image, pullMs }: ImagePulled, at: number): Effect =>
  about(context, 'Normal', 'Pulled', pulledText(imageOf(context), pullMs, at - context.pullAskedAt, image.sizeBytes))
export function pullFailed(context: Context, error: string, at: number): Decided<Context> {
  const image = imageOf(context)
  return [
    {
      ...notStarted(context, 'ErrImagePull', error),
      pullBackOffs: { ...context.pullBackOffs, [image]: longer(context.pullBackOffs[image], at, at) },
      pullErrors: { ...context.pullErrors, [image]: `ErrImagePull: ${error}` },
    },
    [
      about(context, 'Warning', 'Failed', `Failed to pull image "${image}": ${error}`),
      about(context, 'Warning', 'Failed', 'Error: ErrImagePull'),
    ],
  ]
}

export const environmentToRead = (context: Context): Partial<Context> => ({
  toRead: keysOfEnvironment(starting(context)),
})

const addressesOf = ({ sandbox, parts }: Context): Addresses => ({
  podIPs: sandbox?.ips ?? [],
  hostIP: parts.hostIP,
  capacity: parts.capacity,
})
const configured = (context: Context) => {
  const last = newest(context.view, startingName(context))
  const attempt = last === undefined ? restartsSoFar(context) : last.metadata.attempt + 1
  return containerConfig(context.pod, starting(context), attempt, context.objects, addressesOf(context))
}
/** A pod whose containers the runtime has forgotten goes on counting from what its status says. */
function restartsSoFar(context: Context): number {
  const { containerStatuses = [], initContainerStatuses = [] } = context.status
  const name = startingName(context)
  return [...containerStatuses, ...initContainerStatuses].find((status) => status.name === name)?.restartCount ?? 0
}

export function configProblem(context: Context): string | undefined {
  const { image } = context
  const root = image === undefined ? undefined : rootComplaint(context.pod, starting(context), image)
  if (root !== undefined) return root
  const result = configured(context)
  return 'error' in result ? result.error : undefined
}
export function create(context: Context): Effect[] {
  const result = configured(context)
  if ('error' in result) return []
  const podSandboxId = context.sandbox?.id ?? ''
  return [toRuntime(context, { type: 'cri.request', call: 'CreateContainer', podSandboxId, config: result.config })]
}
export const created = (context: Context): Effect =>
  about(context, 'Normal', 'Created', `Created container: ${startingName(context)}`)
export const startIt = (context: Context): Effect =>
  toRuntime(context, { type: 'cri.request', call: 'StartContainer', containerId: context.containerId })
export const startedEvent = (context: Context): Effect =>
  about(context, 'Normal', 'Started', `Started container ${startingName(context)}`)

/** What a hook asks: a command in the container, or a request to it. */
export function hookRequest(
  hook: core.LifecycleHandler,
  container: core.Container,
  containerId: string,
  at: { readonly runtime: Address; readonly self: Address },
): Effect[] {
  const { exec, httpGet } = hook
  if (exec !== undefined) {
    const request = {
      type: 'cri.request',
      call: 'ExecSync',
      containerId,
      command: exec.command ?? [],
      timeoutSeconds: 0,
    }
    return [call(at.runtime, request, 'runtime')]
  }
  if (httpGet === undefined) return []
  const { path = '/', scheme = 'HTTP' } = httpGet
  const port = portOf(httpGet.port, container)
  const request = { type: 'probe.request', kind: 'http', port, path, scheme: scheme as 'HTTP' }
  return [call(`container/${hostOf(at.self)}/${containerId}`, request, 'runtime')]
}
/** A port by number or by name; 0 when no port has the name. */
export function portOf(port: string | number, { ports = [] }: core.Container): number {
  if (typeof port === 'number') return port
  return ports.find(({ name }) => name === port)?.containerPort ?? Number.parseInt(port, 10) ?? 0
}

/** Why a hook failed; undefined when it did not (pkg/kubelet/lifecycle/handlers.go). */
export function hookProblem(
  hook: core.LifecycleHandler,
  name: string,
  pod: Context['pod'],
  answer: Partial<ExecResult> & Partial<ProbeAnswered> & { readonly lost?: string },
): string | undefined {
  const who = `for Container "${name}" in Pod "${podText(pod)}"`
  if (hook.exec !== undefined) {
    const command = hook.exec.command ?? []
    const error = answer.lost ?? exitText(command, answer.exitCode ?? 0)
    if (error === undefined) return undefined
    const output = `${answer.stdout ?? ''}${answer.stderr ?? ''}`
    return `Exec lifecycle hook ([${command.join(' ')}]) ${who} failed - error: ${error}, message: ${JSON.stringify(output)}`
  }
  const refused = answer.lost ?? answer.error
  const code = answer.statusCode ?? 0
  if (refused === undefined && code >= 200 && code < 400) return undefined
  const path = hook.httpGet?.path ?? '/'
  return `HTTP lifecycle hook (${path}) ${who} failed - error: ${refused ?? `HTTP probe failed with statuscode: ${code}`}, message: ""`
}
const exitText = (command: readonly string[], exitCode: number): string | undefined =>
  exitCode === 0 ? undefined : `command '${command.join(' ')}' exited with ${exitCode}: `
