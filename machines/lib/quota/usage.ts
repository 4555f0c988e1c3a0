/**
 * What an object counts for against the quotas of its namespace, kind by kind: pkg/quota/v1/evaluator/core and
 * k8s.io/apiserver/pkg/quota/v1/generic.
 */
import type { ApiObject, core, Pod, ResourceName, Service } from '../../protocol/objects.ts'
import { add, compare, formatQuantity } from '../quantity.ts'
import { type Amounts, quantityOf } from './amounts.ts'
import { isPodAmount, podUsage } from './pod.ts'
import { isInScopes, type QuotaSpec, scopesOf } from './scopes.ts'

export type ResourceQuota = ApiObject & {
  readonly spec?: QuotaSpec
  readonly status?: { readonly hard?: Amounts; readonly used?: Amounts }
}

/** Kinds whose number a quota may name without `count/`. */
const PLAINLY_COUNTED: ReadonlySet<ResourceName> = new Set([
  'configmaps',
  'resourcequotas',
  'replicationcontrollers',
  'secrets',
])
const SERVICE_AMOUNTS: ReadonlySet<string> = new Set([
  'count/services',
  'services',
  'services.nodeports',
  'services.loadbalancers',
])
const CLAIM_AMOUNTS = ['persistentvolumeclaims', 'requests.storage']
const OF_CLASS = '.storageclass.storage.k8s.io/'

/** Those of the names that this kind can use up (MatchingResources). */
export const namesFor = (resource: ResourceName, names: readonly string[]): readonly string[] =>
  names.filter((name) => isNameFor(resource, name))

function isNameFor(resource: ResourceName, name: string): boolean {
  if (resource === 'pods') return isPodAmount(name)
  if (resource === 'services') return SERVICE_AMOUNTS.has(name)
  if (name === `count/${resource}` || (name === resource && PLAINLY_COUNTED.has(resource))) return true
  if (resource !== 'persistentvolumeclaims') return false
  return CLAIM_AMOUNTS.some((amount) => name === amount || name.endsWith(`${OF_CLASS}${amount}`))
}

export function usageOf(resource: ResourceName, object: ApiObject, at: number): Amounts {
  if (resource === 'pods') return podUsage(object as Pod, at)
  if (resource === 'services') return serviceUsage(object as Service)
  if (resource === 'persistentvolumeclaims') return claimUsage(object as ApiObject & core.PersistentVolumeClaim)
  const counted = { [`count/${resource}`]: '1' }
  return PLAINLY_COUNTED.has(resource) ? { ...counted, [resource]: '1' } : counted
}

function serviceUsage({ spec }: Service): Amounts {
  const { type, ports = [], allocateLoadBalancerNodePorts = true } = spec
  const isBalanced = type === 'LoadBalancer'
  const opened =
    isBalanced && !allocateLoadBalancerNodePorts ? ports.filter(({ nodePort }) => (nodePort ?? 0) > 0) : ports
  const nodePorts = type === 'NodePort' || isBalanced ? opened.length : 0
  return {
    'count/services': '1',
    services: '1',
    'services.nodeports': `${nodePorts}`,
    'services.loadbalancers': isBalanced ? '1' : '0',
  }
}

function claimUsage({ metadata, spec, status }: ApiObject & core.PersistentVolumeClaim): Amounts {
  const storageClass = metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? spec?.storageClassName ?? ''
  const { allocatedResources } = (status ?? {}) as { readonly allocatedResources?: Amounts }
  const asked = (spec?.resources?.requests as Amounts | undefined)?.['storage']
  const given = allocatedResources?.['storage']
  const storage = given !== undefined && compare(quantityOf(given), quantityOf(asked)) > 0 ? given : asked
  const size: Amounts = storage === undefined ? {} : { 'requests.storage': storage }
  const amounts: Amounts = { persistentvolumeclaims: '1', ...size }
  const ofClass = Object.entries(amounts).map(
    ([name, amount]) => [`${storageClass}${OF_CLASS}${name}`, amount] as const,
  )
  return {
    'count/persistentvolumeclaims': '1',
    ...amounts,
    ...(storageClass === '' ? {} : Object.fromEntries(ofClass)),
  }
}

/** Whether a quota is about an object at all: its scopes know only pods. */
export function isAbout(spec: QuotaSpec, resource: ResourceName, object: ApiObject): boolean {
  if (scopesOf(spec).length === 0) return true
  return resource === 'pods' && isInScopes(spec, object as Pod)
}

/** What all objects of one kind use of these names (UsageStats): zero where nobody uses any. */
export function usageOfAll(
  spec: QuotaSpec,
  resource: ResourceName,
  names: readonly string[],
  objects: readonly ApiObject[],
  at: number,
): Amounts {
  const totals = new Map(names.map((name) => [name, quantityOf(undefined)]))
  for (const object of objects) {
    if (!isAbout(spec, resource, object)) continue
    const usage = usageOf(resource, object, at)
    for (const [name, total] of totals)
      if (usage[name] !== undefined) totals.set(name, add(total, quantityOf(usage[name])))
  }
  return Object.fromEntries([...totals].map(([name, total]) => [name, formatQuantity(total)]))
}
