/** The garbage collector, and what every namespace has. */
import type { Cluster } from '../../../machines/cluster/cluster.ts'
import type { ApiObject, Secret } from '../../../machines/protocol/objects.ts'
import { CLUSTER, deletes, local, makes, object, podsRun } from '../objects.ts'
import type { World } from '../worlds.ts'

const map = (name: string, rest: object = {}, namespace = 'default'): ApiObject =>
  object('v1', 'ConfigMap', name, { ...rest, metadata: { namespace, ...(rest as { metadata?: object }).metadata } })
const owned = (...owners: readonly string[]) => ({
  metadata: {
    ownerReferences: owners.map((name) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      name,
      uid: `uid of ConfigMap ${name}`,
    })),
  },
})
const MAP = { resource: 'configmaps' }
const maps = (cluster: Cluster): string =>
  cluster
    .get('configmaps', 'default')
    .map(({ metadata: { name, ownerReferences = [] } }) => `${name}<${ownerReferences.map((each) => each.name).join()}`)
    .join(' ')
const without = (name: string) => (cluster: Cluster) => cluster.object('configmaps', name) === undefined

const blocked = (name: string) => ({
  metadata: {
    ownerReferences: [
      { apiVersion: 'v1', kind: 'ConfigMap', name, uid: `uid of ConfigMap ${name}`, blockOwnerDeletion: true },
    ],
  },
})

export const garbageCollector: World = {
  given: [
    ...['back', 'fore', 'orphaned', 'other'].map((name) => map(name)),
    map('back-1', owned('back')),
    map('back-2', owned('back-1')),
    map('both', owned('back', 'other')),
    map('fore-1', blocked('fore')),
    map('left', owned('orphaned')),
    local('v1', 'Pod', 'pod', { ...owned('fore'), spec: { containers: [{ name: 'c', image: 'i' }] } }),
  ],
  acts: [
    deletes({ ...MAP, name: 'back' }, undefined, { propagationPolicy: 'Background' }),
    deletes({ ...MAP, name: 'fore' }, undefined, { propagationPolicy: 'Foreground' }),
    deletes({ ...MAP, name: 'orphaned' }, without('fore'), { propagationPolicy: 'Orphan' }),
  ],
  hands: [podsRun],
  wanted: 'what has no owner left is gone, the orphan is alone, and who has another owner stays',
  holds: (cluster) => maps(cluster) === 'both<other left< other<' && cluster.get('pods').length === 0,
}

export const namespace: World = {
  given: [
    object('v1', 'Namespace', 'shop'),
    map('a', {}, 'shop'),
    map('b', {}, 'shop'),
    object('v1', 'Namespace', 'stays'),
  ],
  acts: [deletes({ ...CLUSTER, resource: 'namespaces', name: 'shop' })],
  hands: [podsRun],
  wanted: 'the namespace is gone with all that was in it',
  holds: (cluster) =>
    cluster.object('namespaces', 'shop') === undefined && cluster.get('configmaps', 'shop').length === 0,
}

const everywhere = (resource: string, name: string) => (cluster: Cluster) =>
  cluster.get('namespaces').every(({ metadata }) => cluster.object(resource, name, metadata.name) !== undefined)
const inEvery = (resource: string, name: string, wanted: string): World => ({
  acts: [
    makes('namespaces', object('v1', 'Namespace', 'shop')),
    deletes({ resource, name }, everywhere(resource, name)),
    makes('namespaces', object('v1', 'Namespace', 'brief')),
  ],
  wanted,
  holds: everywhere(resource, name),
})
export const serviceAccount = inEvery('serviceaccounts', 'default', 'every namespace has its account')
export const rootCa = inEvery('configmaps', 'kube-root-ca.crt', 'every namespace has the certificate')

const TOKEN = 'kubernetes.io/service-account-token'
const account = (name: string) => local('v1', 'ServiceAccount', name)
const tokenOf = (name: string) =>
  local('v1', 'Secret', `${name}-token`, {
    metadata: { annotations: { 'kubernetes.io/service-account.name': name } },
    type: TOKEN,
  })
const isFilledIn = (name: string) => (cluster: Cluster) =>
  cluster.object<Secret>('secrets', `${name}-token`)?.data?.['token'] !== undefined

export const serviceAccountToken: World = {
  given: [account('stays'), account('goes'), account('brief')],
  acts: [
    makes('secrets', tokenOf('stays')),
    makes('secrets', tokenOf('goes')),
    deletes({ resource: 'serviceaccounts', name: 'goes' }, isFilledIn('goes')),
    makes('secrets', tokenOf('brief')),
    deletes({ resource: 'serviceaccounts', name: 'brief' }),
  ],
  // It names uids, which are drawn.
  free: ['token'],
  wanted: 'the account that is left has its token, and no Secret is left of the others',
  holds: (cluster) =>
    isFilledIn('stays')(cluster) &&
    cluster.get<Secret>('secrets', 'default').filter(({ type }) => type === TOKEN).length === 1,
}
