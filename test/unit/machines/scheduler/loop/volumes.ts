/** What a pod asks of volumes. */
import { describe, expect, test } from 'vitest'
import { node, pod } from '../cluster.ts'
import { events, inputOf, knowing } from './start.ts'

export default (): void => {
  describe('volumes', () => {
    const claim = (name: string, more: object = {}) => ({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name, namespace: 'default', uid: name, resourceVersion: '5' },
      spec: { storageClassName: 'late', resources: { requests: { storage: '1Gi' } } },
      ...more,
    })
    const late = {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'late' },
      provisioner: 'csi.example.com',
      volumeBindingMode: 'WaitForFirstConsumer',
    }
    const user = pod('web', {
      spec: { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] },
    } as object)
    const storage = { persistentvolumeclaims: [claim('data')], 'storageclasses.storage.k8s.io': [late] }

    test('are told the node, and count as bound there from then on', () => {
      const chart = knowing([node('node-1')], [user], {}, storage).after('scheduling attempt')
      expect(inputOf(chart)).toMatchObject({
        bindTimeoutMs: 600_000,
        writes: {
          volumes: [],
          claims: [{ metadata: { annotations: { 'volume.kubernetes.io/selected-node': 'node-1' } } }],
        },
      })
      expect(chart.context.cache.storage.assumed.claims.keys()).toEqual(['default/data'])
      const given = chart.on({ type: 'binding.finished', key: 'default/web', uid: 'uid-web', bound: false })
      expect(given.context.cache.storage.assumed.claims.size).toBe(0)
    })
    test('are looked up for the binding cycle that waits for them', () => {
      const chart = knowing([node('node-1')], [user], {}, storage)
      const wanted = {
        type: 'volumes.wanted',
        key: 'default/web',
        node: 'node-1',
        volumes: [],
        claims: ['default/data'],
      }
      const answer = (event: object) =>
        chart.on(event as never, { from: 'binding-cycle/cp/default/web', call: 7 }).did('answer')[0]
      expect(answer(wanted)).toMatchObject({
        to: 'binding-cycle/cp/default/web',
        call: 7,
        event: {
          type: 'volumes.told',
          claims: [{ metadata: { name: 'data' } }],
          podIsThere: true,
          node: { name: 'node-1' },
        },
      })
      expect(answer({ ...wanted, node: 'x', key: 'default/x' })?.event).toMatchObject({
        podIsThere: false,
        node: undefined,
      })
    })
    test('that are not understood fail the attempt', () => {
      const { volumeBindingMode: _, ...odd } = late
      const known = { ...storage, 'storageclasses.storage.k8s.io': [odd] }
      expect(events(knowing([node('node-1')], [user], {}, known).after('scheduling attempt'))).toEqual([
        'running PreFilter plugin "VolumeBinding": VolumeBindingMode not set for StorageClass "late"',
      ])
    })
    test('of others that belong to nobody fail it, too', () => {
      const volumes = [{ name: 'x', ephemeral: {} }]
      const other = pod('other', { spec: { nodeName: 'node-1', volumes } } as object)
      const known = {
        ...storage,
        persistentvolumeclaims: [claim('data'), claim('other-x')],
        'csinodes.storage.k8s.io': [
          { metadata: { name: 'node-1' }, spec: { drivers: [{ name: 'csi.example.com', allocatable: { count: 1 } }] } },
        ],
      }
      const chart = knowing([node('node-1')], [other, user], {}, known).after('scheduling attempt')
      expect(events(chart)).toEqual([
        'running "NodeVolumeLimits" filter plugin: PVC default/other-x was not created for pod default/other (pod is not owner)',
      ])
      expect(chart.context.queue.pods.get('default/web')?.lane).toBe('backingOff')
    })
  })
}
