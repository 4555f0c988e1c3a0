/** Claims, volumes, classes and drivers as the volume plugins know them. Empty trees where a cluster has none of them. */
import { Tree } from '../../runtime/tree.ts'
import type { Delta } from '../protocol/cache.ts'
import type { ApiObject, core, LabelSelector } from '../protocol/objects.ts'
import type { PodInfo } from './pod-info.ts'

export type Claim = ApiObject & { readonly spec: core.PersistentVolumeClaimSpec; readonly status?: { phase?: string } }
export type Volume = ApiObject & { readonly spec: core.PersistentVolumeSpec; readonly status?: { phase?: string } }
export interface StorageClass extends ApiObject {
  readonly provisioner: string
  readonly volumeBindingMode?: string
  readonly allowedTopologies?: readonly core.TopologySelectorTerm[]
}
export interface CsiNode extends ApiObject {
  readonly spec: { readonly drivers?: readonly CsiNodeDriver[] | null }
}
interface CsiNodeDriver {
  readonly name: string
  readonly allocatable?: { readonly count?: number }
}
export interface CsiDriver extends ApiObject {
  readonly spec: { readonly storageCapacity?: boolean }
}
export interface StorageCapacity extends ApiObject {
  readonly storageClassName: string
  readonly nodeTopology?: LabelSelector
  readonly capacity?: string
  readonly maximumVolumeSize?: string
}
export interface VolumeAttachment extends ApiObject {
  readonly spec: {
    readonly attacher?: string
    readonly nodeName?: string
    readonly source?: { readonly persistentVolumeName?: string }
  }
}

export interface Storage {
  readonly claims: Tree<Claim>
  readonly volumes: Tree<Volume>
  /** Volumes by their class, then name. */
  readonly ofClass: Tree<Tree<Volume>>
  readonly classes: Tree<StorageClass>
  readonly csiNodes: Tree<CsiNode>
  readonly csiDrivers: Tree<CsiDriver>
  readonly capacities: Tree<StorageCapacity>
  /** By node, then name. */
  readonly attachments: Tree<Tree<VolumeAttachment>>
  /** How many pods on nodes name each claim. */
  readonly inUse: Tree<number>
  /**
   * What is as good as written: claims and volumes as they are going to be once the binding of a pod is through.
   * Forgotten as soon as the API tells more (AssumeCache).
   */
  readonly assumed: Assumed
}
export interface Assumed {
  readonly claims: Tree<Claim>
  readonly volumes: Tree<Volume>
}
export const NO_STORAGE: Storage = {
  claims: Tree.of(),
  volumes: Tree.of(),
  ofClass: Tree.of(),
  classes: Tree.of(),
  csiNodes: Tree.of(),
  csiDrivers: Tree.of(),
  capacities: Tree.of(),
  attachments: Tree.of(),
  inUse: Tree.of(),
  assumed: { claims: Tree.of(), volumes: Tree.of() },
}

/** The resources that it is made of, as they are watched. */
export const STORAGE_RESOURCES = [
  'persistentvolumes',
  'persistentvolumeclaims',
  'storageclasses.storage.k8s.io',
  'csinodes.storage.k8s.io',
  'csidrivers.storage.k8s.io',
  'csistoragecapacities.storage.k8s.io',
  'volumeattachments.storage.k8s.io',
] as const

