/** The claims that a pod's volumes name, and what they ask of a node (volumebinding/binder.go, pv_helpers.go). */
import { valueOf } from '../lib/quantity.ts'
import { type Labels, labelsMatch } from '../lib/selector.ts'
import { type core, keyOf, type Pod } from '../protocol/objects.ts'
import { NO_LABELS } from './labels.ts'
import type { KnownNode } from './node-info.ts'
import { matches } from './node-selector.ts'
import {
  type Claim,
  claimAt,
  classOfClaim,
  classOfVolume,
  isBound,
  type Storage,
  type StorageCapacity,
  type StorageClass,
  selectedNode,
  type Volume,
  volumeAt,
} from './storage.ts'

/** A volume of a pod that is a claim: named, or made for the pod (`ephemeral`). */
export interface Wanted {
  readonly name: string
  readonly ephemeral: boolean
}
export function claimsOf({ metadata, spec }: Pod): readonly Wanted[] {
  return (spec.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }): readonly Wanted[] => {
    if (persistentVolumeClaim !== undefined) return [{ name: persistentVolumeClaim.claimName, ephemeral: false }]
    return ephemeral === undefined ? [] : [{ name: `${metadata.name}-${name}`, ephemeral: true }]
  })
}

/** ephemeral.VolumeIsForPod: somebody else's claim of that name is not touched. */
export function notForPod({ metadata: pod }: Pod, { metadata: claim }: Claim): string | undefined {
  const owned = (claim.ownerReferences ?? []).some(({ uid, controller }) => controller === true && uid === pod.uid)
  return owned && claim.namespace === pod.namespace
    ? undefined
    : `PVC ${claim.namespace}/${claim.name} was not created for pod ${pod.namespace}/${pod.name} (pod is not owner)`
}

/** PodVolumeClaims: by what is left to do for them. */
export interface SortedClaims {
  readonly bound: readonly Claim[]
  /** Bound when the pod has a node, and not before. */
  readonly delayed: readonly Claim[]
  /** They should be bound already. */
  readonly immediate: readonly Claim[]
}
/** GetPodVolumeClaims. A text is an error. */
export function sortedClaims(pod: Pod, storage: Storage): SortedClaims | string {
  const bound: Claim[] = []
  const delayed: Claim[] = []
  const immediate: Claim[] = []
  for (const { name } of claimsOf(pod)) {
    const claim = claimAt(storage, `${pod.metadata.namespace}/${name}`) as Claim
    if (isBound(claim)) {
      bound.push(claim)
      continue
    }
    const delays = isDelayed(claim, storage)
    if (typeof delays === 'string') return delays
    ;(delays && (claim.spec.volumeName ?? '') === '' ? delayed : immediate).push(claim)
  }
  return { bound, delayed, immediate }
}

/** volume.IsDelayBindingMode. */
function isDelayed(claim: Claim, { classes }: Storage): boolean | string {
  const name = classOfClaim(claim)
  if (name === '') return false
  const found = classes.get(name)
  if (found === undefined) return false
  if (found.volumeBindingMode === undefined) return `VolumeBindingMode not set for StorageClass "${name}"`
  return found.volumeBindingMode === 'WaitForFirstConsumer'
}

/** What has to be bound for the pod once it is on the node, or why the node will not do. */
export interface Found {
  readonly bindings: readonly Binding[]
  readonly provisions: readonly Claim[]
  readonly reasons: readonly string[]
  readonly error?: string
}
export interface Binding {
  readonly claim: Claim
  readonly volume: Volume
}
const OTHER_NODE = 'node(s) had volume node affinity conflict'
const NOTHING_TO_BIND = "node(s) didn't find available persistent volumes to bind"
const NO_SPACE = 'node(s) did not have enough free storage'
const NO_VOLUME = 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)'
const NOTHING: Found = { bindings: [], provisions: [], reasons: [] }

/** FindPodVolumes. */
export function volumesFor({ bound, delayed }: SortedClaims, node: KnownNode, storage: Storage): Found {
  const [here, there] = checkedBound(bound, node, storage)
  const before = here ? [] : [OTHER_NODE]
  const after = there ? [] : [NO_VOLUME]
  if (delayed.some((claim) => (selectedNode(claim) ?? node.name) !== node.name))
    return { ...NOTHING, reasons: [...before, NOTHING_TO_BIND, ...after] }
  const [bindings, unbound] = matched(
    delayed.filter((claim) => selectedNode(claim) === undefined),
    node,
    storage,
  )
  const toProvision = [...delayed.filter((claim) => selectedNode(claim) !== undefined), ...unbound]
  const problem = whyNotMade(toProvision, node, storage)
  if (problem?.error !== undefined) return { ...NOTHING, error: problem.error }
  const reasons = [...before, ...(problem?.reasons ?? []), ...after]
  return { bindings, provisions: problem === undefined ? toProvision : [], reasons }
}

/** checkBoundClaims: do the volumes fit the node, and are they there? The first that does not decides. */
function checkedBound(claims: readonly Claim[], { labels }: KnownNode, storage: Storage): readonly [boolean, boolean] {
  for (const { spec } of claims) {
    const volume = volumeAt(storage, spec.volumeName ?? '')
    if (volume === undefined) return [true, false]
    if (!reaches(volume, labels)) return [false, true]
  }
  return [true, true]
}

/** volume.CheckNodeAffinity: by labels alone. */
export function reaches({ spec }: Volume, labels: Labels): boolean {
  const terms = spec.nodeAffinity?.required?.nodeSelectorTerms
  return terms === undefined || terms.some((term) => matches(term, { metadata: { name: '', labels } } as never))
}

