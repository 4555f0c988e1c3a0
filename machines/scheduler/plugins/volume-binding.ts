/** VolumeBinding: the pod's volumes are within reach of the node, or can be bound or made there. */
import { failed, type Plugin, SKIP, unresolvable } from '../framework.ts'
import type { PodInfo } from '../pod-info.ts'
import { claimsOf, notForPod, type SortedClaims, sortedClaims, volumesFor } from '../pod-volumes.ts'
import type { Storage } from '../storage.ts'

interface Filtering {
  readonly claims: SortedClaims
  readonly storage: Storage
}

export const volumeBinding: Plugin<Filtering> = {
  name: 'VolumeBinding',
  preFilter(pod, { storage }) {
    if ((pod.pod.spec.volumes ?? []).length === 0 || claimsOf(pod.pod).length === 0) return SKIP
    const missing = whyNotYet(pod, storage)
    if (missing !== undefined) return { verdict: unresolvable(missing) }
    const claims = sortedClaims(pod.pod, storage)
    if (typeof claims === 'string') return { verdict: failed(claims) }
    if (claims.immediate.length > 0)
      return { verdict: unresolvable('pod has unbound immediate PersistentVolumeClaims') }
    return { state: { claims, storage } }
  },
  filter(_, node, { claims, storage }) {
    const { reasons, error } = volumesFor(claims, node, storage)
    if (error !== undefined) return failed(error)
    return reasons.length === 0 ? undefined : unresolvable(...reasons)
  },
}

/** podHasPVCs: something is the matter with a claim itself. */
function whyNotYet({ pod, namespace }: PodInfo, { claims }: Storage): string | undefined {
  for (const { name, ephemeral } of claimsOf(pod)) {
    const claim = claims.get(`${namespace}/${name}`)
    if (claim === undefined)
      return ephemeral
        ? `waiting for ephemeral volume controller to create the persistentvolumeclaim "${name}"`
        : `persistentvolumeclaim "${name}" not found`
    if (claim.status?.phase === 'Lost')
      return `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${claim.spec.volumeName}"`
    if (claim.metadata.deletionTimestamp !== undefined) return `persistentvolumeclaim "${name}" is being deleted`
    const foreign = ephemeral ? notForPod(pod, claim) : undefined
    if (foreign !== undefined) return foreign
  }
  return undefined
}
