/** The words of the pod worker's chart: its events, what its guards state and what its actions order. */
import { setup } from 'xstate'
import { type CallLost, hangUp, send, verbs, wake } from '../../../runtime/contract.ts'
import { REQUEST_TIMEOUT_MS, reasonOf, succeeded } from '../../lib/requests.ts'
import type { ApiAnswered } from '../../protocol/api.ts'
import type {
  ContainerStatus,
  CriAnswered,
  CriFailed,
  ExecResult,
  Image,
  PodSandboxRun,
  ProbeAnswered,
} from '../../protocol/cri.ts'
import type {
  ContainerKilled,
  ImagePulled,
  ImagePullFailed,
  PodRelisted,
  PodRemoved,
  PodUpdated,
  PodWorkerInput,
  ProbeResulted,
} from '../../protocol/kubelet.ts'
import { isTerminal } from '../status/phase.ts'
import { rejectedStatus } from '../status/pod-status.ts'
import { killAll } from './actions.ts'
import {
  askForRemains,
  deadlineEvent,
  discard,
  endBegun,
  finished,
  finishedAgain,
  remainsSeen,
  stopProbes,
} from './ending.ts'
import { isDeleting } from './restart.ts'
import {
  configProblem,
  crashLoops,
  create,
  created,
  environmentToRead,
  failedToStart,
  hasInvalidImage,
  hookProblem,
  hookRequest,
  inspectImage,
  invalidImage,
  isBackingOff,
  isForbiddenToPull,
  lengthened,
  needsPull,
  neverPulled,
  notStarted,
  present,
  pull,
  pullBacksOff,
  pulled,
  pullFailed,
  pullLater,
  started,
  startedEvent,
  startIt,
  starting,
  startingName,
} from './starting.ts'
import {
  alreadyShown,
  begun,
  decided,
  failureOf,
  killers,
  made,
  makeSandbox,
  mountBackOffMs,
  mountProblem,
  PROBES,
  probeWorkers,
  pullSecretsEvent,
  readNext,
  resulted,
  rpcText,
  seen,
  settled,
  standing,
  stopSandbox,
  volumesToRead,
} from './syncing.ts'
import {
  besides,
  DEADLINE,
  eventAbout,
  isEnding,
  type PodWorkerContext,
  sawRelist,
  told,
  untilDeadline,
} from './worker.ts'

type Context = PodWorkerContext
export interface DeadlinePassed {
  readonly type: 'deadline.passed'
}
type Events =
  | PodUpdated
  | PodRemoved
  | PodRelisted
  | ProbeResulted
  | ContainerKilled
  | DeadlinePassed
  | CriAnswered
  | CriFailed
  | ImagePulled
  | ImagePullFailed
  | ProbeAnswered
  | ApiAnswered
  | CallLost

/** `--runtime-request-timeout`; a pull has none. */
const RUNTIME_TIMEOUT_MS = 120_000
const ERROR_BACK_OFF_MS = 10_000

const { update, ask, decide, when, lasting } = verbs<Context, Events>()

const postStart = (context: Context) => starting(context).lifecycle?.postStart ?? {}
const imageIn = ({ reply }: CriAnswered): Image | undefined => (reply as { image: Image | undefined }).image

