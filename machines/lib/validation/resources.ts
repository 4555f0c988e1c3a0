/** Rules for what containers ask for (pkg/apis/core/validation: validateResourceRequirements). */
import type { core } from '../../protocol/objects.ts'
import { compare, formatQuantity, parseQuantity, type Quantity } from '../quantity.ts'
import { complain, type Found, forbidden, invalid, required } from './causes.ts'
import { qualifiedName } from './formats.ts'
import { shownQuantity } from './go-values.ts'

type Amounts = Readonly<Record<string, string>>

const OF_CONTAINERS: ReadonlySet<string> = new Set(['cpu', 'memory', 'ephemeral-storage'])
/** isStandardResourceName, as far as it has no domain. */
export const STANDARD_RESOURCES: ReadonlySet<string> = new Set([
  ...OF_CONTAINERS,
  'pods',
  'services',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'storage',
  'requests.cpu',
  'requests.memory',
  'requests.ephemeral-storage',
  'requests.storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
  'services.nodeports',
  'services.loadbalancers',
])
const isHugePages = (name: string): boolean => name.startsWith('hugepages-')
/** Without a domain, or with one of Kubernetes. */
const isNative = (name: string): boolean => !name.includes('/') || name.includes('kubernetes.io/')
const mayOvercommit = (name: string): boolean => isNative(name) && !isHugePages(name)
const isExtended = (name: string): boolean => !isNative(name) && !name.startsWith('requests.')

export function checkResources(found: Found, field: string, resources: core.ResourceRequirements | undefined): void {
  if (resources === undefined) return
  const { limits = {}, requests = {} } = resources as { limits?: Amounts; requests?: Amounts }
  for (const name in limits) checkAmount(found, `${field}.limits[${name}]`, name, limits[name] as string)
  for (const name in requests) {
    checkAmount(found, `${field}.requests[${name}]`, name, requests[name] as string)
    checkLimit(found, field, name, requests[name] as string, limits[name])
  }
  const names = [...Object.keys(limits), ...Object.keys(requests)]
  if (names.some(isHugePages) && !names.some((name) => name === 'cpu' || name === 'memory')) {
    found.push(forbidden(field, 'HugePages require cpu or memory'))
  }
}

function checkAmount(found: Found, field: string, name: string, written: string): void {
  checkName(found, field, name)
  checkQuantity(found, field, name, written)
}

function checkName(found: Found, field: string, name: string): void {
  const complaints = qualifiedName(name)
  complain(found, field, name, complaints)
  if (!name.includes('/')) {
    if (complaints.length === 0 && !STANDARD_RESOURCES.has(name) && !isHugePages(name)) {
      found.push(invalid(field, name, 'must be a standard resource type or fully qualified'))
    }
    if (!OF_CONTAINERS.has(name) && !isHugePages(name)) {
      found.push(invalid(field, name, 'must be a standard resource for containers'))
    }
  } else if (!isNative(name) && !isExtended(name)) {
    found.push(invalid(field, name, "doesn't follow extended resource name standard"))
  }
}

/** ValidateResourceQuantityValue */
export function checkQuantity(found: Found, field: string, name: string, written: string): void {
  const quantity = parseQuantity(written)
  if (quantity === undefined) return
  if (quantity.nano < 0n) found.push(invalid(field, formatQuantity(quantity), 'must be greater than or equal to 0'))
  if (isWhole(name) && quantity.nano % 1_000_000_000n !== 0n)
    found.push(invalid(field, shownQuantity(written), 'must be an integer'))
}
const COUNTED: ReadonlySet<string> = new Set([
  'pods',
  'services',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
])
const isWhole = (name: string): boolean => COUNTED.has(name) || isExtended(name)

function checkLimit(found: Found, field: string, name: string, request: string, limit: string | undefined): void {
  if (limit === undefined) {
    if (!mayOvercommit(name))
      found.push(required(`${field}.limits`, 'Limit must be set for non overcommitable resources'))
    return
  }
  const [asked, most] = [parseQuantity(request), parseQuantity(limit)] as [Quantity, Quantity]
  const order = compare(asked, most)
  const [shown, shownLimit] = [formatQuantity(asked), formatQuantity(most)]
  if (order !== 0 && !mayOvercommit(name)) {
    found.push(invalid(`${field}.requests`, shown, `must be equal to ${name} limit of ${shownLimit}`))
  } else if (order > 0) {
    found.push(invalid(`${field}.requests`, shown, `must be less than or equal to ${name} limit of ${shownLimit}`))
  }
}
