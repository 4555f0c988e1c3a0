/** Rules for PersistentVolumes, their claims and classes (pkg/apis/core/validation, pkg/apis/storage/validation). */
import type { ApiObject, LabelSelector } from '../../protocol/objects.ts'
import { sameJson } from '../go-text.ts'
import { compare, formatQuantity, parseQuantity } from '../quantity.ts'
import { complain, type Found, forbidden, invalid, notSupported, required } from './causes.ts'
import { dns1123Subdomain, qualifiedName } from './formats.ts'
import { checkLabelSelector } from './labels.ts'

type Amounts = Readonly<Record<string, string>>
interface VolumeSpec {
  readonly accessModes?: readonly string[]
  readonly capacity?: Amounts
  readonly persistentVolumeReclaimPolicy?: string
  readonly storageClassName?: string
  readonly volumeMode?: string
  readonly nodeAffinity?: unknown
  readonly local?: unknown
  readonly hostPath?: { readonly path?: string }
}
export interface PersistentVolume extends ApiObject {
  readonly spec?: VolumeSpec
}

const ACCESS_MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod']
const POD_ALONE = 'ReadWriteOncePod'
const RECLAIM_POLICIES = ['Delete', 'Recycle', 'Retain']
const VOLUME_MODES = ['Block', 'Filesystem']
/** All that a spec says besides what kind of volume it is. */
const OF_ALL: ReadonlySet<string> = new Set([
  'accessModes',
  'capacity',
  'claimRef',
  'mountOptions',
  'nodeAffinity',
  'persistentVolumeReclaimPolicy',
  'storageClassName',
  'volumeAttributesClassName',
  'volumeMode',
])

export function checkPersistentVolume(found: Found, { spec = {} }: PersistentVolume): void {
  const { accessModes = [], persistentVolumeReclaimPolicy: policy, storageClassName = '' } = spec
  if (accessModes.length === 0) found.push(required('spec.accessModes'))
  checkAccessModes(found, accessModes)
  checkCapacity(found, spec.capacity ?? {})
  if (policy !== undefined && !RECLAIM_POLICIES.includes(policy))
    found.push(notSupported('spec.persistentVolumeReclaimPolicy', policy, RECLAIM_POLICIES))
  checkSource(found, spec)
  if (storageClassName !== '')
    complain(found, 'spec.storageClassName', storageClassName, dns1123Subdomain(storageClassName))
  checkVolumeMode(found, spec.volumeMode)
}

function checkSource(found: Found, spec: VolumeSpec): void {
  const kinds = Object.entries(spec).filter(([name, value]) => !OF_ALL.has(name) && value !== undefined)
  for (const [name] of kinds.slice(1)) found.push(forbidden(`spec.${name}`, 'may not specify more than 1 volume type'))
  if (spec.local !== undefined && spec.nodeAffinity === undefined)
    found.push(required('spec.nodeAffinity', 'Local volume requires node affinity'))
  if (kinds.length === 0) found.push(required('spec', 'must specify a volume type'))
  const isRoot = /^\/+$/.test(spec.hostPath?.path ?? '')
  if (isRoot && spec.persistentVolumeReclaimPolicy === 'Recycle')
    found.push(forbidden('spec.persistentVolumeReclaimPolicy', "may not be 'recycle' for a hostPath mount of '/'"))
}

function checkCapacity(found: Found, capacity: Amounts): void {
  if (Object.keys(capacity).length === 0) found.push(required('spec.capacity'))
  for (const name in capacity) checkPositive(found, `spec.capacity[${name}]`, capacity[name] as string)
}

function checkAccessModes(found: Found, modes: readonly string[]): void {
  for (const mode of modes)
    if (!ACCESS_MODES.includes(mode)) found.push(notSupported('spec.accessModes', mode, ACCESS_MODES))
  const others = modes.filter((mode) => mode !== POD_ALONE && ACCESS_MODES.includes(mode))
  if (modes.includes(POD_ALONE) && others.length > 0)
    found.push(forbidden('spec.accessModes', 'may not use ReadWriteOncePod with other access modes'))
}

