/**
 * What containerd knows of sandboxes and containers, as it lies on its disk. A restart reads it again and asks every
 * container how it fared meanwhile.
 */
import { draw, type Effect, sync, write } from '../../../runtime/contract.ts'
import { Tree } from '../../../runtime/tree.ts'
import { type Attachments, noAttachments } from '../../cni/bridge.ts'
import type {
  ContainerConfig,
  ContainerStatus,
  Image,
  PodSandboxConfig,
  PodSandboxMetadata,
  PodSandboxStatus,
} from '../../protocol/cri.ts'
import type { Exit, VolumeFile } from '../../protocol/workload.ts'

export interface SandboxRecord {
  readonly id: string
  readonly config: PodSandboxConfig
  readonly state: 'PREPARING' | 'READY' | 'NOTREADY'
  readonly createdAt: number
  readonly ips: readonly string[]
  readonly containers: readonly string[]
}
export interface ContainerRecord {
  readonly id: string
  readonly sandbox: string
  readonly config: ContainerConfig
  readonly pod: PodSandboxMetadata
  readonly image: string
  readonly imageRef: string
  readonly createdAt: number
  readonly startedAt: number
  readonly exit: ExitNoted | undefined
}
/** The log of one that is gone for good stays where the kubelet reads it. */
export interface ExitNoted extends Omit<Exit, 'reason'> {
  readonly reason: Exit['reason'] | 'Unknown'
}

/** All that lies on the disk. */
export interface Records {
  readonly sandboxes: Tree<SandboxRecord>
  readonly containers: Tree<ContainerRecord>
  readonly images: Tree<Image>
  /** Files of volumes that containers wrote to: by volume, then by path. */
  readonly volumes: Tree<Tree<VolumeFile>>
  readonly allocations: Attachments
}
export const noRecords: Records = {
  sandboxes: Tree.of<SandboxRecord>(),
  containers: Tree.of<ContainerRecord>(),
  images: Tree.of<Image>(),
  volumes: Tree.of<Tree<VolumeFile>>(),
  allocations: noAttachments,
}

export function recordsOn(disk: Tree<unknown> | undefined): Records {
  let records = noRecords
  disk?.each((value, key) => {
    const [kind, ...rest] = key.split('/')
    const name = rest.join('/')
    if (kind === 'sandbox') records = { ...records, sandboxes: records.sandboxes.set(name, value as SandboxRecord) }
    else if (kind === 'container')
      records = { ...records, containers: records.containers.set(name, value as ContainerRecord) }
    else if (kind === 'image') records = { ...records, images: records.images.set(name, value as Image) }
    else if (kind === 'volume') records = { ...records, volumes: records.volumes.set(name, value as Tree<VolumeFile>) }
    else if (kind === 'allocations') records = { ...records, allocations: value as Attachments }
  })
  return records
}

/** What must be known after a loss of power too: bolt syncs each of its transactions; here, those that matter. */
export const safely = (...effects: readonly Effect[]): readonly Effect[] => [...effects, sync('records')]

export const keepSandbox = (record: SandboxRecord): Effect => write(`sandbox/${record.id}`, record)
export const keepContainer = (record: ContainerRecord): Effect => write(`container/${record.id}`, record)
export const keepImage = (name: string, image: Image | undefined): Effect => write(`image/${name}`, image)
export const keepAllocations = (allocations: Attachments): Effect => write('allocations', allocations)
export const keepVolume = (name: string, files: Tree<VolumeFile>): Effect => write(`volume/${name}`, files)
export const forget = (kind: 'sandbox' | 'container', id: string): Effect => write(`${kind}/${id}`, undefined)

/** 64 hexadecimal digits, drawn for what they name. */
export const newId = (dice: number, ...labels: readonly (string | number)[]): string =>
  [1, 2, 3, 4, 5, 6, 7, 8]
    .map((i) =>
      draw(dice, ...labels, i)
        .toString(16)
        .padStart(8, '0'),
    )
    .join('')

export function sandboxStatus({ id, config, state, createdAt, ips }: SandboxRecord): PodSandboxStatus {
  return { id, metadata: config.metadata, state: state === 'READY' ? 'READY' : 'NOTREADY', createdAt, ips }
}

export function containerStatus(record: ContainerRecord): ContainerStatus {
  const { id, sandbox, config, pod, createdAt, startedAt, exit, image, imageRef } = record
  return {
    id,
    podSandboxId: sandbox,
    pod,
    metadata: config.metadata,
    state: exit !== undefined ? 'EXITED' : startedAt > 0 ? 'RUNNING' : 'CREATED',
    createdAt,
    startedAt: exit?.startedAt ?? startedAt,
    finishedAt: exit?.finishedAt ?? 0,
    exitCode: exit?.exitCode ?? 0,
    reason: exit?.reason ?? '',
    message: exit?.message ?? '',
    image,
    imageRef,
    terminationMessage: exit?.terminationMessage ?? '',
    logTail: exit === undefined ? '' : tailOf(exit),
  }
}

/** As much as `FallbackToLogsOnError` shows. */
function tailOf({ log }: ExitNoted): string {
  const text = log.map((line) => line.text).join('')
  return text
    .split(/(?<=\n)/)
    .slice(-80)
    .join('')
    .slice(-2_048)
}
