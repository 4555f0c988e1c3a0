/** Questions that containerd answers from its records, or passes on to a container. */
import { answer, call, type Decided, type Delivery, type Effect, send } from '../../../runtime/contract.ts'
import type {
  CriAnswered,
  CriFailed,
  ExecSync,
  ListContainers,
  MountsChanged,
  RuntimeCondition,
} from '../../protocol/cri.ts'
import type { PodFound, PodSought } from '../../protocol/network.ts'
import type { LogAnswered, LogRequest } from '../../protocol/workload.ts'
import { findImage } from '../images.ts'
import { notFound } from './containers.ts'
import { containerStatus, sandboxStatus } from './records.ts'
import { askersOf, awaited, containerAt, fail, type Runtime, reply } from './runtime.ts'

export const sandboxesListed = ({ sandboxes }: Runtime, delivery: Delivery): Effect =>
  reply(delivery, { sandboxes: sandboxes.values().map(sandboxStatus) })

/** All containers of the node, or those of the one pod that is named. */
export function containersListed({ containers }: Runtime, { podUid }: ListContainers, delivery: Delivery): Effect {
  const wanted = containers.values().filter(({ pod }) => podUid === undefined || pod.uid === podUid)
  return reply(delivery, { containers: wanted.map(containerStatus) })
}

export function statusTold({ containers }: Runtime, id: string, delivery: Delivery): Effect {
  const record = containers.get(id)
  return record === undefined
    ? fail(delivery, 'NotFound', notFound(id))
    : reply(delivery, { container: containerStatus(record) })
}

export const imageTold = ({ images, behaviours }: Runtime, name: string, delivery: Delivery): Effect =>
  reply(delivery, { image: findImage(images, behaviours, name) })

export const imagesListed = ({ images }: Runtime, delivery: Delivery): Effect =>
  reply(delivery, { images: images.values() })

export function conditionsTold({ podCIDR }: Runtime, delivery: Delivery): Effect {
  const runtime: RuntimeCondition = { type: 'RuntimeReady', status: true, reason: '', message: '' }
  const network: RuntimeCondition =
    podCIDR === undefined
      ? {
          type: 'NetworkReady',
          status: false,
          reason: 'NetworkPluginNotReady',
          message: 'Network plugin returns error: cni plugin not initialized',
        }
      : { type: 'NetworkReady', status: true, reason: '', message: '' }
  return reply(delivery, { conditions: [runtime, network] })
}

/** Passes the command on to the container; its answer comes back on a line of its own. */
export function execSync(
  runtime: Runtime,
  { containerId: id, command, timeoutSeconds }: ExecSync,
  delivery: Delivery,
): Decided<Runtime> {
  const record = runtime.containers.get(id)
  if (record === undefined) return [{}, fail(delivery, 'NotFound', notFound(id))]
  if (record.exit !== undefined || record.startedAt === 0) {
    const state = record.exit === undefined ? 'CONTAINER_CREATED' : 'CONTAINER_EXITED'
    return [{}, fail(delivery, 'Unknown', `failed to exec in container: container is in ${state} state`)]
  }
  const line = `exec ${delivery.from} ${delivery.call} ${id}`
  const order = { type: 'container.execute', command, timeoutMs: timeoutSeconds * 1_000 }
  return [{ waiting: awaited(runtime, line, delivery) }, call(containerAt(runtime, id), order, line)]
}

/** The log of a container that runs is with the container. */
export function logSought(runtime: Runtime, { containerId: id }: LogRequest, delivery: Delivery): Decided<Runtime> {
  const record = runtime.containers.get(id)
  if (record !== undefined && record.exit === undefined) {
    const line = `log ${delivery.from} ${delivery.call} ${id}`
    const question: LogRequest = { type: 'log.request', containerId: id }
    return [{ waiting: awaited(runtime, line, delivery) }, call(containerAt(runtime, id), question, line)]
  }
  const lines = record?.exit?.log ?? []
  return [{}, answer(delivery.from, delivery.call, { type: 'log.answered', lines } satisfies LogAnswered)]
}

/** A container's answer goes to who asked for it. */
export function passedOn(
  runtime: Runtime,
  event: CriAnswered | CriFailed | LogAnswered,
  { line }: Delivery,
): Decided<Runtime> {
  const effects = askersOf(runtime, line).map(({ from, call: number }) => answer(from, number, event))
  return [{ waiting: runtime.waiting.delete(line) }, effects]
}

/** The container ended before it answered. */
export function unanswered(runtime: Runtime, line: string): Decided<Runtime> {
  const id = line.slice(line.lastIndexOf(' ') + 1)
  const why = `failed to exec in container: failed to load task: no running task found: task ${id} not found: not found`
  const effects = askersOf(runtime, line).map((asker) =>
    line.startsWith('log ')
      ? answer(asker.from, asker.call, { type: 'log.answered', lines: [] } satisfies LogAnswered)
      : fail(asker, 'NotFound', why),
  )
  return [{ waiting: runtime.waiting.delete(line) }, effects]
}

export function mountsChanged(
  runtime: Runtime,
  { containerId: id, mounts }: MountsChanged,
  delivery: Delivery,
): Effect[] {
  return [send(containerAt(runtime, id), { type: 'mounts.renewed', mounts }), reply(delivery)]
}

/** Which containers share an address. */
export function podFound(runtime: Runtime, { ip }: PodSought, { from, call: number }: Delivery): Effect {
  const sandbox = runtime.sandboxes.get(runtime.allocations.byAddress.get(ip) ?? '')
  const running = (sandbox?.containers ?? []).filter((id) => {
    const record = runtime.containers.get(id)
    return record !== undefined && record.startedAt > 0 && record.exit === undefined
  })
  return answer(from, number, {
    type: 'pod.found',
    containers: running.map((id) => containerAt(runtime, id)),
  } satisfies PodFound)
}
