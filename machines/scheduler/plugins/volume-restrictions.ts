/** VolumeRestrictions: disks that only one may write, and claims that only one pod may use. */
import type { core, Pod } from '../../protocol/objects.ts'
import { type Plugin, SKIP, unresolvable, unschedulable } from '../framework.ts'
import type { PodInfo } from '../pod-info.ts'

interface Filtering {
  /** The pod's claims of access mode ReadWriteOncePod. */
  readonly exclusive: readonly string[]
  /** How often pods on nodes use them. */
  readonly uses: number
}

export const volumeRestrictions: Plugin<Filtering> = {
  name: 'VolumeRestrictions',
  preFilter({ pod, namespace, claimNames }, { storage }) {
    const exclusive: string[] = []
    for (const name of claimNames) {
      const claim = storage.claims.get(`${namespace}/${name}`)
      if (claim === undefined) return { verdict: unresolvable(`persistentvolumeclaim "${name}" not found`) }
      const modes: readonly string[] = claim.spec.accessModes ?? []
      if (modes.includes('ReadWriteOncePod') && !exclusive.includes(name)) exclusive.push(name)
    }
    const uses = exclusive.filter((name) => storage.inUse.has(`${namespace}/${name}`)).length
    return disksOf(pod).length === 0 && uses === 0 ? SKIP : { state: { exclusive, uses } }
  },
  filter({ pod }, { pods }, { uses }) {
    const disks = disksOf(pod)
    let taken = false
    if (disks.length > 0)
      pods.each((other) => {
        taken ||= conflict(disks, other.pod)
      })
    if (taken) return unschedulable('node(s) had no available disk')
    if (uses === 0) return undefined
    return unschedulable('node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode')
  },
  /** Whatever its namespace: only the names are compared. */
  adjusted(_, { claimNames }: PodInfo, __, by, { exclusive, uses }) {
    return { exclusive, uses: uses + by * claimNames.filter((name) => exclusive.includes(name)).length }
  },
}

/** Volumes that are the disk itself, of a kind that cannot be written from two places. */
const disksOf = ({ spec }: Pod): readonly core.Volume[] =>
  (spec.volumes ?? []).filter(
    ({ gcePersistentDisk, awsElasticBlockStore, rbd, iscsi }) =>
      gcePersistentDisk !== undefined || awsElasticBlockStore !== undefined || rbd !== undefined || iscsi !== undefined,
  )

/** satisfyVolumeConflicts, and the hint of a pod that was deleted. */
export const sharesDisk = (pod: Pod, other: Pod): boolean => conflict(disksOf(pod), other)

const conflict = (disks: readonly core.Volume[], { spec }: Pod): boolean =>
  disks.some((disk) => (spec.volumes ?? []).some((other) => areOne(disk, other)))

/** isVolumeConflict: the same disk, unless both only read. EBS volumes cannot be shared at all. */
function areOne(a: core.Volume, b: core.Volume): boolean {
  const [disk, ebs, iscsi, rbd] = [a.gcePersistentDisk, a.awsElasticBlockStore, a.iscsi, a.rbd]
  if (disk?.pdName === b.gcePersistentDisk?.pdName && mayCollide(disk, b.gcePersistentDisk)) return true
  if (ebs !== undefined && ebs.volumeID === b.awsElasticBlockStore?.volumeID) return true
  if (iscsi?.iqn === b.iscsi?.iqn && mayCollide(iscsi, b.iscsi)) return true
  return mayCollide(rbd, b.rbd) && areOneImage(rbd as core.RBDVolumeSource, b.rbd as core.RBDVolumeSource)
}
interface Mount {
  readonly readOnly?: boolean
}
const mayCollide = (a: Mount | undefined, b: Mount | undefined): boolean =>
  a !== undefined && b !== undefined && !(a.readOnly === true && b.readOnly === true)

const areOneImage = (a: core.RBDVolumeSource, b: core.RBDVolumeSource): boolean =>
  a.monitors.some((monitor) => b.monitors.includes(monitor)) &&
  (a.pool ?? 'rbd') === (b.pool ?? 'rbd') &&
  a.image === b.image
