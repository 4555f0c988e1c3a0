/** Volumes and claims in use are not removed: a controller takes this finalizer away when they are no longer. */
import type { Plugin } from './plugin.ts'

const FINALIZERS: Readonly<Record<string, string>> = {
  persistentvolumeclaims: 'kubernetes.io/pvc-protection',
  persistentvolumes: 'kubernetes.io/pv-protection',
}

export const storageObjectInUseProtection: Plugin = ({ request, facts }, object) => {
  const finalizer = FINALIZERS[facts.name]
  if (finalizer === undefined || request.verb !== 'create' || request.subresource !== undefined) return object
  const finalizers = object.metadata.finalizers ?? []
  if (finalizers.includes(finalizer)) return object
  return { ...object, metadata: { ...object.metadata, finalizers: [...finalizers, finalizer] } }
}
