import { describe, expect, test } from 'vitest'
import { createCluster } from '../../../../machines/cluster/create.ts'
import { newestIn, nodesIn, restorable, unrolled } from '../../../../machines/cluster/dump.ts'
import { BadOptions, completed } from '../../../../machines/cluster/options.ts'
import v132 from '../../../../machines/profiles/v1.32/index.ts'
import type { ApiObject, Node, Pod } from '../../../../machines/protocol/objects.ts'

const AT = 1_767_225_600_000
const node = (name: string, cpu: string, more: object = {}) =>
  ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      uid: `uid-${name}`,
      resourceVersion: '77',
      creationTimestamp: '2026-03-01T00:00:00Z',
      managedFields: [],
    },
    spec: { podCIDR: '10.9.0.0/24', ...more },
    status: {
      capacity: { cpu: '8', memory: '32Gi', pods: '58', 'example.com/gpu': '2' },
      allocatable: { cpu, memory: '30Gi', pods: '58', 'example.com/gpu': '2' },
    },
  }) as unknown as ApiObject
const requests = (cpu: string) => ({ containers: [{ name: 'c', image: 'nginx', resources: { requests: { cpu } } }] })
const pod = (name: string, spec: object, metadata: object = {}) =>
  ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop', ...metadata }, spec }) as unknown as ApiObject
const orphan = { ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'gone', uid: 'gone' }] }
const taints = [{ key: 'dedicated', value: 'db', effect: 'NoSchedule' }]
const DUMP = [
  node('ip-10-0-0-1.internal', '3920m'),
  node('ip-10-0-0-2.internal', '7', { taints }),
  pod('web', { nodeName: 'ip-10-0-0-1.internal', ...requests('2') }, { uid: 'uid-web', ...orphan }),
  pod('waiting', requests('3')),
  pod('db', { ...requests('3'), tolerations: [{ operator: 'Exists' }] }),
]

describe('a dump', () => {
  test('is known by its nodes, in lists too', () => {
    const list = { apiVersion: 'v1', kind: 'List', metadata: {}, items: DUMP } as unknown as ApiObject
    expect([...nodesIn([list]).keys()]).toEqual(['ip-10-0-0-1.internal', 'ip-10-0-0-2.internal'])
    expect([unrolled([list]).length, nodesIn(DUMP.slice(2)).size]).toEqual([5, 0])
    expect([newestIn(DUMP), newestIn([])]).toEqual([Date.parse('2026-03-01T00:00:00Z'), undefined])
  })
  test('keeps who they are, not what only their old cluster knew', () => {
    const restored = restorable(DUMP, v132, AT)
    expect(restored.map(({ key }) => key)).toEqual([
      '/registry/namespaces/shop',
      '/registry/minions/ip-10-0-0-1.internal',
      '/registry/minions/ip-10-0-0-2.internal',
      '/registry/pods/shop/web',
      '/registry/pods/shop/waiting',
      '/registry/pods/shop/db',
    ])
    const [, first, , web, waiting] = restored.map(({ value }) => value)
    expect(first?.metadata).toEqual({
      name: 'ip-10-0-0-1.internal',
      uid: 'uid-ip-10-0-0-1.internal',
      creationTimestamp: '2026-03-01T00:00:00Z',
    })
    expect((first as Node).spec?.podCIDR).toBeUndefined()
    expect([web?.metadata.uid, web?.metadata.ownerReferences]).toEqual(['uid-web', undefined])
    expect(waiting?.metadata.uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/)
    expect((waiting as Pod).status?.phase).toBe('Pending')
    expect((waiting as Pod).spec.restartPolicy).toBe('Always')
  })
  test('keeps owners that are there', () => {
    const owner = { apiVersion: 'v1', kind: 'Pod', name: 'web', uid: 'uid-web' }
    const [owned] = restorable([...DUMP, pod('x', requests('1'), { ownerReferences: [owner] })], v132, AT).slice(-1)
    expect(owned?.value.metadata.ownerReferences).toEqual([owner])
  })
  test('leaves out what every cluster makes of its own, and kinds that nobody serves', () => {
    const others = [
      { apiVersion: 'v1', kind: 'Event', metadata: { name: 'e', namespace: 'default' } },
      { apiVersion: 'v1', kind: 'Service', metadata: { name: 'kubernetes' } },
      { apiVersion: 'example.com/v1', kind: 'Lighthouse', metadata: { name: 'x', namespace: 'default' } },
    ]
    expect(restorable(others, v132, AT).map(({ key }) => key)).toEqual(['/registry/namespaces/default'])
  })
  test('may not name a node as another machine of the cluster', () => {
    expect(() => completed({ objects: [node('cp-1', '1')] })).toThrow(
      new BadOptions('objects: the node "cp-1" has the name of another machine here'),
    )
  })
})

describe('a cluster that begins with a dump', () => {
  const cluster = createCluster({ objects: DUMP })
  cluster.run('40s')
  const placeOf = (name: string) => cluster.pod(name, 'shop').object?.spec.nodeName

  test('has its nodes, as large as they were', () => {
    const nodes = cluster.get<Node>('nodes')
    expect(nodes.map(({ metadata }) => metadata.name)).toEqual(['ip-10-0-0-1.internal', 'ip-10-0-0-2.internal'])
    expect(nodes.map(({ status }) => (status?.allocatable as { cpu?: string }).cpu)).toEqual(['3920m', '7'])
    expect(nodes[1]?.spec?.taints).toEqual(taints)
  })
  test('runs its pods where they ran', () => {
    expect([placeOf('web'), cluster.pod('web', 'shop').ready]).toEqual(['ip-10-0-0-1.internal', true])
  })
  test('goes on from there', () => {
    expect([placeOf('db'), placeOf('waiting')]).toEqual(['ip-10-0-0-2.internal', undefined])
    expect(cluster.explain('shop/pod/waiting').message).toMatch(
      /^0\/2 nodes are available: 1 Insufficient cpu, 1 node\(s\) had untolerated taint \{dedicated: db\}\./,
    )
    expect(cluster.world.clock('cp-1')).toBeGreaterThan(Date.parse('2026-03-01T00:00:00Z'))
  })
})