export function storageChanged(storage: Storage, resource: string, delta: Delta): Storage {
  const { key, now } = delta
  const { assumed } = storage
  switch (resource) {
    case 'persistentvolumeclaims':
      return {
        ...storage,
        claims: storage.claims.update(key, () => now as Claim | undefined),
        assumed: { ...assumed, claims: assumed.claims.delete(key) },
      }
    case 'persistentvolumes':
      return {
        ...storage,
        volumes: storage.volumes.update(key, () => now as Volume | undefined),
        ofClass: byClass(storage.ofClass, delta),
        assumed: { ...assumed, volumes: assumed.volumes.delete(key) },
      }
    case 'storageclasses.storage.k8s.io':
      return { ...storage, classes: storage.classes.update(key, () => now as StorageClass | undefined) }
    case 'csinodes.storage.k8s.io':
      return { ...storage, csiNodes: storage.csiNodes.update(key, () => now as CsiNode | undefined) }
    case 'csidrivers.storage.k8s.io':
      return { ...storage, csiDrivers: storage.csiDrivers.update(key, () => now as CsiDriver | undefined) }
    case 'csistoragecapacities.storage.k8s.io':
      return { ...storage, capacities: storage.capacities.update(key, () => now as StorageCapacity | undefined) }
    default:
      return { ...storage, attachments: attachmentsAfter(storage.attachments, delta) }
  }
}

function byClass(ofClass: Tree<Tree<Volume>>, { key, was, now }: Delta): Tree<Tree<Volume>> {
  const without = was === undefined ? ofClass : kept(ofClass, classOfVolume(was as Volume), key, undefined)
  return now === undefined ? without : kept(without, classOfVolume(now as Volume), key, now as Volume)
}
function attachmentsAfter(attachments: Storage['attachments'], { key, was, now }: Delta): Storage['attachments'] {
  const nodeOf = (one: unknown): string => (one as VolumeAttachment).spec.nodeName ?? ''
  const without = was === undefined ? attachments : kept(attachments, nodeOf(was), key, undefined)
  return now === undefined ? without : kept(without, nodeOf(now), key, now as VolumeAttachment)
}
const kept = <T>(groups: Tree<Tree<T>>, group: string, key: string, value: T | undefined): Tree<Tree<T>> =>
  groups.update(group, (its) => {
    const left = (its ?? Tree.of<T>()).update(key, () => value)
    return left.size === 0 ? undefined : left
  })

/** updatePVCRefCounts: a pod came to a node, or left it. */
export function claimsUsed(storage: Storage, { claimNames, namespace }: PodInfo, by: 1 | -1): Storage {
  if (claimNames.length === 0) return storage
  let { inUse } = storage
  for (const name of claimNames)
    inUse = inUse.update(`${namespace}/${name}`, (uses = 0) => (uses + by === 0 ? undefined : uses + by))
  return { ...storage, inUse }
}

/** GetPersistentVolumeClaimClass and GetPersistentVolumeClass: the annotation of old counts more than the field. */
const OLD_CLASS = 'volume.beta.kubernetes.io/storage-class'
export const classOfClaim = ({ metadata, spec }: Claim): string =>
  metadata.annotations?.[OLD_CLASS] ?? spec.storageClassName ?? ''
export const classOfVolume = ({ metadata, spec }: Volume): string =>
  metadata.annotations?.[OLD_CLASS] ?? spec.storageClassName ?? ''

/** PVCAssumeCache.GetPVC and PVAssumeCache.GetPV. */
export const claimAt = ({ claims, assumed }: Storage, key: string): Claim | undefined =>
  assumed.claims.get(key) ?? claims.get(key)
export const volumeAt = ({ volumes, assumed }: Storage, name: string): Volume | undefined =>
  assumed.volumes.get(name) ?? volumes.get(name)

const SELECTED_NODE = 'volume.kubernetes.io/selected-node'
const BIND_COMPLETED = 'pv.kubernetes.io/bind-completed'
export const selectedNode = ({ metadata }: Claim): string | undefined => metadata.annotations?.[SELECTED_NODE]
export const withSelectedNode = (claim: Claim, node: string): Claim => ({
  ...claim,
  metadata: { ...claim.metadata, annotations: { ...claim.metadata.annotations, [SELECTED_NODE]: node } },
})
/** isPVCFullyBound. */
export const isBound = ({ metadata, spec }: Claim): boolean =>
  (spec.volumeName ?? '') !== '' && metadata.annotations?.[BIND_COMPLETED] !== undefined
