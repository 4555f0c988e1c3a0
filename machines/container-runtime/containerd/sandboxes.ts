/** Sandboxes as containerd keeps them: `RunPodSandbox`, `StopPodSandbox`, `RemovePodSandbox`. */
import { type Decided, type Delivery, type Effect, monitor, send, spawnProcess } from '../../../runtime/contract.ts'
import { type Attachments, add, del, networkOf } from '../../cni/bridge.ts'
import type { ContainerEvent, RemovePodSandbox, RunPodSandbox, StopPodSandbox } from '../../protocol/cri.ts'
import type { PodSandboxInput } from '../../protocol/workload.ts'
import { forget, keepAllocations, keepSandbox, newId, type SandboxRecord, sandboxStatus } from './records.ts'
import { askersOf, awaited, containerAt, fail, type Runtime, reply, sandboxAt, told } from './runtime.ts'

const setupFailed = (id: string, why: string): string => `failed to setup network for sandbox "${id}": ${why}`

export function runSandbox(runtime: Runtime, { config }: RunPodSandbox, delivery: Delivery): Decided<Runtime> {
  const { uid, attempt } = config.metadata
  const id = newId(delivery.dice, 'sandbox', uid, attempt, runtime.allocations.lastReserved[0] ?? '')
  if (config.hostNetwork) return begun(runtime, delivery, config, id, runtime.nodeIP, runtime.allocations)
  const given = add(networkOf({ subnet: runtime.podCIDR ?? '' }), runtime.allocations, id)
  if ('ips' in given) return begun(runtime, delivery, config, id, given.ips[0]?.ip ?? '', given.allocations)
  const error = setupFailed(id, `plugin type="bridge" failed (add): ${given.error}`)
  return [{ allocations: del(given.allocations, id) }, fail(delivery, 'Unknown', error)]
}

export function withoutNetwork(_: Runtime, { config }: RunPodSandbox, delivery: Delivery): Decided<Runtime> {
  const id = newId(delivery.dice, 'sandbox', config.metadata.uid, config.metadata.attempt)
  return [{}, fail(delivery, 'Unknown', setupFailed(id, 'cni plugin not initialized'))]
}

function begun(
  runtime: Runtime,
  delivery: Delivery,
  config: RunPodSandbox['config'],
  id: string,
  ip: string,
  allocations: Attachments,
): Decided<Runtime> {
  const record: SandboxRecord = { id, config, state: 'PREPARING', createdAt: delivery.at, ips: [ip], containers: [] }
  const address = sandboxAt(runtime, id)
  const change = {
    allocations,
    sandboxes: runtime.sandboxes.set(id, record),
    waiting: awaited(runtime, `run ${id}`, delivery),
  }
  const input: PodSandboxInput = { runtime: delivery.self, id }
  return [
    change,
    [
      ...(allocations === runtime.allocations ? [] : [keepAllocations(allocations)]),
      keepSandbox(record),
      spawnProcess(address, 'pod-sandbox', input),
      monitor(address),
    ],
  ]
}

export function sandboxReady(runtime: Runtime, id: string): Decided<Runtime> {
  const was = runtime.sandboxes.get(id)
  if (was === undefined || was.state === 'READY') return [{}, []]
  const record: SandboxRecord = { ...was, state: 'READY' }
  const askers = askersOf(runtime, `run ${id}`)
  return [
    { sandboxes: runtime.sandboxes.set(id, record), waiting: runtime.waiting.delete(`run ${id}`) },
    [
      keepSandbox(record),
      ...askers.map((asker) => reply(asker, { podSandboxId: id, ips: record.ips })),
      ...told(runtime, sandboxEvent(record, 'CONTAINER_STARTED_EVENT')),
    ],
  ]
}

export function stopSandbox(
  runtime: Runtime,
  { podSandboxId: id }: StopPodSandbox,
  delivery: Delivery,
): Decided<Runtime> {
  const record = runtime.sandboxes.get(id)
  if (record === undefined || record.state === 'NOTREADY') return [{}, reply(delivery)]
  return [
    { waiting: awaited(runtime, `stop ${id}`, delivery) },
    [...killed(runtime, record), send(sandboxAt(runtime, id), { type: 'sandbox.stop' })],
  ]
}

/** Its pause container is gone: stopped as asked, or killed. */
export function sandboxGone(runtime: Runtime, id: string): Decided<Runtime> {
  const was = runtime.sandboxes.get(id)
  if (was === undefined || was.state === 'NOTREADY') return [{}, []]
  const record: SandboxRecord = { ...was, state: 'NOTREADY' }
  const allocations = del(runtime.allocations, id)
  const waiting = runtime.waiting.delete(`run ${id}`).delete(`stop ${id}`)
  return [
    { sandboxes: runtime.sandboxes.set(id, record), allocations, waiting },
    [
      keepSandbox(record),
      keepAllocations(allocations),
      ...askersOf(runtime, `run ${id}`).map((asker) => fail(asker, 'Unknown', 'failed to start sandbox container')),
      ...askersOf(runtime, `stop ${id}`).map((asker) => reply(asker)),
      ...told(runtime, sandboxEvent(record, 'CONTAINER_STOPPED_EVENT')),
    ],
  ]
}

export function removeSandbox(
  runtime: Runtime,
  { podSandboxId: id }: RemovePodSandbox,
  delivery: Delivery,
): Decided<Runtime> {
  const record = runtime.sandboxes.get(id)
  if (record === undefined) return [{}, reply(delivery)]
  const containers = record.containers.reduce((all, each) => all.delete(each), runtime.containers)
  const isUp = record.state !== 'NOTREADY'
  const allocations = isUp ? del(runtime.allocations, id) : runtime.allocations
  return [
    { sandboxes: runtime.sandboxes.delete(id), containers, allocations },
    [
      ...record.containers.flatMap((each) => [
        forget('container', each),
        ...(runtime.containers.get(each)?.exit === undefined
          ? [send(containerAt(runtime, each), { type: 'container.delete' })]
          : []),
      ]),
      ...(isUp ? [keepAllocations(allocations), send(sandboxAt(runtime, id), { type: 'sandbox.stop' })] : []),
      forget('sandbox', id),
      reply(delivery),
    ],
  ]
}

/** Containers that still run in a sandbox that is to stop are not asked. */
function killed(runtime: Runtime, { containers }: SandboxRecord): readonly Effect[] {
  return containers.flatMap((id) => {
    const container = runtime.containers.get(id)
    const runs = container !== undefined && container.startedAt > 0 && container.exit === undefined
    return runs ? [send(containerAt(runtime, id), { type: 'container.stop', graceMs: 0 })] : []
  })
}

const sandboxEvent = (record: SandboxRecord, kind: ContainerEvent['kind']): ContainerEvent => ({
  kind,
  pod: record.config.metadata,
  sandbox: sandboxStatus(record),
})
