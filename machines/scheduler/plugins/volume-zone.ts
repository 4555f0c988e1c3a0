/** VolumeZone: a volume that is labelled with a zone or region is only reached from there. */
import type { Labels } from '../../lib/selector.ts'
import { type Plugin, SKIP, unresolvable, type Verdict } from '../framework.ts'
import { NO_LABELS } from '../labels.ts'
import type { PodInfo } from '../pod-info.ts'
import { classOfClaim, type Storage, type Volume } from '../storage.ts'

/** A label of a volume: the node's must be one of the values. */
export interface Topology {
  readonly key: string
  readonly values: readonly string[]
}
const NEW_KEYS: Readonly<Record<string, string>> = {
  'failure-domain.beta.kubernetes.io/zone': 'topology.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region': 'topology.kubernetes.io/region',
}
const KEYS = [...Object.keys(NEW_KEYS), ...Object.values(NEW_KEYS)]

export const volumeZone: Plugin<readonly Topology[]> = {
  name: 'VolumeZone',
  preFilter(pod, { storage }) {
    const found = topologiesOf(pod, storage)
    if ('code' in found) return { verdict: found }
    return found.length === 0 ? SKIP : { state: found }
  },
  /** A node without any such label is taken to reach everything. */
  filter(_, { labels }, topologies) {
    if (KEYS.every((key) => labels[key] === undefined)) return undefined
    const isThere = ({ key, values }: Topology): boolean => values.includes(valueAt(labels, key) ?? '')
    return topologies.every(isThere) ? undefined : unresolvable('node(s) had no available volume zone')
  },
}
const valueAt = (labels: Labels, key: string): string | undefined => labels[key] ?? labels[NEW_KEYS[key] ?? key]

/** getPVbyPod: of the volumes that are bound; what is bound later has no place yet. */
function topologiesOf({ namespace, claimNames }: PodInfo, storage: Storage): readonly Topology[] | Verdict {
  const topologies: Topology[] = []
  for (const name of claimNames) {
    const claim = storage.claims.get(`${namespace}/${name}`)
    if (claim === undefined) return unresolvable(`persistentvolumeclaim "${name}" not found`)
    const volumeName = claim.spec.volumeName ?? ''
    if (volumeName === '') {
      const verdict = unboundVerdict(classOfClaim(claim), storage)
      if (verdict !== undefined) return verdict
      continue
    }
    const volume = storage.volumes.get(volumeName)
    if (volume === undefined) return unresolvable(`persistentvolume "${volumeName}" not found`)
    topologies.push(...topologiesIn(volume))
  }
  return topologies
}

function unboundVerdict(className: string, { classes }: Storage): Verdict | undefined {
  if (className === '') return unresolvable('PersistentVolumeClaim had no pv name and storageClass name')
  const found = classes.get(className)
  if (found === undefined) return unresolvable(`storageclass.storage.k8s.io "${className}" not found`)
  if (found.volumeBindingMode === undefined)
    return unresolvable(`VolumeBindingMode not set for StorageClass "${className}"`)
  return found.volumeBindingMode === 'WaitForFirstConsumer' ? undefined : unresolvable('PersistentVolume had no name')
}

/** getPVTopologies: a label may name several zones, `a__b`; one with an empty name among them is passed over. */
export function topologiesIn({ metadata }: Volume): readonly Topology[] {
  const labels = metadata.labels ?? NO_LABELS
  return KEYS.flatMap((key) => {
    const values = labels[key]?.split('__')
    return values === undefined || values.includes('') ? [] : [{ key, values }]
  })
}