/** findMatchingVolumes: the smallest claim takes first, and each takes the smallest volume that will do. */
function matched(
  claims: readonly Claim[],
  node: KnownNode,
  storage: Storage,
): readonly [bindings: readonly Binding[], unbound: readonly Claim[]] {
  const chosen = new Set<string>()
  const bindings: Binding[] = []
  const unbound: Claim[] = []
  for (const claim of claims.toSorted((a, b) => sizeAsked(a) - sizeAsked(b))) {
    const volume = matchingVolume(claim, node, storage, chosen)
    if (volume === undefined) unbound.push(claim)
    else {
      chosen.add(volume.metadata.name)
      bindings.push({ claim, volume })
    }
  }
  return [bindings, unbound]
}

/** volume.FindMatchingVolume, for the scheduler. A volume that is meant for this claim is taken, or nothing. */
function matchingVolume(claim: Claim, node: KnownNode, storage: Storage, chosen: ReadonlySet<string>) {
  let smallest: Volume | undefined
  for (const known of storage.ofClass.get(classOfClaim(claim))?.values() ?? []) {
    const volume = volumeAt(storage, known.metadata.name) as Volume
    if (chosen.has(volume.metadata.name) || !mayBe(volume, claim)) continue
    const isReached = reaches(volume, node.labels)
    if (volume.spec.claimRef !== undefined) return isReached ? volume : undefined
    if (!isReached || !isFree(volume, claim)) continue
    if (smallest === undefined || capacityOf(volume) < capacityOf(smallest)) smallest = volume
  }
  return smallest
}

const mayBe = (volume: Volume, claim: Claim): boolean =>
  isMeantFor(volume, claim) &&
  capacityOf(volume) >= sizeAsked(claim) &&
  (volume.spec.volumeMode ?? 'Filesystem') === (claim.spec.volumeMode ?? 'Filesystem') &&
  volume.metadata.deletionTimestamp === undefined

/** IsVolumeBoundToClaim, or it is bound to none. */
function isMeantFor({ spec: { claimRef } }: Volume, { metadata }: Claim): boolean {
  if (claimRef === undefined) return true
  const uid = claimRef.uid ?? ''
  return (
    claimRef.name === metadata.name && claimRef.namespace === metadata.namespace && (uid === '' || uid === metadata.uid)
  )
}

const isFree = (volume: Volume, claim: Claim): boolean =>
  volume.status?.phase === 'Available' &&
  (claim.spec.selector === undefined || labelsMatch(claim.spec.selector, volume.metadata.labels ?? NO_LABELS)) &&
  classOfVolume(volume) === classOfClaim(claim) &&
  (claim.spec.accessModes ?? []).every((mode) => (volume.spec.accessModes ?? []).includes(mode))

const capacityOf = ({ spec }: Volume): number => bytes((spec.capacity as Amounts)?.['storage'])
const sizeAsked = ({ spec }: Claim): number => bytes((spec.resources?.requests as Amounts)?.['storage'])
type Amounts = Readonly<Record<string, string>> | undefined
const bytes = (amount: string | undefined): number => (amount === undefined ? 0 : valueOf(amount))

/** checkVolumeProvisions: a volume can be made for each claim within reach of the node, or why not. */
function whyNotMade(
  claims: readonly Claim[],
  node: KnownNode,
  storage: Storage,
): Pick<Found, 'reasons' | 'error'> | undefined {
  for (const claim of claims) {
    const name = classOfClaim(claim)
    const found = storage.classes.get(name)
    if (name === '') return { reasons: [], error: `no class for claim "${keyOf(claim)}"` }
    if (found === undefined) return { reasons: [], error: `failed to find storage class "${name}"` }
    if (['', 'kubernetes.io/no-provisioner'].includes(found.provisioner)) return { reasons: [NOTHING_TO_BIND] }
    if (!isAllowed(found.allowedTopologies ?? [], node.labels)) return { reasons: [NOTHING_TO_BIND] }
    if (!hasSpace(claim, found, node, storage)) return { reasons: [NO_SPACE] }
  }
  return undefined
}

/** v1helper.MatchTopologySelectorTerms: no terms allow everything, an empty term nothing. */
const isAllowed = (terms: readonly core.TopologySelectorTerm[], labels: Labels): boolean =>
  terms.length === 0 ||
  terms.some(
    ({ matchLabelExpressions = [] }) =>
      matchLabelExpressions.length > 0 &&
      matchLabelExpressions.every(({ key, values }) => values.includes(labels[key] ?? '') && labels[key] !== undefined),
  )

/** hasEnoughCapacity: only asked of drivers that publish their capacity. Several claims are not summed up. */
function hasSpace(claim: Claim, { metadata, provisioner }: StorageClass, node: KnownNode, storage: Storage): boolean {
  if ((claim.spec.resources?.requests as Amounts)?.['storage'] === undefined) return true
  if (storage.csiDrivers.get(provisioner)?.spec.storageCapacity !== true) return true
  const size = sizeAsked(claim)
  return storage.capacities
    .values()
    .some((one) => one.storageClassName === metadata.name && limitOf(one) >= size && isWithin(one, node))
}

/** The largest volume that can be made; -1 when nothing is said. */
export function limitOf({ maximumVolumeSize, capacity }: StorageCapacity): number {
  const limit = maximumVolumeSize ?? capacity
  return limit === undefined ? -1 : valueOf(limit)
}
const isWithin = ({ nodeTopology }: StorageCapacity, { labels }: KnownNode): boolean =>
  nodeTopology !== undefined && labelsMatch(nodeTopology, labels)