export const vocabulary = setup({
  types: { context: {} as Context, events: {} as Events, input: {} as PodWorkerInput },
  delays: {
    'runtime request timeout': RUNTIME_TIMEOUT_MS,
    'request timeout': REQUEST_TIMEOUT_MS,
    'mount back-off': lasting(mountBackOffMs),
    'until the next sync': lasting(({ retryAt }, _, { at }) => Math.max(0, retryAt - at)),
    'error back-off': ERROR_BACK_OFF_MS,
    'hook sleep': lasting((context) => (postStart(context).sleep?.seconds ?? 0) * 1_000),
  },
  guards: {
    'the kubelet cannot take it': when(({ rejection }) => rejection !== undefined),
    'it is to end': when(isEnding),
    'a sync is due': when((context, _, { at }) => context.wanted && sawRelist(context, at)),
    'a sync is wanted': when(({ wanted }) => wanted),
    'a newer relist was seen': when((context, _, { at }) => sawRelist(context, at)),
    'its containers are done': when(({ status }) => isTerminal(status.phase)),
    'the sync failed': when(({ failed }) => failed),

    'something is to be read': when(({ toRead }) => toRead.length > 0),
    'it was answered': when('api.answered', (_, answer) => succeeded(answer) || reasonOf(answer) === 'NotFound'),
    'a volume cannot be mounted': when((context) => mountProblem(context) !== undefined),
    'something must be killed': when(({ actions }) => actions.kill.length > 0),
    'all of them are killed': when(({ killing }) => killing.length === 0),
    'the sandbox must go': when((context) => context.actions.killPod && standing(context) !== undefined),
    'a sandbox stands': when((context) => standing(context) !== undefined),
    'a sandbox is needed': when(({ actions, sandbox }) => actions.createSandbox && sandbox === undefined),
    'a container is to be started': when(({ actions }) => actions.start.length > 0),
    'no container is left': when(({ actions }) => actions.start.length === 0),

    'it crashed a moment ago': when((context, _, { at }) => isBackingOff(context, at)),
    'its image has no proper name': when(hasInvalidImage),
    'pulling is forbidden': when('cri.answered', (context, event) =>
      isForbiddenToPull(context, imageIn(event) !== undefined),
    ),
    'the image need not be pulled': when(
      'cri.answered',
      (context, event) => !needsPull(context, imageIn(event) !== undefined),
    ),
    'the last pull failed a moment ago': when((context, _, { at }) => pullBacksOff(context, at)),
    'its configuration is wrong': when((context) => configProblem(context) !== undefined),
    'it has a postStart hook': when((context) => starting(context).lifecycle?.postStart !== undefined),
    'the hook only sleeps': when((context) => postStart(context).sleep !== undefined),
    'the hook succeeded': when((context, event) => {
      const reply = event.type === 'cri.answered' ? (event.reply as ExecResult) : (event as ProbeAnswered)
      return hookProblem(postStart(context), startingName(context), context.pod, reply) === undefined
    }),
    'the API has forgotten it': when(({ gone }) => gone),
    'it is being deleted': when('pod.updated', (_, { pod }) => isDeleting(pod)),
  },
  actions: {
    'report the rejection': decide((context, _, { at }) => {
      const { reason, message } = context.rejection ?? DEADLINE
      const status = rejectedStatus(context.pod, reason, message, at)
      const telling = told(context, status, { mayRun: false, finished: true, force: true })
      return [{ status }, [eventAbout(context, 'Warning', reason, message), ...telling]]
    }),
    'remember the pod': update('pod.updated', (_, { pod }) => ({ pod, wanted: true })),
    'note that it is gone': update(() => ({ gone: true })),
    'see what runs': decide('pod.relisted', seen),
    'note the result': decide('probe.resulted', (context, event, { self, at }) => resulted(context, event, self, at)),
    'give up on it': decide((context) => [{ verdict: DEADLINE, wanted: true }, deadlineEvent(context)]),
    'count the killed': decide('container.killed', ({ killing }, event, { self }) => [
      { killing: killing.filter(({ name }) => name !== event.name) },
      killing
        .filter(({ name }) => name !== event.name)
        .map(({ name }) => send(besides(self, 'container-killer', name), event)),
    ]),
    'ask for a relist': ask(({ parts }) => send(parts.pleg, { type: 'relist.awaited' })),
    'hang up': ask(() => hangUp('api')),
    'want a sync': update(() => ({ wanted: true })),

    'report what the relist showed': decide((context, _, { self, at }) => begun(context, self, at)),
    'watch the deadline': ask((context, _, { at }) => {
      const ms = untilDeadline(context, at)
      return ms === undefined || context.verdict !== undefined
        ? []
        : [wake('deadline', ms, { type: 'deadline.passed' })]
    }),
    'note that it is done': update((_, __, { at }) => ({ completed: true, syncedAt: at })),
    'settle the sync': update((context, _, { dice, at }) => settled(context, dice, at)),
    'list what its volumes need': update((context) => ({
      mountTries: context.mountTries + 1,
      ...volumesToRead(context),
    })),
    'list what its environment needs': update(environmentToRead),
    'read the next': ask(readNext),
    'keep what was read': update('api.answered', ({ toRead, objects }, { object }) => ({
      toRead: toRead.slice(1),
      objects: { ...objects, [toRead[0] ?? '']: object },
    })),
    'record FailedMount': ask((context) =>
      eventAbout(context, 'Warning', 'FailedMount', mountProblem(context) ?? 'failed to sync cache: timed out'),
    ),
    'record missing pull secrets': ask(pullSecretsEvent),
    'start the probe workers': decide((context, _, { self }) =>
      context.probed ? [{}, []] : [{ probed: true }, [...probeWorkers(context, self), ...alreadyShown(context, self)]],
    ),
    'decide what to do': update(decided),
    'kill them': decide((context, _, { self }) => [
      { killing: context.actions.kill, actions: { ...context.actions, kill: [] } },
      killers(context, context.actions.kill, self),
    ]),
    'stop the sandbox': ask(stopSandbox),
    'note that the pod is killed': update(({ actions }) => ({
      actions: { ...actions, killPod: false },
      sandbox: undefined,
    })),
    'make the sandbox': ask(makeSandbox),
    'keep the sandbox': update('cri.answered', (_, { reply }) => made(reply as PodSandboxRun)),
    'record FailedCreatePodSandBox': decide((context, event) => [
      { failed: true },
      eventAbout(
        context,
        'Warning',
        'FailedCreatePodSandBox',
        `Failed to create pod sandbox: ${rpcText(failureOf(event))}`,
      ),
    ]),
    'fail the sync': update(() => ({ failed: true })),

    'record BackOff': decide(crashLoops),
    'lengthen its back-off': update((context, _, { at }) => lengthened(context, at)),
    'record InspectFailed': decide(invalidImage),
    'look for the image': ask(inspectImage),
    'note that the image could not be looked for': decide((context, event) =>
      failedToStart(
        context,
        'ImageInspectError',
        `Failed to inspect image "${starting(context).image}": ${rpcText(failureOf(event))}`,
        'ImageInspectError',
      ),
    ),
    'record ErrImageNeverPull': decide(neverPulled),
    'record Pulled': ask(present),
    'keep the image': update('cri.answered', (_, event) => ({ image: imageIn(event) })),
    'record ImagePullBackOff': decide(pullLater),
    'pull the image': decide((context, _, { at }) => pull(context, at)),
    'record the pull': decide('image.pulled', (context, event, { at }) => [
      { image: event.image },
      pulled(context, event, at),
    ]),
    'record ErrImagePull': decide((context, event, { at }) =>
      pullFailed(
        context,
        event.type === 'image.pullFailed' ? (event as ImagePullFailed).error : rpcText(failureOf(event)),
        at,
      ),
    ),
    'record CreateContainerConfigError': decide((context) =>
      failedToStart(context, 'CreateContainerConfigError', configProblem(context) ?? ''),
    ),
    'note that its environment could not be read': decide((context) =>
      failedToStart(
        context,
        'CreateContainerConfigError',
        'failed to sync configmap cache: timed out waiting for the condition',
      ),
    ),
    'create it': ask(create),
    'keep its id': decide('cri.answered', (context, { reply }) => [
      { containerId: (reply as { containerId: string }).containerId },
      created(context),
    ]),
    'record CreateContainerError': decide((context, event) =>
      failedToStart(context, 'CreateContainerError', failureOf(event).error),
    ),
    'start it': ask(startIt),
    'record Started': ask(startedEvent),
    'record RunContainerError': decide((context, event) =>
      failedToStart(context, 'RunContainerError', failureOf(event).error),
    ),
    'run the hook': ask((context, _, { self }) =>
      hookRequest(postStart(context), starting(context), context.containerId, {
        runtime: context.parts.runtime,
        self,
      }),
    ),
    'record FailedPostStartHook': decide((context, event, { self }) => {
      const lost =
        event.type === 'cri.answered' || event.type === 'probe.answered' ? {} : { lost: failureOf(event).error }
      const reply = event.type === 'cri.answered' ? (event.reply as ExecResult) : (event as ProbeAnswered)
      const name = startingName(context)
      const problem = hookProblem(postStart(context), name, context.pod, { ...reply, ...lost })
      const kill = { name, containerId: context.containerId, message: 'FailedPostStartHook', by: undefined }
      return [
        { killing: [kill], startErrors: { ...context.startErrors, [name]: hookError(problem) } },
        [
          eventAbout(context, 'Warning', 'FailedPostStartHook', 'PostStartHook failed', name),
          ...killers(context, [kill], self),
        ],
      ]
    }),
    'note the failure of the hook': update((context) => {
      const { reason, message } = context.startErrors[startingName(context)] ?? hookError('')
      return notStarted(context, reason, message)
    }),
    'go on to the next': update(started),

    'report that it ends': decide((context, _, { at }) => endBegun(context, at)),
    'stop the liveness and startup probes': ask((context, _, { self }) =>
      stopProbes(context, self, ['liveness', 'startup']),
    ),
    'kill everything': decide((context, _, { self }) => {
      const kills = killAll(context.pod, context.view)
      return [{ killing: kills }, killers(context, kills, self)]
    }),
    'ask for the remains': ask(askForRemains),
    'report how it ended': decide('cri.answered', (context, { reply }, { at }) =>
      remainsSeen(context, (reply as { containers: readonly ContainerStatus[] }).containers, at),
    ),
    'stop the probes': ask((context, _, { self }) => stopProbes(context, self, PROBES)),
    'report that it is over': decide((context, _, { at }) => finished(context, at)),
    'report it again': ask(finishedAgain),
    'throw the remains away': ask(discard),
  },
})

const hookError = (message: string | undefined) => ({ reason: 'PostStartHookError', message: message ?? '' })
