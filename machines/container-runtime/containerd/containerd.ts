/**
 * containerd: answers the kubelet's CRI calls, keeps records of sandboxes, containers and images on its disk, and starts
 * each container as a process of its own, so that a restart of containerd changes nothing for what runs.
 *
 * Modelled on containerd 1.6 (pkg/cri/server) with the CNI plugins `bridge` and `host-local`.
 */
import { setup } from 'xstate'
import {
  born,
  type CallLost,
  type Decided,
  type Delivery,
  hangUp,
  type PeerLost,
  type SendRefused,
  type StreamClosed,
  verbs,
  write,
} from '../../../runtime/contract.ts'
import type { CriAnswered, CriFailed, CriRequest } from '../../protocol/cri.ts'
import type { PodSought } from '../../protocol/network.ts'
import type {
  CniConfigured,
  ContainerExited,
  ContainerInspected,
  ContainerStarted,
  LogAnswered,
  LogRequest,
  SandboxReady,
  SandboxStopped,
  VolumeChanged,
} from '../../protocol/workload.ts'
import {
  containerExited,
  containerGone,
  containerPrepared,
  containerStarted,
  createContainer,
  removeContainer,
  startContainer,
  stopContainer,
  updateResources,
  volumeChanged,
} from './containers.ts'
import type { PullFinished } from './image-pull.ts'
import {
  conditionsTold,
  containersListed,
  execSync,
  imagesListed,
  imageTold,
  logSought,
  mountsChanged,
  passedOn,
  podFound,
  sandboxesListed,
  statusTold,
  unanswered,
} from './inquiries.ts'
import { pullFinished, pullImage, removeImage } from './pulls.ts'
import { safely } from './records.ts'
import { everybodyAsked, inspected, lost, restarted, sandboxFound } from './recovery.ts'
import { type ContainerdInput, fail, type Runtime } from './runtime.ts'
import { removeSandbox, runSandbox, sandboxGone, sandboxReady, stopSandbox, withoutNetwork } from './sandboxes.ts'

type ContainerPrepared = { readonly type: 'container.prepared'; readonly id: string }
type Events =
  | CriRequest
  | CriAnswered
  | CriFailed
  | CniConfigured
  | ContainerPrepared
  | ContainerStarted
  | ContainerExited
  | ContainerInspected
  | SandboxReady
  | SandboxStopped
  | PullFinished
  | VolumeChanged
  | LogRequest
  | LogAnswered
  | PodSought
  | CallLost
  | PeerLost
  | SendRefused
  | StreamClosed
const { update, ask, decide, when } = verbs<Runtime, Events>()

type Request<C extends CriRequest['call']> = Extract<CriRequest, { readonly call: C }>
const asks = (call: CriRequest['call']) => when('cri.request', (_, request) => request.call === call)
/** An action for one kind of call. */
const does = <C extends CriRequest['call']>(
  _: C,
  work: (runtime: Runtime, request: Request<C>, delivery: Delivery) => Decided<Runtime>,
) => decide('cri.request', (runtime, request, delivery) => work(runtime, request as Request<C>, delivery))

const idIn = (address: string): string => address.slice(address.lastIndexOf('/') + 1)

