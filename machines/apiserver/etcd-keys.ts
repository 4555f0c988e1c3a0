/** Where each resource lies in etcd: `/registry/<prefix>/<namespace>/<name>`, kube-apiserver's own layout. */
import type { ResourceFacts } from '../lib/schema.ts'
import { keyFor, type ResourceName } from '../protocol/objects.ts'

export const REGISTRY = '/registry/'

/** Prefixes that are not the plural: pkg/kubeapiserver/default_storage_factory_builder.go and each resource's own REST. */
const SPECIAL: Readonly<Record<ResourceName, string>> = {
  nodes: 'minions',
  services: 'services/specs',
  endpoints: 'services/endpoints',
  replicationcontrollers: 'controllers',
  'ingresses.networking.k8s.io': 'ingress',
  'apiservices.apiregistration.k8s.io': 'apiregistration.k8s.io/apiservices',
  'customresourcedefinitions.apiextensions.k8s.io': 'apiextensions.k8s.io/customresourcedefinitions',
}

/** `pods`, `services/specs`, `stable.example.com/crontabs`: only own kinds are kept under their group. */
export const prefixOf = ({ name, plural, group, custom }: ResourceFacts): string =>
  SPECIAL[name] ?? (custom === true ? `${group}/${plural}` : plural)

/** The etcd key of an object; `path` is its key in caches: `namespace/name`, or `name`. */
export const etcdKey = (facts: ResourceFacts, path: string): string => [REGISTRY + prefixOf(facts), path].join('/')

/** Which resource each prefix holds. Of two views of one store (events) the first in the order of discovery. */
export type Prefixes = Readonly<Record<string, ResourceName>>
export const prefixesOf = (resources: readonly ResourceFacts[]): Prefixes =>
  Object.fromEntries(resources.map((facts) => [prefixOf(facts), facts.name] as const).toReversed())

/** What lies under an etcd key; undefined for what is no object of a known resource (`/registry/masterleases/…`). */
export function placeOf(key: string, prefixes: Prefixes): readonly [ResourceName, path: string] | undefined {
  const one = key.indexOf('/', REGISTRY.length)
  if (one < 0) return undefined
  const resource = prefixes[key.slice(REGISTRY.length, one)]
  if (resource !== undefined) return [resource, pathFrom(key, one + 1)]
  const two = key.indexOf('/', one + 1)
  const deeper = two < 0 ? undefined : prefixes[key.slice(REGISTRY.length, two)]
  return deeper === undefined ? undefined : [deeper, pathFrom(key, two + 1)]
}

/** Made anew as caches make their keys, not cut out: in one piece of memory. */
function pathFrom(key: string, start: number): string {
  const slash = key.indexOf('/', start)
  return slash < 0 ? key.slice(start) : keyFor(key.slice(start, slash), key.slice(slash + 1))
}
