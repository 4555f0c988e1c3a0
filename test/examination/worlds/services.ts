/** Endpoints and EndpointSlices: a service and the pods that come and go behind it. */
import type { Cluster } from '../../../machines/cluster/cluster.ts'
import type { ApiObject, EndpointSlice } from '../../../machines/protocol/objects.ts'
import { changes, deletes, local, makes, node, pod } from '../objects.ts'
import type { World } from '../worlds.ts'

const LABELS = { app: 'web' }
const onNode = { metadata: { labels: LABELS }, spec: { nodeName: 'node-1', containers: [{ name: 'c', image: 'i' }] } }
const service = local('v1', 'Service', 'web', { spec: { selector: LABELS, ports: [{ name: 'http', port: 80 }] } })
const behind = (name: string, ip: string) => pod(name, ip, onNode)

const world = (addresses: (cluster: Cluster) => readonly string[]): World => ({
  given: [node('node-1'), behind('a', '10.244.0.1'), behind('b', '10.244.0.2')],
  acts: [
    makes('services', service),
    changes({ resource: 'pods', name: 'b' }, { metadata: { labels: { app: 'other' } } }),
    changes({ resource: 'services', name: 'web' }, { spec: { ports: [{ name: 'http', port: 8080 }] } }),
    changes({ resource: 'pods', name: 'b' }, { metadata: { labels: LABELS } }),
    deletes({ resource: 'pods', name: 'a' }, undefined, { gracePeriodSeconds: 0 }),
    makes('services', { ...service, metadata: { name: 'brief', namespace: 'default' } }),
    deletes({ resource: 'services', name: 'brief' }),
  ],
  // Set when a pod's change is the cause, taken away by a later write of the service's own.
  free: ['endpoints.kubernetes.io/last-change-trigger-time'],
  wanted: 'the service leads to the one pod that is left, at its new port',
  holds: (cluster) => addresses(cluster).join() === '10.244.0.2:8080',
})

const subsetsOf = (object: ApiObject | undefined) =>
  (
    object as {
      readonly subsets?: readonly { addresses?: readonly { ip: string }[]; ports?: readonly { port: number }[] }[]
    }
  )?.subsets ?? []

export const endpoints = world((cluster) =>
  subsetsOf(cluster.object('endpoints', 'web')).flatMap(({ addresses = [], ports = [] }) =>
    addresses.flatMap(({ ip }) => ports.map(({ port }) => `${ip}:${port}`)),
  ),
)

/** Slices of a service that is gone are left to the garbage collector. */
const slices = world((cluster) =>
  cluster
    .get<EndpointSlice>('endpointslices', 'default')
    .filter(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === 'web')
    .flatMap(({ endpoints: all, ports = [] }) =>
      (all ?? []).flatMap(({ addresses }) => ports.map(({ port }) => `${addresses[0]}:${port}`)),
    ),
)
export const endpointslice: World = { ...slices, companions: ['garbage-collector'] }

const SUBSET = { ports: [{ name: 'db', port: 5432 }] }
const outside = (name: string, ip: string) =>
  local('v1', 'Endpoints', name, { subsets: [{ ...SUBSET, addresses: [{ ip }] }] })
const withoutSelector = (name: string) =>
  local('v1', 'Service', name, { spec: { ports: [{ name: 'db', port: 5432 }] } })

/** Endpoints that a user wrote, of Services that select nothing. */
export const endpointsliceMirroring: World = {
  given: [outside('db', '192.0.2.1'), withoutSelector('late')],
  acts: [
    makes('services', withoutSelector('db')),
    makes('endpoints', outside('late', '192.0.2.9')),
    changes({ resource: 'endpoints', name: 'db' }, { subsets: [{ ...SUBSET, addresses: [{ ip: '192.0.2.2' }] }] }),
    changes({ resource: 'services', name: 'late' }, { spec: { selector: LABELS } }),
    makes('services', withoutSelector('brief')),
    makes('endpoints', outside('brief', '192.0.2.8')),
    deletes({ resource: 'endpoints', name: 'brief' }),
  ],
  // Not sent again with a slice that is written again.
  free: ['generateName', 'endpoints.kubernetes.io/last-change-trigger-time'],
  wanted: 'the slice of the one Service that still selects nothing leads to where its Endpoints lead now',
  holds: (cluster) =>
    cluster
      .get<EndpointSlice>('endpointslices', 'default')
      .filter(({ metadata }) => metadata.labels?.['endpointslice.kubernetes.io/managed-by']?.includes('mirroring'))
      .flatMap(({ endpoints: all, metadata }) =>
        (all ?? []).map(({ addresses }) => `${metadata.labels?.['kubernetes.io/service-name']} ${addresses.join()}`),
      )
      .join() === 'db 192.0.2.2',
}