export const containerd = setup({
  types: { context: {} as Runtime, events: {} as Events, input: {} as ContainerdInput },
  delays: { 'connect time-out': 10_000 },
  guards: {
    'everybody is heard': when(({ unheard }) => unheard === 0),
    'the network is configured': when(({ podCIDR }) => podCIDR !== undefined),
    'a sandbox with a network is to run': when(
      'cri.request',
      (_, request) => request.call === 'RunPodSandbox' && !request.config.hostNetwork,
    ),
    'a sandbox is to run': asks('RunPodSandbox'),
    'a sandbox is to stop': asks('StopPodSandbox'),
    'a sandbox is to go': asks('RemovePodSandbox'),
    'sandboxes are asked for': asks('ListPodSandbox'),
    'an image is asked for': asks('ImageStatus'),
    'images are asked for': asks('ListImages'),
    'an image is to be pulled': asks('PullImage'),
    'an image is to go': asks('RemoveImage'),
    'a container is to be made': asks('CreateContainer'),
    'a container is to start': asks('StartContainer'),
    'a container is to stop': asks('StopContainer'),
    'a container is to go': asks('RemoveContainer'),
    'containers are asked for': asks('ListContainers'),
    'a container is asked for': asks('ContainerStatus'),
    'a command is to be run': asks('ExecSync'),
    'limits are to change': asks('UpdateContainerResources'),
    'files of mounts have changed': asks('MountsChanged'),
    'its own state is asked for': asks('Status'),
    'events are to be followed': asks('GetContainerEvents'),
    'a container is lost': when('peer.lost', (_, { address }) => address.startsWith('container/')),
  },
  actions: {
    'ask everybody how they fare': ask(everybodyAsked),
    'take the answer of the container': decide('container.inspected', inspected),
    'take the answer of the sandbox': decide('sandbox.ready', (runtime, { id }) => sandboxFound(runtime, id)),
    'note that nobody is there': decide('call.lost', (runtime, { line }, { at }) => lost(runtime, line, at)),
    'ask no more': ask(() => hangUp()),
    'ask to come back later': ask('cri.request', (_, __, delivery) =>
      fail(delivery, 'Unknown', 'server is not initialized yet'),
    ),
    'configure the network': decide('cni.configured', (_, { podCIDR }) => [{ podCIDR }, safely(write('cni', podCIDR))]),
    'refuse for want of a network': does('RunPodSandbox', withoutNetwork),
    'run the sandbox': does('RunPodSandbox', runSandbox),
    'stop the sandbox': does('StopPodSandbox', stopSandbox),
    'remove the sandbox': does('RemovePodSandbox', removeSandbox),
    'list the sandboxes': ask('cri.request', (runtime, _, delivery) => sandboxesListed(runtime, delivery)),
    'tell of the image': ask('cri.request', (runtime, request, delivery) =>
      imageTold(runtime, (request as Request<'ImageStatus'>).image, delivery),
    ),
    'list the images': ask('cri.request', (runtime, _, delivery) => imagesListed(runtime, delivery)),
    'pull the image': does('PullImage', pullImage),
    'remove the image': does('RemoveImage', removeImage),
    'create the container': does('CreateContainer', createContainer),
    'start the container': does('StartContainer', startContainer),
    'stop the container': does('StopContainer', stopContainer),
    'remove the container': does('RemoveContainer', removeContainer),
    'list the containers': ask('cri.request', (runtime, request, delivery) =>
      containersListed(runtime, request as Request<'ListContainers'>, delivery),
    ),
    'tell of the container': ask('cri.request', (runtime, request, delivery) =>
      statusTold(runtime, (request as Request<'ContainerStatus'>).containerId, delivery),
    ),
    'have the command run': does('ExecSync', execSync),
    'change the limits': does('UpdateContainerResources', updateResources),
    'renew the mounts': ask('cri.request', (runtime, request, delivery) =>
      mountsChanged(runtime, request as Request<'MountsChanged'>, delivery),
    ),
    'tell its own state': ask('cri.request', (runtime, _, delivery) => conditionsTold(runtime, delivery)),
    'let it follow': update('cri.request', ({ streams }, _, { call }) => ({ streams: [...streams, call] })),
    'let it go': update('stream.closed', ({ streams }, { stream }) => ({
      streams: streams.filter((each) => each !== stream),
    })),
    'answer that it is made': decide('container.prepared', (runtime, { id }) => containerPrepared(runtime, id)),
    'note the start': decide('container.started', (runtime, { id, at }) => containerStarted(runtime, id, at)),
    'note the exit': decide('container.exited', (runtime, { type: _, id, ...exit }) =>
      containerExited(runtime, id, exit),
    ),
    'note that the container is gone': decide('peer.lost', (runtime, { address }, { at }) =>
      containerGone(runtime, idIn(address), 137, at),
    ),
    'note that the sandbox is ready': decide('sandbox.ready', (runtime, { id }) => sandboxReady(runtime, id)),
    'note that the sandbox has stopped': decide('sandbox.stopped', (runtime, { id }) => sandboxGone(runtime, id)),
    'note that the sandbox is gone': decide('peer.lost', (runtime, { address }) => sandboxGone(runtime, idIn(address))),
    'take the image in': decide('pull.finished', pullFinished),
    'share the change': decide('volume.changed', volumeChanged),
    'look for the log': decide('log.request', logSought),
    'pass the result on': decide('cri.answered', passedOn),
    'pass the failure on': decide('cri.failed', passedOn),
    'pass the log on': decide('log.answered', passedOn),
    'tell that nobody answered': decide('call.lost', (runtime, { line }) => unanswered(runtime, line)),
    'tell who has the address': ask('pod.sought', podFound),
  },
}).createMachine({
  id: 'containerd',
  description: 'The container runtime of a node.',
  context: born(restarted),
  initial: 'recovering',
  on: {
    'container.prepared': { actions: 'answer that it is made' },
    'container.started': { actions: 'note the start' },
    'container.exited': { actions: 'note the exit' },
    'sandbox.stopped': { actions: 'note that the sandbox has stopped' },
    'pull.finished': { actions: 'take the image in' },
    'volume.changed': { actions: 'share the change' },
    'stream.closed': { actions: 'let it go' },
    'pod.sought': { actions: 'tell who has the address' },
    'log.request': { actions: 'look for the log' },
    'log.answered': { actions: 'pass the log on' },
    'peer.lost': [
      { guard: 'a container is lost', actions: 'note that the container is gone' },
      { actions: 'note that the sandbox is gone' },
    ],
  },
  states: {
    recovering: {
      description: 'It has read its records and asks every container and sandbox how it fared meanwhile.',
      entry: 'ask everybody how they fare',
      always: { guard: 'everybody is heard', target: 'serving' },
      after: { 'connect time-out': { target: 'serving', actions: 'ask no more' } },
      on: {
        'cri.request': { actions: 'ask to come back later' },
        'cni.configured': { actions: 'configure the network' },
        'container.inspected': { actions: 'take the answer of the container' },
        'sandbox.ready': { actions: 'take the answer of the sandbox' },
        'call.lost': { actions: 'note that nobody is there' },
      },
    },
    serving: {
      initial: 'deciding',
      on: {
        'sandbox.ready': { actions: 'note that the sandbox is ready' },
        'cri.answered': { actions: 'pass the result on' },
        'cri.failed': { actions: 'pass the failure on' },
        'call.lost': { actions: 'tell that nobody answered' },
        'cni.configured': { target: '.withNetwork', actions: 'configure the network' },
        'cri.request': [
          { guard: 'a sandbox is to run', actions: 'run the sandbox' },
          { guard: 'a sandbox is to stop', actions: 'stop the sandbox' },
          { guard: 'a sandbox is to go', actions: 'remove the sandbox' },
          { guard: 'sandboxes are asked for', actions: 'list the sandboxes' },
          { guard: 'an image is asked for', actions: 'tell of the image' },
          { guard: 'images are asked for', actions: 'list the images' },
          { guard: 'an image is to be pulled', actions: 'pull the image' },
          { guard: 'an image is to go', actions: 'remove the image' },
          { guard: 'a container is to be made', actions: 'create the container' },
          { guard: 'a container is to start', actions: 'start the container' },
          { guard: 'a container is to stop', actions: 'stop the container' },
          { guard: 'a container is to go', actions: 'remove the container' },
          { guard: 'containers are asked for', actions: 'list the containers' },
          { guard: 'a container is asked for', actions: 'tell of the container' },
          { guard: 'a command is to be run', actions: 'have the command run' },
          { guard: 'limits are to change', actions: 'change the limits' },
          { guard: 'files of mounts have changed', actions: 'renew the mounts' },
          { guard: 'its own state is asked for', actions: 'tell its own state' },
          { guard: 'events are to be followed', actions: 'let it follow' },
        ],
      },
      states: {
        deciding: {
          always: [{ guard: 'the network is configured', target: 'withNetwork' }, { target: 'withoutNetwork' }],
        },
        withoutNetwork: {
          description: 'The CNI plugins have no configuration yet: only pods on the network of the host can run.',
          on: {
            'cri.request': { guard: 'a sandbox with a network is to run', actions: 'refuse for want of a network' },
          },
        },
        withNetwork: {},
      },
    },
  },
})
