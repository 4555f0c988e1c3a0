import { describe, expect, test } from 'vitest'
import { createCluster } from '../../../../../machines/cluster/create.ts'
import { difference, essenceOf } from '../../../../../machines/cluster/examination/essence.ts'
import type { ApiObject } from '../../../../../machines/protocol/objects.ts'

const map = (metadata: ApiObject['metadata'], data: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata,
  data,
})
/** Long after it was switched on: what every namespace has is there. */
const base = createCluster({ nodes: 0 })
base.run('1m')
const after = (seconds: number, ...objects: readonly ApiObject[]) => {
  const cluster = base.fork()
  cluster.run(seconds * 1_000)
  cluster.apply(objects)
  return essenceOf(cluster, ['kubectl.kubernetes.io/last-applied-configuration'])
}
const A = map({ name: 'a' }, { at: '2026-01-01T00:00:00Z', colour: 'blue' })

describe('the essence of a cluster', () => {
  test('is the same whenever things were made, and has nothing of leases and events', () => {
    expect(difference(after(1, A), after(60, A))).toEqual([])
    expect(after(1, A).join()).toContain('"colour":"blue"')
    expect(after(1).filter((text) => /"kind":"(Lease|Event)"/.test(text))).toEqual([])
  })

  test('knows who belongs to whom, by what they are called', () => {
    const cluster = base.fork()
    cluster.apply(A)
    const uid = cluster.object('cm', 'a')?.metadata.uid
    const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'a', uid }
    cluster.apply(map({ name: 'b', ownerReferences: [owner] } as never))
    expect(essenceOf(cluster).join()).toContain('"uid":"uid of ConfigMap a"')
    const without = ['ownerReferences', 'kubectl.kubernetes.io/last-applied-configuration']
    expect(essenceOf(cluster, without).join()).not.toContain('ownerReferences')
  })

  test('differs in what is more, less or other, said by field', () => {
    const other = map({ name: 'a' }, { at: '2026-01-01T00:00:00Z', colour: 'red' })
    expect(difference(after(1, other), after(1, A))).toEqual(['ConfigMap default/a.data.colour is "red", not "blue"'])
    expect(difference(after(1, A), after(1))).toEqual(['there is ConfigMap default/a'])
    expect(difference(after(1), after(1, A))).toEqual(['missing is ConfigMap default/a'])
  })

  test('calls what was named at random by what it was named after, and has conditions in one order', () => {
    const one = map({ name: 'x-1234', generateName: 'x-' }, { self: 'x-1234', volume: 'kube-api-access-ab1cd' })
    const two = map({ name: 'x-9876', generateName: 'x-' }, { self: 'x-9876', volume: 'kube-api-access-zz9zz' })
    expect(difference(after(1, one), after(1, two))).toEqual([])
  })
})
