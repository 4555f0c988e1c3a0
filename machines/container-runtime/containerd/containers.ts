/** Containers as containerd keeps them: created, started, stopped, removed; and what they tell of themselves. */
import { type Decided, type Delivery, monitor, send, spawnProcess, wake } from '../../../runtime/contract.ts'
import { Tree } from '../../../runtime/tree.ts'
import type {
  ContainerEvent,
  CreateContainer,
  RemoveContainer,
  StartContainer,
  StopContainer,
  UpdateContainerResources,
} from '../../protocol/cri.ts'
import type { ContainerInput, VolumeChanged, VolumeFile } from '../../protocol/workload.ts'
import { parseName } from '../image-name.ts'
import { findImage } from '../images.ts'
import {
  type ContainerRecord,
  containerStatus,
  type ExitNoted,
  forget,
  keepContainer,
  keepSandbox,
  keepVolume,
  newId,
  type SandboxRecord,
  safely,
} from './records.ts'
import { askersOf, awaited, containerAt, fail, type Runtime, reply, told } from './runtime.ts'
import { CREATE_MS } from './timings.ts'

export function createContainer(runtime: Runtime, request: CreateContainer, delivery: Delivery): Decided<Runtime> {
  const { podSandboxId, config } = request
  const sandbox = runtime.sandboxes.get(podSandboxId)
  if (sandbox === undefined)
    return [{}, fail(delivery, 'NotFound', `failed to find sandbox id "${podSandboxId}": not found`)]
  const image = findImage(runtime.images, runtime.behaviours, config.image)
  if (image === undefined) {
    const { full } = parseName(config.image)
    return [{}, fail(delivery, 'NotFound', `failed to create containerd container: image "${full}": not found`)]
  }
  const { name, attempt } = config.metadata
  const id = newId(delivery.dice, 'container', podSandboxId, name, attempt, sandbox.containers.length)
  const record: ContainerRecord = {
    id,
    sandbox: podSandboxId,
    config,
    pod: sandbox.config.metadata,
    image: image.repoTags[0] ?? config.image,
    imageRef: image.imageRef,
    createdAt: delivery.at,
    startedAt: 0,
    exit: undefined,
  }
  return kept(runtime, record, { ...sandbox, containers: [...sandbox.containers, id] }, delivery)
}

function kept(runtime: Runtime, record: ContainerRecord, sandbox: SandboxRecord, delivery: Delivery): Decided<Runtime> {
  const { id } = record
  const address = containerAt(runtime, id)
  const change = {
    containers: runtime.containers.set(id, record),
    sandboxes: runtime.sandboxes.set(sandbox.id, sandbox),
    waiting: awaited(runtime, `create ${id}`, delivery),
  }
  return [
    change,
    [
      ...safely(keepContainer(record), keepSandbox(sandbox)),
      spawnProcess(address, 'container', inputFor(runtime, record, sandbox, delivery.self)),
      monitor(address),
      wake(`create ${id}`, CREATE_MS, { type: 'container.prepared', id }),
    ],
  ]
}

function inputFor(runtime: Runtime, { id, config, image }: ContainerRecord, sandbox: SandboxRecord, self: string) {
  const { uid } = sandbox.config.metadata
  const volumes: Record<string, Tree<VolumeFile>> = {}
  for (const { volume } of config.mounts) {
    const files = runtime.volumes.get(`${uid}/${volume}`)
    if (files !== undefined) volumes[volume] = files
  }
  const { hostname } = sandbox.config
  const { behaviours } = runtime
  return { runtime: self, id, podUid: uid, hostname, config, image, behaviours, volumes } satisfies ContainerInput
}

export function containerPrepared(runtime: Runtime, id: string): Decided<Runtime> {
  const what = `create ${id}`
  const askers = askersOf(runtime, what)
  return [{ waiting: runtime.waiting.delete(what) }, askers.map((asker) => reply(asker, { containerId: id }))]
}

export const notFound = (id: string): string => `an error occurred when try to find container "${id}": not found`

export function startContainer(
  runtime: Runtime,
  { containerId: id }: StartContainer,
  delivery: Delivery,
): Decided<Runtime> {
  const record = runtime.containers.get(id)
  if (record === undefined) return [{}, fail(delivery, 'NotFound', notFound(id))]
  if (record.startedAt > 0 || record.exit !== undefined) {
    const state = record.exit === undefined ? 'CONTAINER_RUNNING' : 'CONTAINER_EXITED'
    return [
      {},
      fail(delivery, 'Unknown', `failed to set starting state for container "${id}": container is in ${state} state`),
    ]
  }
  return [
    { waiting: awaited(runtime, `start ${id}`, delivery) },
    send(containerAt(runtime, id), { type: 'container.start' }),
  ]
}

export function containerStarted(runtime: Runtime, id: string, at: number): Decided<Runtime> {
  const was = runtime.containers.get(id)
  if (was === undefined) return [{}, []]
  const record = { ...was, startedAt: at }
  return [
    { containers: runtime.containers.set(id, record), waiting: runtime.waiting.delete(`start ${id}`) },
    [
      keepContainer(record),
      ...askersOf(runtime, `start ${id}`).map((asker) => reply(asker)),
      ...told(runtime, containerEvent(record, 'CONTAINER_STARTED_EVENT')),
    ],
  ]
}

