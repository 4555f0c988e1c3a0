/** What Reserve and PreBind of VolumeBinding do: which objects say that volumes are bound, and how far that is. */
import { keyOf, type Pod } from '../protocol/objects.ts'
import type { KnownNode } from './node-info.ts'
import { type Binding, claimsOf, reaches, sortedClaims, volumesFor } from './pod-volumes.ts'
import { type Claim, claimAt, isBound, type Storage, selectedNode, type Volume, withSelectedNode } from './storage.ts'

/** What has to be written before a pod can be bound: volumes that name their claim, claims that name their node. */
export interface VolumeWrites {
  readonly volumes: readonly Volume[]
  readonly claims: readonly Claim[]
}
export const NO_WRITES: VolumeWrites = { volumes: [], claims: [] }

/** AssumePodVolumes, first half: what is to be written for the pod on this node. */
export function writesFor(pod: Pod, node: KnownNode, storage: Storage): VolumeWrites {
  if ((pod.spec.volumes ?? []).length === 0 || claimsOf(pod).every(({ name }) => boundAt(pod, name, storage)))
    return NO_WRITES
  const claims = sortedClaims(pod, storage)
  if (typeof claims === 'string') return NO_WRITES
  const { bindings, provisions } = volumesFor(claims, node, storage)
  return { volumes: bindings.map(boundToClaim), claims: provisions.map((claim) => withSelectedNode(claim, node.name)) }
}
function boundAt({ metadata }: Pod, name: string, storage: Storage): boolean {
  const claim = claimAt(storage, `${metadata.namespace}/${name}`)
  return claim !== undefined && isBound(claim)
}

/** volume.GetBindVolumeToClaim: a volume that nobody had reserved is marked as bound by a controller. */
function boundToClaim({ claim, volume }: Binding): Volume {
  const { name, namespace, uid, resourceVersion } = claim.metadata
  const claimRef = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid, resourceVersion }
  const annotations = { ...volume.metadata.annotations, 'pv.kubernetes.io/bound-by-controller': 'yes' }
  const { claimRef: was } = volume.spec
  const metadata = was === undefined ? { ...volume.metadata, annotations } : volume.metadata
  if (was?.uid === uid && was?.name === name && was?.namespace === namespace) return volume
  return { ...volume, metadata, spec: { ...volume.spec, claimRef } } as Volume
}

/** Second half: from now on they count as written. */
export function assumedWrites(storage: Storage, { volumes, claims }: VolumeWrites): Storage {
  if (volumes.length + claims.length === 0) return storage
  let { assumed } = storage
  for (const volume of volumes) assumed = { ...assumed, volumes: assumed.volumes.set(volume.metadata.name, volume) }
  for (const claim of claims) assumed = { ...assumed, claims: assumed.claims.set(keyOf(claim), claim) }
  return { ...storage, assumed }
}

/** RevertAssumedPodVolumes. */
export function revertedWrites(storage: Storage, pod: Pod): Storage {
  let { claims, volumes } = storage.assumed
  if (claims.size + volumes.size === 0) return storage
  for (const { name } of claimsOf(pod)) {
    claims = claims.delete(`${pod.metadata.namespace}/${name}`)
    for (const { metadata, spec } of volumes.values())
      if (spec.claimRef?.name === name && spec.claimRef.namespace === pod.metadata.namespace)
        volumes = volumes.delete(metadata.name)
  }
  return { ...storage, assumed: { claims, volumes } }
}

/** How the objects of a pod's volumes are by now, as the scheduler's caches have them. */
export interface VolumesTold {
  readonly type: 'volumes.told'
  readonly claims: readonly (Claim | undefined)[]
  /** The volumes that were to be bound, and the one of each claim. */
  readonly volumes: readonly (Volume | undefined)[]
  readonly node: KnownNode | undefined
  readonly podIsThere: boolean
}
export interface VolumesWanted {
  readonly type: 'volumes.wanted'
  readonly key: string
  readonly node: string
  readonly volumes: readonly string[]
  readonly claims: readonly string[]
}
export type Progress = 'bound' | 'waiting' | { readonly error: string }

/** checkBindings. What the API has not told yet of the own writes is waited for. */
export function progressOf(written: VolumeWrites, key: string, node: string, told: VolumesTold): Progress {
  if (told.node === undefined) return { error: `failed to get node "${node}": node "${node}" not found` }
  const [namespace, name] = key.split('/')
  if (!told.podIsThere) return { error: `pod does not exist any more: pod "${name ?? namespace}" not found` }
  const { labels } = told.node
  for (const [i, was] of written.volumes.entries()) {
    const volume = told.volumes[i]
    const { name: volumeName } = was.metadata
    if (volume === undefined)
      return { error: `failed to check binding: could not find v1.PersistentVolume "${volumeName}"` }
    if (isOlder(volume, was)) return 'waiting'
    if (!reaches(volume, labels)) return misplaced(volumeName, node)
    if ((volume.spec.claimRef?.uid ?? '') === '') return { error: `ClaimRef got reset for pv "${volumeName}"` }
  }
  const offset = written.volumes.length
  for (const [i, was] of written.claims.entries()) {
    const claim = told.claims[offset + i]
    const { name: claimName } = was.metadata
    if (claim === undefined)
      return { error: `failed to check provisioning pvc: could not find v1.PersistentVolumeClaim "${keyOf(was)}"` }
    if (isOlder(claim, was)) return 'waiting'
    if (claim.metadata.annotations === undefined)
      return { error: `selectedNode annotation reset for PVC "${claimName}"` }
    if (selectedNode(claim) !== node) return { error: `provisioning failed for PVC "${claimName}"` }
    const volume = told.volumes[offset + i]
    if ((claim.spec.volumeName ?? '') === '' || volume === undefined) return 'waiting'
    if (!reaches(volume, labels)) return misplaced(volume.metadata.name, node)
  }
  return told.claims.every((claim) => claim !== undefined && isBound(claim)) ? 'bound' : 'waiting'
}
const misplaced = (volume: string, node: string): Progress => ({
  error: `pv "${volume}" node affinity doesn't match node "${node}": no matching NodeSelectorTerms`,
})
const isOlder = (now: Volume | Claim, written: Volume | Claim): boolean =>
  Number(now.metadata.resourceVersion) < Number(written.metadata.resourceVersion)

/** The scheduler's answer: from what the API told, not from what is assumed. */
export function volumesNow(
  { volumes: names, claims: keys }: VolumesWanted,
  { claims, volumes }: Storage,
): Pick<VolumesTold, 'claims' | 'volumes'> {
  const found = keys.map((key) => claims.get(key))
  return {
    claims: found,
    volumes: found.map((claim, i) => volumes.get(names[i] ?? claim?.spec.volumeName ?? '')),
  }
}
