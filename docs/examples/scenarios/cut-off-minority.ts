/**
 * One etcd member of three is cut off from the others while things are deleted. Its API server goes on showing what is
 * gone; but what was deleted stays deleted, and nobody makes it anew from an old list.
 */
import { type Cluster, type Pod, scenario } from '../../../machines/index.ts'
import { web } from './web.ts'

const NOTES = Array.from({ length: 12 }, (_, i) => `note-${i + 1}`)
const CUT_OFF = 'cp-3'

export const cutOffMinority = scenario(
  'an etcd minority is cut off during deletes',
  { nodes: 2, controlPlanes: 3 },
  ({ cluster, kubectl, faults, apply, patiently, run, runUntil, always, eventually, sometimes }) => {
    const gone = new Set<string>()
    // In bad weather the answer may be lost and the deletion not.
    const remove = (resource: string, name: string): void =>
      patiently(() => {
        try {
          kubectl.delete(`${resource}/${name}`)
        } catch (error) {
          if (cluster.object(resource, name) !== undefined) throw error
        }
      })

    apply(web({ replicas: 3, image: 'nginx:1.27' }))
    apply(NOTES.map((name) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' } })))
    runUntil((c) => c.deployment('web').available, { within: '10m' })
    always('what was deleted stays deleted', () => [...gone].every((name) => cluster.object('cm', name) === undefined))
    sometimes('the member that is cut off is behind', () => revisionOf(cluster, CUT_OFF) < cluster.revision - 5)
    eventually('all that was deleted is gone, and the shop window is empty', () => {
      const isEmpty = cluster.get<Pod>('pods').length === 0 && cluster.get('replicasets').length === 0
      return isEmpty && NOTES.every((name) => cluster.object('cm', name) === undefined)
    })
    eventually('all members have the same', () => revisionOf(cluster, CUT_OFF) >= cluster.revision - 2)

    faults.cut('cp-1', CUT_OFF)
    faults.cut('cp-2', CUT_OFF)
    for (const name of NOTES) {
      remove('cm', name)
      gone.add(name)
      run('700ms')
    }
    remove('deployment', 'web')
    run('20s')
    faults.heal('cp-1', CUT_OFF)
    faults.heal('cp-2', CUT_OFF)
    run('30s')
  },
)

const revisionOf = (cluster: Cluster, host: string): number =>
  (
    cluster.world.snapshot(`etcd/${host}`)?.context as
      | { readonly replica: { readonly store: { readonly revision: number } } }
      | undefined
  )?.replica.store.revision ?? 0
