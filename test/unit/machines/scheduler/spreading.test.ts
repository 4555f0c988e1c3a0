import { describe, expect, test } from 'vitest'
import type { ApiObject, Service } from '../../../../machines/protocol/objects.ts'
import { podInfoOf } from '../../../../machines/scheduler/pod-info.ts'
import { constraintsOf, counts } from '../../../../machines/scheduler/spreading.ts'
import { Tree } from '../../../../runtime/tree.ts'
import { cacheWith, node, pod } from './cluster.ts'

const service = {
  metadata: { name: 'web', namespace: 'default' },
  spec: { selector: { app: 'web' } },
} as unknown as Service
const owner = (kind: string, spec: object) => [`${kind}/default/own`, { spec } as unknown as ApiObject] as const
const snapshot = {
  ...cacheWith([node('a')]),
  services: Tree.of([['default', Tree.of([['default/web', service]])]]),
  owners: Tree.of([
    owner('replicasets.apps', { selector: { matchLabels: { tier: 'fe' } } }),
    owner('replicationcontrollers', { selector: { tier: 'fe' } }),
  ]),
}
const owned = (apiVersion: string, kind: string) => ({
  ownerReferences: [{ apiVersion, kind, name: 'own', controller: true, uid: 'u' }],
})
const soft = (metadata: object, spec: object = {}) =>
  constraintsOf(
    podInfoOf(pod('p', { metadata: { labels: { app: 'web' }, ...metadata }, spec } as object)),
    'ScheduleAnyway',
    snapshot,
  )

describe('spread constraints', () => {
  test('by default pods of a service are spread over nodes and zones', () => {
    expect(soft({}).map(({ topologyKey, maxSkew }) => [topologyKey, maxSkew])).toEqual([
      ['kubernetes.io/hostname', 3],
      ['topology.kubernetes.io/zone', 5],
    ])
    expect(soft({ labels: { app: 'other' } })).toEqual([])
  })
  test('and by their controller', () => {
    const required = [{ key: 'tier', operator: 'In', values: ['fe'] }]
    expect(soft(owned('apps/v1', 'ReplicaSet'))[0]?.selector).toMatchObject({
      matchLabels: { app: 'web' },
      matchExpressions: required,
    })
    expect(soft(owned('v1', 'ReplicationController'))[0]?.selector).toEqual({ matchLabels: { app: 'web', tier: 'fe' } })
    expect(soft(owned('batch/v1', 'Job'))[0]?.selector).toEqual({ matchLabels: { app: 'web' } })
  })
  test('constraints of its own, of whatever kind, replace the default ones', () => {
    const hard = {
      maxSkew: 1,
      topologyKey: 'zone',
      whenUnsatisfiable: 'DoNotSchedule',
      labelSelector: {},
      matchLabelKeys: ['app', 'x'],
    }
    const spec = { topologySpreadConstraints: [hard] }
    expect(soft({}, spec)).toEqual([])
    const info = podInfoOf(pod('p', { metadata: { labels: { app: 'web' } }, spec } as object))
    expect(constraintsOf(info, 'DoNotSchedule', snapshot)).toMatchObject([
      {
        minDomains: 1,
        honorsAffinity: true,
        honorsTaints: false,
        selector: { matchExpressions: [{ key: 'app', values: ['web'] }] },
      },
    ])
  })
  test('a node counts or not by its labels and taints, as the policies say', () => {
    const constraint = {
      maxSkew: 1,
      topologyKey: 'zone',
      selector: {},
      minDomains: 1,
      honorsAffinity: true,
      honorsTaints: true,
    }
    const tainted = { ...node('a'), spec: { taints: [{ key: 'x', effect: 'NoSchedule' }] } }
    expect(counts(constraint, pod('p'), node('a'))).toBe(true)
    expect(counts(constraint, pod('p'), tainted)).toBe(false)
    expect(counts({ ...constraint, honorsTaints: false }, pod('p'), tainted)).toBe(true)
    expect(counts(constraint, pod('p', { spec: { nodeSelector: { disk: 'ssd' } } }), node('a'))).toBe(false)
  })
})
