/** The kinds that quotas may count: what lives in namespaces and can be watched and deleted, but Events. */
import { resources } from '../../profiles/v1.32/resources.generated.ts'
import type { ResourceName } from '../../protocol/objects.ts'

/** Nobody's objects are counted of these. */
const LEFT_OUT: ReadonlySet<ResourceName> = new Set([
  'events',
  'events.events.k8s.io',
  'csistoragecapacities.storage.k8s.io',
])
/** A service that becomes of another type, a claim that grows: a change that is no end. */
const CHANGING: ReadonlySet<ResourceName> = new Set(['services', 'persistentvolumeclaims'])

const countable = resources.flatMap(({ plural, group, namespaced, verbs }): readonly ResourceName[] => {
  const name = group === '' ? plural : `${plural}.${group}`
  return namespaced && verbs.includes('delete') && verbs.includes('watch') && !LEFT_OUT.has(name) ? [name] : []
})
export const countedKinds: readonly ResourceName[] = [...new Set(countable)]

/** All changes of some kinds; of the others it matters only what is gone or over. */
export const caches = countedKinds.map((resource) =>
  resource === 'resourcequotas' || CHANGING.has(resource) ? { resource } : { resource, only: 'endings' as const },
)