/** Takes note of an exit, lets the container go, and answers who waited for its end or, in vain, for its start. */
export function containerExited(runtime: Runtime, id: string, exit: ExitNoted): Decided<Runtime> {
  const was = runtime.containers.get(id)
  const release = send(containerAt(runtime, id), { type: 'container.delete' })
  if (was === undefined || was.exit !== undefined) return [{}, release]
  const record: ContainerRecord = { ...was, exit }
  return [
    {
      containers: runtime.containers.set(id, record),
      waiting: runtime.waiting.delete(`start ${id}`).delete(`stop ${id}`),
    },
    [
      ...safely(keepContainer(record)),
      release,
      ...askersOf(runtime, `start ${id}`).map((asker) => fail(asker, 'Unknown', exit.message)),
      ...askersOf(runtime, `stop ${id}`).map((asker) => reply(asker)),
      ...told(runtime, containerEvent(record, 'CONTAINER_STOPPED_EVENT')),
    ],
  ]
}

/** The container is gone without a word: its shim was killed (137), or the machine lost its power (255). */
export function containerGone(runtime: Runtime, id: string, exitCode: 137 | 255, at: number): Decided<Runtime> {
  const was = runtime.containers.get(id)
  if (was === undefined || was.exit !== undefined) return [{}, []]
  return containerExited(runtime, id, {
    startedAt: was.startedAt,
    finishedAt: at,
    exitCode,
    reason: exitCode === 255 ? 'Unknown' : 'Error',
    message: '',
    terminationMessage: '',
    log: [],
  })
}

export function stopContainer(runtime: Runtime, request: StopContainer, delivery: Delivery): Decided<Runtime> {
  const { containerId: id, timeoutSeconds } = request
  const record = runtime.containers.get(id)
  if (record === undefined || record.exit !== undefined || record.startedAt === 0) return [{}, reply(delivery)]
  const order = { type: 'container.stop', graceMs: timeoutSeconds * 1_000 }
  return [{ waiting: awaited(runtime, `stop ${id}`, delivery) }, send(containerAt(runtime, id), order)]
}

export function removeContainer(
  runtime: Runtime,
  { containerId: id }: RemoveContainer,
  delivery: Delivery,
): Decided<Runtime> {
  const record = runtime.containers.get(id)
  if (record === undefined) return [{}, reply(delivery)]
  const sandboxes = runtime.sandboxes.update(record.sandbox, (sandbox) =>
    sandbox === undefined ? undefined : { ...sandbox, containers: sandbox.containers.filter((each) => each !== id) },
  )
  const sandbox = sandboxes.get(record.sandbox)
  return [
    { containers: runtime.containers.delete(id), sandboxes },
    [
      ...(record.exit === undefined ? [send(containerAt(runtime, id), { type: 'container.delete' })] : []),
      ...(sandbox === undefined ? [] : [keepSandbox(sandbox)]),
      forget('container', id),
      reply(delivery),
      ...told(runtime, containerEvent(record, 'CONTAINER_DELETED_EVENT')),
    ],
  ]
}

export function updateResources(
  runtime: Runtime,
  request: UpdateContainerResources,
  delivery: Delivery,
): Decided<Runtime> {
  const { containerId: id, resources } = request
  const was = runtime.containers.get(id)
  if (was === undefined) return [{}, fail(delivery, 'NotFound', notFound(id))]
  const record = { ...was, config: { ...was.config, resources } }
  return [
    { containers: runtime.containers.set(id, record) },
    [keepContainer(record), send(containerAt(runtime, id), { type: 'limits.changed', resources }), reply(delivery)],
  ]
}

/** A container wrote to a volume: the other containers of its pod that mount it see it too. */
export function volumeChanged(runtime: Runtime, event: VolumeChanged, { from }: Delivery): Decided<Runtime> {
  const id = from.slice(from.lastIndexOf('/') + 1)
  const sandbox = runtime.sandboxes.get(runtime.containers.get(id)?.sandbox ?? '')
  if (sandbox === undefined) return [{}, []]
  const name = `${sandbox.config.metadata.uid}/${event.volume}`
  let files = runtime.volumes.get(name) ?? Tree.of<VolumeFile>()
  for (const { path, file } of event.files) files = files.update(path, () => file)
  const mounts = (other: string): boolean =>
    other !== id &&
    runtime.containers.get(other)?.exit === undefined &&
    runtime.containers.get(other)?.config.mounts.some(({ volume }) => volume === event.volume) === true
  return [
    { volumes: runtime.volumes.set(name, files) },
    [
      keepVolume(name, files),
      ...sandbox.containers.filter(mounts).map((other) => send(containerAt(runtime, other), event)),
    ],
  ]
}

const containerEvent = (record: ContainerRecord, kind: ContainerEvent['kind']): ContainerEvent => ({
  kind,
  pod: record.pod,
  container: containerStatus(record),
})
