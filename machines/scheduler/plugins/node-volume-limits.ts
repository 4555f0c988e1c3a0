/** NodeVolumeLimits: a CSI driver attaches so many volumes to a node and no more. */
import type { core } from '../../protocol/objects.ts'
import { failed, type Plugin, SKIP, unresolvable, unschedulable } from '../framework.ts'
import type { KnownNode } from '../node-info.ts'
import type { PodInfo } from '../pod-info.ts'
import { claimsOf, notForPod } from '../pod-volumes.ts'
import { type Claim, classOfClaim, type Storage, type Volume } from '../storage.ts'

/** Drivers by volume: `driver/handle`. Two pods on one node that use one volume attach it once. */
type Attached = Map<string, string>

export const nodeVolumeLimits: Plugin<Storage> = {
  name: 'NodeVolumeLimits',
  preFilter: ({ pod }, { storage }) =>
    claimsOf(pod).length === 0 && !(pod.spec.volumes ?? []).some(isMigratable) ? SKIP : { state: storage },
  filter(pod, node, storage) {
    const wanted: Attached = new Map()
    const problem = attach(wanted, pod, storage, true)
    if (problem !== undefined) return 'missing' in problem ? unresolvable(problem.missing) : failed(problem.error)
    const limits = wanted.size === 0 ? new Map<string, number>() : limitsOf(node, storage)
    if (limits.size === 0) return undefined
    const attached: Attached = new Map()
    for (const other of node.pods.values()) {
      const error = attach(attached, other, storage, false)
      if (error !== undefined) return failed(Object.values(error).join())
    }
    for (const volume of attached.keys()) wanted.delete(volume)
    // What is attached and used by no pod counts, and as it is in the real one, once more when the pod wants it.
    for (const [volume, driver] of attachedTo(node, storage)) attached.set(volume, driver)
    const [now, more] = [countOf(attached), countOf(wanted)]
    const isOver = [...more].some(([driver, count]) => (now.get(driver) ?? 0) + count > (limits.get(driver) ?? MANY))
    return isOver ? unschedulable('node(s) exceed max volume count') : undefined
  },
}
/** IsInlineMigratable: disks of clouds that CSI drivers took over. They are not counted, but the plugin takes part. */
const isMigratable = (volume: core.Volume): boolean => MIGRATABLE.some((source) => volume[source] !== undefined)
const MIGRATABLE = [
  'awsElasticBlockStore',
  'azureDisk',
  'azureFile',
  'cinder',
  'gcePersistentDisk',
  'portworxVolume',
  'vsphereVolume',
] as const

const MANY = Number.POSITIVE_INFINITY

function countOf(attached: Attached): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const driver of attached.values()) counts.set(driver, (counts.get(driver) ?? 0) + 1)
  return counts
}

/** getVolumeLimits. */
function limitsOf({ name }: KnownNode, { csiNodes }: Storage): ReadonlyMap<string, number> {
  const limits = new Map<string, number>()
  for (const { name: driver, allocatable } of csiNodes.get(name)?.spec.drivers ?? [])
    if (allocatable?.count !== undefined) limits.set(driver, allocatable.count)
  return limits
}

/** filterAttachableVolumes. A pod that runs may name claims that are gone: those are not counted. */
function attach(attached: Attached, { pod, namespace }: PodInfo, storage: Storage, isNew: boolean) {
  for (const { name, ephemeral } of claimsOf(pod)) {
    const claim = storage.claims.get(`${namespace}/${name}`)
    if (claim === undefined) {
      if (isNew) return { missing: `looking up PVC ${namespace}/${name}: persistentvolumeclaim "${name}" not found` }
      continue
    }
    const foreign = ephemeral ? notForPod(pod, claim) : undefined
    if (foreign !== undefined) return { error: foreign }
    const [driver, handle] = driverOf(claim, storage)
    if (driver !== '' && handle !== '') attached.set(`${driver}/${handle}`, driver)
  }
  return undefined
}

/** getCSIDriverInfo: by the volume; a volume that is yet to be made counts for the provisioner of its class. */
function driverOf(claim: Claim, storage: Storage): readonly [driver: string, handle: string] {
  const volume = storage.volumes.get(claim.spec.volumeName ?? '') as Volume | undefined
  if (volume !== undefined) return [volume.spec.csi?.driver ?? '', volume.spec.csi?.volumeHandle ?? '']
  const { namespace, name } = claim.metadata
  return [storage.classes.get(classOfClaim(claim))?.provisioner ?? '', `to be made-${namespace}/${name}`]
}

/** getNodeVolumeAttachmentInfo: what is attached, whether a pod still uses it or not. */
function attachedTo({ name }: KnownNode, { attachments, volumes }: Storage): Attached {
  const attached: Attached = new Map()
  attachments.get(name)?.each(({ spec }) => {
    const { attacher = '' } = spec
    const handle = volumes.get(spec.source?.persistentVolumeName ?? '')?.spec.csi?.volumeHandle
    if (attacher !== '' && handle !== undefined) attached.set(`${attacher}/${handle}`, attacher)
  })
  return attached
}
