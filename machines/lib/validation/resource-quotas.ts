/** Rules for ResourceQuotas (pkg/apis/core/validation: ValidateResourceQuota). */
import type { ApiObject } from '../../protocol/objects.ts'
import { sameJson } from '../go-text.ts'
import { complain, type Found, IMMUTABLE, invalid, Shown } from './causes.ts'
import { qualifiedName } from './formats.ts'
import { checkQuantity, STANDARD_RESOURCES } from './resources.ts'

type Amounts = Readonly<Record<string, string>>
export interface ResourceQuota extends ApiObject {
  readonly spec?: { readonly hard?: Amounts; readonly scopes?: readonly string[] }
  readonly status?: { readonly hard?: Amounts; readonly used?: Amounts }
}

export function checkResourceQuota(found: Found, { spec = {} }: ResourceQuota): void {
  checkAmounts(found, 'spec.hard', spec.hard)
  checkScopes(found, spec.scopes ?? [], Object.keys(spec.hard ?? {}))
}

export function checkResourceQuotaUpdate(found: Found, next: ResourceQuota, was: ResourceQuota): void {
  checkResourceQuota(found, next)
  const scopes = ({ spec }: ResourceQuota) => [...(spec?.scopes ?? [])].sort()
  if (!sameJson(scopes(next), scopes(was)))
    found.push(invalid('spec.scopes', shown(next.spec?.scopes ?? []), IMMUTABLE))
}

export function checkResourceQuotaStatus(found: Found, { status = {} }: ResourceQuota): void {
  checkAmounts(found, 'status.hard', status.hard)
  checkAmounts(found, 'status.used', status.used)
}

/** What a quota may count besides what a container asks for: objects. */
const OF_QUOTAS = new Set([...STANDARD_RESOURCES].filter((name) => name !== 'storage'))

function checkAmounts(found: Found, field: string, amounts: Amounts = {}): void {
  for (const name in amounts) {
    const at = `${field}[${name}]`
    const plain = new Shown(name)
    const complaints = qualifiedName(name)
    complain(found, at, plain, complaints)
    const isPlain = !name.includes('/') && !/^(requests\.)?hugepages-/.test(name)
    if (isPlain && complaints.length === 0 && !STANDARD_RESOURCES.has(name))
      found.push(invalid(at, plain, 'must be a standard resource type or fully qualified'))
    if (isPlain && !OF_QUOTAS.has(name)) found.push(invalid(at, plain, 'must be a standard resource for quota'))
    checkQuantity(found, at, name, amounts[name] as string)
  }
}

const SCOPES = ['Terminating', 'NotTerminating', 'BestEffort', 'NotBestEffort', 'PriorityClass']
const OTHERS = ['CrossNamespacePodAffinity', 'VolumeAttributesClass']
/** Pods of a scope are counted; what they ask for only where they are sure to ask. */
const OF_COMPUTE: ReadonlySet<string> = new Set([
  'pods',
  'cpu',
  'memory',
  'requests.cpu',
  'requests.memory',
  'limits.cpu',
  'limits.memory',
])
const CONTRARY = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
] as const

function checkScopes(found: Found, scopes: readonly string[], resources: readonly string[]): void {
  const wrong = (detail: string): void => void found.push(invalid('spec.scopes', shown(scopes), detail))
  for (const scope of scopes) {
    if (!SCOPES.includes(scope) && !OTHERS.includes(scope)) wrong('unsupported scope')
    for (const resource of resources) if (!isCounted(scope, resource)) wrong('unsupported scope applied to resource')
  }
  for (const pair of CONTRARY) if (pair.every((scope) => scopes.includes(scope))) wrong('conflicting scopes')
}

function isCounted(scope: string, resource: string): boolean {
  if (scope === 'BestEffort' || scope === 'CrossNamespacePodAffinity') return resource === 'pods'
  return !SCOPES.includes(scope) || !STANDARD_RESOURCES.has(resource) || OF_COMPUTE.has(resource)
}

const shown = (scopes: readonly string[]): Shown =>
  new Shown(`[]core.ResourceQuotaScope{${scopes.map((scope) => JSON.stringify(scope)).join(', ')}}`)