function checkVolumeMode(found: Found, mode: string | undefined): void {
  if (mode !== undefined && !VOLUME_MODES.includes(mode))
    found.push(notSupported('spec.volumeMode', mode, VOLUME_MODES))
}

function checkPositive(found: Found, field: string, written: string): void {
  const quantity = parseQuantity(written)
  if (quantity !== undefined && quantity.nano <= 0n)
    found.push(invalid(field, formatQuantity(quantity), 'must be greater than zero'))
}

interface ClaimSpec {
  readonly accessModes?: readonly string[]
  readonly selector?: LabelSelector
  readonly resources?: { readonly requests?: Amounts }
  readonly storageClassName?: string
  readonly volumeMode?: string
  readonly volumeName?: string
  readonly volumeAttributesClassName?: string
}
export interface PersistentVolumeClaim extends ApiObject {
  readonly spec?: ClaimSpec
  readonly status?: { readonly phase?: string; readonly capacity?: Amounts }
}

export function checkClaim(found: Found, { spec = {} }: PersistentVolumeClaim): void {
  const { accessModes = [], resources, storageClassName = '' } = spec
  if (accessModes.length === 0) found.push(required('spec.accessModes', 'at least 1 access mode is required'))
  checkLabelSelector(found, 'spec.selector', spec.selector)
  checkAccessModes(found, accessModes)
  const storage = resources?.requests?.['storage']
  if (storage === undefined) found.push(required('spec.resources[storage]'))
  else checkPositive(found, 'spec.resources[storage]', storage)
  if (storageClassName !== '')
    complain(found, 'spec.storageClassName', storageClassName, dns1123Subdomain(storageClassName))
  checkVolumeMode(found, spec.volumeMode)
}

const FIXED =
  'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims'

/** ValidatePersistentVolumeClaimUpdate: a volume and a class may be given once, a bound claim may ask for more. */
export function checkClaimUpdate(found: Found, next: PersistentVolumeClaim, was: PersistentVolumeClaim): void {
  checkClaim(found, next)
  const [spec, old] = [next.spec ?? {}, was.spec ?? {}]
  const isBound = was.status?.phase === 'Bound'
  const fixed = (of: ClaimSpec) => ({
    ...of,
    ...(old.volumeName ? {} : { volumeName: '' }),
    ...(old.storageClassName === undefined ? { storageClassName: '' } : {}),
    ...(isBound ? { resources: {}, volumeAttributesClassName: '' } : {}),
  })
  if (!sameJson(fixed(spec), fixed(old))) found.push(forbidden('spec', FIXED))
  if (isBound) checkSize(found, spec, was)
}

function checkSize(found: Found, spec: ClaimSpec, was: PersistentVolumeClaim): void {
  const size = (of: ClaimSpec | undefined) => parseQuantity(of?.resources?.requests?.['storage'] ?? '')
  const [next, old, actual] = [size(spec), size(was.spec), parseQuantity(was.status?.capacity?.['storage'] ?? '')]
  if (next === undefined || old === undefined || compare(next, old) >= 0) return
  if (actual !== undefined && compare(next, actual) > 0) return
  found.push(forbidden('spec.resources.requests.storage', 'field can not be less than status.capacity'))
}

export interface StorageClass extends ApiObject {
  readonly provisioner?: string
  readonly reclaimPolicy?: string
  readonly volumeBindingMode?: string
}
const BINDING_MODES = ['Immediate', 'WaitForFirstConsumer']

export function checkStorageClass(found: Found, storageClass: StorageClass): void {
  const { provisioner = '', reclaimPolicy = '', volumeBindingMode: mode } = storageClass
  if (provisioner === '') found.push(required('provisioner'))
  else complain(found, 'provisioner', provisioner, qualifiedName(provisioner.toLowerCase()))
  if (reclaimPolicy !== '' && reclaimPolicy !== 'Delete' && reclaimPolicy !== 'Retain')
    found.push(notSupported('reclaimPolicy', reclaimPolicy, ['Delete', 'Retain']))
  if (mode === undefined) found.push(required('volumeBindingMode'))
  else if (!BINDING_MODES.includes(mode)) found.push(notSupported('volumeBindingMode', mode, BINDING_MODES))
}
